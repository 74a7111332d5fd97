"""What a line after `/huddle` means: a card where it has one reading, else a form that says why."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coach import read_files
from bot.huddles.understanding import Setting, Understanding, understand
from tests.support.paths import ROOT

PLAYS = read_files().plays
# Monday 23 November 2026, 09:00 in London.
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAMES = (ROOT / "tests" / "support" / "company_names.txt").read_text(encoding="utf-8").splitlines()


def read(
    line: str, zone: str = "Europe/London", locale: str = "en-GB", now: datetime = NOW,
    known: tuple[str, ...] = (),
) -> Understanding:  # fmt: skip
    return understand(line, Setting(now, zone, locale, PLAYS, known))


def at(said: Understanding, zone: str = "Europe/London") -> str:
    return said.starts.astimezone(ZoneInfo(zone)).strftime("%d %H:%M") if said.starts else ""


def minutes(said: Understanding) -> int | None:
    return int(said.length.total_seconds()) // 60 if said.length else None


CARDS = [
    ("globex 15:00", "globex", "23 15:00", None),
    ("globex 4 p.m.", "globex", "23 16:00", None),
    ("globex 4p", "globex", "23 16:00", None),
    ("globex half past 4pm", "globex", "23 16:30", None),
    ("globex quarter to 5pm", "globex", "23 16:45", None),
    ("globex tomorrow at 10", "globex", "24 10:00", None),
    ("globex tmrw 10:30", "globex", "24 10:30", None),
    ("globex wensday 11:00", "globex", "25 11:00", None),
    ("globex 26th 11:00", "globex", "26 11:00", None),
    ("globex 27.11 11:00", "globex", "27 11:00", None),
    ("globex 27-Nov 11:00", "globex", "27 11:00", None),
    ("globex 2026/11/27 11:00", "globex", "27 11:00", None),
    ("globex tomorrow morning 10:00", "globex", "24 10:00", None),
    ("globex tomorrow afternoon at 3", "globex", "24 15:00", None),
    ("globex 1630", "globex", "23 16:30", None),
    ("globex 15h", "globex", "23 15:00", None),
    ("globex 14:00 - 15:30", "globex", "23 14:00", 90),
    ("globex 2pm to 3pm", "globex", "23 14:00", 60),
    ("globex 11-1pm", "globex", "23 11:00", 120),
    ("globex 15:00 for 25", "globex", "23 15:00", 25),
    ("globex 15:00 (20m)", "globex", "23 15:00", 20),
    ("globex 15:00 1h15", "globex", "23 15:00", 75),
    ("globex 15:00 an hour and a half", "globex", "23 15:00", 90),
    ("globex in 90m", "globex", "23 10:30", None),
    ("globex 20 minutes from now", "globex", "23 09:20", None),
    ("globex now", "globex", "23 09:00", None),
    ("globex, 15:00, 45m", "globex", "23 15:00", 45),
    ("globex (15:00)!", "globex", "23 15:00", None),
    ("ｇlobex １５：００".replace("ｇ", "g"), "globex", "23 15:00", None),
    ("\ufeffglobex\u00a015:00\u200e", "globex", "23 15:00", None),
    ("tue 10:00 globex", "globex", "24 10:00", None),
    ("meeting with globex 15:00", "globex", "23 15:00", None),
    ("globex 15:00 thanks", "globex", "23 15:00", None),
    ("Marks &amp; Co 15:00", "Marks & Co", "23 15:00", None),
    ("<http://globex.com|globex.com> 15:00", "globex.com", "23 15:00", None),
    ("'Bob's Burgers' 15:00", "Bob's Burgers", "23 15:00", None),
    ("Sunday Monday Labs 15:00", "Sunday Monday Labs", "23 15:00", None),
    ("globex 15:00 friday 27 november 2026", "globex", "27 15:00", None),
    ("globex 2026-11-27T15:00", "globex", "27 15:00", None),
    ("“Fri 10:00” 15:00", "Fri 10:00", "23 15:00", None),
]


@pytest.mark.parametrize(("line", "account", "when", "length"), CARDS, ids=[c[0] for c in CARDS])
def test_a_line_with_one_reading_is_a_card(
    line: str, account: str, when: str, length: int | None
) -> None:
    said = read(line)
    assert (said.result, said.account, at(said), minutes(said)) == ("card", account, when, length)
    assert said.why == ()


FORMS = [
    ("globex 3:30", "globex", "23 15:30", "“3:30” may be 3:30 or 15:30. I put 15:30."),
    ("globex at 4", "globex", "23 16:00", "may be 4:00 or 16:00"),
    ("globex tomorrow 12am", "globex", "24 00:00", "just after midnight"),
    ("globex around 4pm", "globex", "23 16:00", "“around 4pm” is not exact."),
    ("globex after 4pm", "globex", "23 16:00", "no exact start"),
    ("globex asap", "globex", "", "“asap” is no exact time."),
    ("globex 4/5 10:00", "globex", "", "I can't be sure which day 4/5 is."),
    ("globex 31 nov 10:00", "globex", "", "There is no such day as “31 nov”."),
    ("globex next thu 10:00", "globex", "26 10:00", "I took “next thu” for Thu 26 Nov."),
    ("globex next week thu 10:00", "globex", "03 10:00", "I took “next week thu”"),
    ("globex fri", "globex", "", "I read “fri” as Fri 27 Nov. Pick the time."),
    ("globex tue or wed 10:00", "globex", "", "I can't tell which you mean."),
    ("globex 10:00 11:00", "globex", "", "I can't tell which you mean."),
    ("globex yesterday 10:00", "globex", "", "“yesterday” has passed."),
    ("globex every monday 10:00", "globex", "", "sounds like every week"),
    ("globex 8:00", "globex", "24 08:00", "8:00 has passed today. I put tomorrow"),
    ("globex 4pm CET", "globex", "23 15:00", "I put “CET” into your own time."),
    ("globex 10am their time", "globex", "", "I don't know the zone “their time”."),
    ("globex between 2pm and 3pm", "globex", "23 14:00", "leaves the start open"),
    ("globex 2-3", "globex", "23 14:00", "I read “2-3” as 14:00 to 15:00."),
    (
        "globex 15:00 with kim and lee",
        "globex",
        "23 15:00",
        "I could not place “with kim and lee”.",
    ),
    ("globex with kim 15:00", "globex", "23 15:00", "I can't tell who “kim” is."),
    ("globex 15:00 @kim", "globex", "23 15:00", "I know nobody called @kim."),
    ("globex 15:00 <!subteam^S1|@sales>", "globex", "23 15:00", "@sales is not a person."),
    ("globex 15:00 team", "globex", "23 15:00", "I could not place “team”."),
    ("Black Friday 10:00", "Black Friday", "23 10:00", "may be the day or a part of the name"),
    ("Low Budget 10:00", "Low Budget", "23 10:00", "may be the play or a part of the name"),
    ("globex kickoff 10:00", "globex kickoff", "23 10:00", "I left “kickoff” in the account."),
    ("globex morgen 10:00", "globex morgen", "23 10:00", "I left “morgen” in the account."),
    ("remind me of globex 10:00", "remind me of globex", "23 10:00", "I left “remind”"),
    ("globex 25. Dez 10:00", "globex 25. Dez", "23 10:00", "I left “25.” in the account."),
    ("globex vs acme 10:00", "globex vs acme", "23 10:00", "I left “vs” in the account."),
    ("globex 2nd call 10:00", "globex 2nd", "23 10:00", "I left “2nd” in the account."),
    ("globex 25:99", "globex", "", "25:99 is no time that I know."),
    ("globex 15:00 900min", "globex", "23 15:00", "“900min”"),
    ("globex +44 20 7946 0958 15:00", "globex", "23 15:00", "+44 20 7946 0958"),
    ("globex in 1h 30m", "globex", "23 10:00", "not for one span"),
    ("globex 2027-03-28 01:30", "globex", "28 02:00", "skip 1:30 that day. I put 2:00."),
    ("globex 15:00 1:30", "globex", "", "I can't tell which you mean."),
    ("globex 1 jul 10:00", "globex", "01 10:00", "more than half a year away"),
    ("status", "status", "", "a word of another command"),
    ("15:00", "", "23 15:00", "Type the account's name."),
    ("globex", "globex", "", "Pick the day and the time."),
    ("", "", "", "Pick the day and the time."),
]


@pytest.mark.parametrize(("line", "account", "when", "why"), FORMS, ids=[f[0] for f in FORMS])
def test_doubt_opens_the_form_filled_and_says_why(
    line: str, account: str, when: str, why: str
) -> None:
    said = read(line)
    assert (said.result, said.account, at(said)) == ("form", account, when)
    assert why in " ".join(said.why)


OWN_WORDS = [
    ("globex morgen 15 Uhr", "de-DE", "24 15:00"),
    ("globex Di 10:00", "de-DE", "24 10:00"),
    ("globex mit <@U2> 15:00", "de-DE", "23 15:00"),
    ("globex demain à 15h30", "fr-FR", "24 15:30"),
    ("globex 3 déc 10:00", "fr-FR", "03 10:00"),
    ("globex el jueves a las 16:00", "es-ES", "26 16:00"),
    ("globex amanhã às 15h", "pt-BR", "24 15:00"),
    ("globex domani alle 15:00", "it-IT", "24 15:00"),
    ("globex i morgon kl 15", "sv-SE", "24 15:00"),
    ("globex 明日15:00", "ja-JP", "24 15:00"),
]


@pytest.mark.parametrize(("line", "locale", "when"), OWN_WORDS)
def test_the_reps_own_language_is_read(line: str, locale: str, when: str) -> None:
    said = read(line, "Europe/Berlin", locale, NOW - timedelta(hours=1))
    assert (said.result, said.account, at(said, "Europe/Berlin")) == ("card", "globex", when)


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("globex 15:00 <@U2|kim> <@W3>", ("U2", "W3")),
        ("globex with <@U2> 15:00", ("U2",)),
        ("globex 15:00 with <@U2>, <@U3>, and <@U4>", ("U2", "U3", "U4")),
        ("<@U2> and <@U3> for globex 15:00", ("U2", "U3")),
        ("globex 15:00 w/ <@U2>", ("U2",)),
    ],
)
def test_people_are_found_wherever_they_stand(line: str, people: tuple[str, ...]) -> None:
    said = read(line)
    assert (said.result, said.account, said.people) == ("card", "globex", people)


@pytest.mark.parametrize(
    ("line", "result", "account", "when"),
    [
        ("move globex to 4pm", "change", "globex", "23 16:00"),
        ("globex moved to fri 10:00", "change", "globex", "27 10:00"),
        ("move globex from 3pm to 4pm", "change", "globex", "23 16:00"),
        ("globex not 15:00 but 16:00", "change", "globex", "23 16:00"),
        ("push globex by 30m", "change", "globex", ""),
        ("cancel globex", "cancel", "globex", ""),
        ("globex is cancelled", "cancel", "globex", ""),
        ("add <@U2> to globex", "change", "globex", ""),
        ("Move Inc 15:00", "card", "Move Inc", "23 15:00"),
        ("Help Scout 15:00", "card", "Help Scout", "23 15:00"),
        ("help", "usage", "", ""),
        ("?", "usage", "", ""),
        ("list", "list", "", ""),
        ('"help" 15:00', "card", "help", "23 15:00"),
    ],
)
def test_commands_in_words(line: str, result: str, account: str, when: str) -> None:
    said = read(line)
    assert (said.result, said.account, at(said)) == (result, account, when)


@pytest.mark.parametrize(
    ("line", "play", "account"),
    [
        ("globex discovery 15:00", "discovery", "globex"),
        ("globex 15:00 - renewal", "account-review", "globex"),
        ("discovery with globex 15:00", "discovery", "globex"),
        ("Discovery Inc group demo 15:00", "group-demo", "Discovery Inc"),
        ("Free Trial Co 15:00", None, "Free Trial Co"),
    ],
)
def test_a_play_is_told_from_a_name(line: str, play: str | None, account: str) -> None:
    said = read(line)
    assert (said.result, said.play, said.account) == ("card", play, account)


def test_a_goal_goes_into_its_own_field() -> None:
    said = read("globex 15:00 goal: they name the budget by fri 10:00")
    assert (said.result, said.goal) == ("card", "they name the budget by fri 10:00")


KNOWN = [
    ("Ruby Tuesday 14:00", ("Ruby Tuesday",), "card", "Ruby Tuesday", ""),
    ("google cloud tomorrow 14:00", ("Google Cloud",), "card", "Google Cloud", ""),
    ("globex corp 14:00", ("Globex Corporation",), "form", "Globex Corporation",
     "Globex Corporation, or a new account?"),
    ("glob 14:00", ("Globex", "Globus"), "form", "glob", "Globex, Globus, or a new account?"),
    ("globx 14:00", ("Globex",), "form", "Globex", "Globex, or a new account?"),
    ("globex labs 14:00", ("Globex",), "form", "globex labs", "Globex, or a new account?"),
    ("“globex labs” 14:00", ("Globex",), "card", "globex labs", ""),
    ("Group 2 14:00", ("Group 1",), "card", "Group 2", ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "known", "result", "account", "why"), KNOWN)
def test_known_names_win_and_similar_ones_are_asked_about(
    line: str, known: tuple[str, ...], result: str, account: str, why: str
) -> None:
    said = read(line, known=known)
    assert (said.result, said.account) == (result, account)
    assert why in " ".join(said.why)


# Laws

FIELDS = ("10:00", "tomorrow 9am 30m", "fri 3pm <@U2|kim>", "27 Nov 14:30 1h")


@given(st.sampled_from(NAMES), st.sampled_from(FIELDS))
def test_a_company_name_is_never_cut_in_silence(name: str, rest: str) -> None:
    typed = html.escape(name, quote=False)
    said = read(f"{typed} {rest}", "America/New_York", "en-US")
    assert said.account == name or said.result != "card"


@given(st.sampled_from(NAMES), st.sampled_from(FIELDS))
def test_a_known_name_stays_whole_whatever_it_looks_like(name: str, rest: str) -> None:
    typed = html.escape(name, quote=False)
    said = read(f"{typed} {rest}", "America/New_York", "en-US", known=(name,))
    assert (said.result, said.account) == ("card", name), said.why


PIECES = """
    globex Globex fri Friday now in at next 15:00 3pm 3 pm 45m 1h 30 m 25:99 13h group demo @sam and
    with tomorrow 1 Dec an hour move to cancel not but from until or - ( ) , + # é 明日 27.11 4/5
    CET
    their time goal: morgen <@U1> <!here> <#C1|x> “ ” ' price call team half
    past
"""
pieces = st.sampled_from(PIECES.split())
lines = st.lists(pieces | st.text(max_size=5), max_size=14).map(" ".join) | st.text(max_size=60)
zones = st.sampled_from(["Europe/Berlin", "America/New_York", "America/Nuuk", "Asia/Kolkata"])
locales = st.sampled_from(["en-US", "en-GB", "de-DE", "fr-FR", "ja-JP", "xx", ""])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(lines, moments, zones, locales)
def test_no_text_upsets_it_and_every_form_says_why(
    line: str, now: datetime, zone: str, locale: str
) -> None:
    said = read(line, zone, locale, now)
    assert (said.result == "card") == (not said.why)
    assert all(said.why)
    if said.result == "card":
        assert said.account
        assert said.starts is None or said.starts >= now - timedelta(minutes=1)


words = st.lists(pieces.filter(lambda each: each.isalnum()), min_size=1, max_size=8)


@given(words)
def test_no_word_is_lost_in_a_card(typed: list[str]) -> None:
    said = read(" ".join(["Initech", *typed, "15:00"]))
    if said.result != "card":
        return
    spoken = {"15:00", "now", "at", "in", "call", "and", "with", "an", "from", "to", "until", "or"}
    timely = {
        "fri",
        "Friday",
        "tomorrow",
        "1",
        "3",
        "30",
        "45m",
        "1h",
        "Dec",
        "hour",
        "half",
        "past",
    }
    known = {*spoken, *timely, "pm", "3pm", "m", "13h", "group", "demo", "price", "next", "明日"}
    assert {each for each in typed if each not in known} <= set(said.account.split())
