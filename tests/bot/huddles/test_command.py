"""What people type after `/huddle`, and what the coach understands of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.huddles.command import HuddleLine, account_key, read_huddle_words, sort_words

# Monday 23 November 2026, 09:00 in London.
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PLAYS = {
    "first meeting": "first-meeting",
    "discovery": "discovery",
    "group demo": "group-demo",
    "demo": "demo",
    "negotiation": "negotiation",
    "account review": "account-review",
}
FORTY_FIVE, HOUR = timedelta(minutes=45), timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def read(text: str, zone: str = "Europe/London", now: datetime = NOW) -> HuddleLine:
    return read_huddle_words(text, now, zone, PLAYS)


THREE = at(23, 15)
CLEAR = [
    ("acme 15:00", HuddleLine("acme", starts=THREE)),
    ("acme 15:00 <@U2>", HuddleLine("acme", starts=THREE, people=("U2",))),
    ("acme 3pm <@U2|sam>", HuddleLine("acme", starts=THREE, people=("U2",))),
    ("acme 3 pm <@U2> <@W3|Jo Lee>", HuddleLine("acme", starts=THREE, people=("U2", "W3"))),
    ("acme 3PM <@U2>,<@U3>", HuddleLine("acme", starts=THREE, people=("U2", "U3"))),
    (
        "acme 15.00 with <@U2>, <@U3> and <@U2>",
        HuddleLine("acme", starts=THREE, people=("U2", "U3")),
    ),
    ("acme <@U2> 15:00 <@U3>", HuddleLine("acme", starts=THREE, people=("U2", "U3"))),
    ("<@U2> acme 15:00", HuddleLine("acme", starts=THREE, people=("U2",))),
    ("acme 15:00 45m", HuddleLine("acme", starts=THREE, length=FORTY_FIVE)),
    ("acme 45m 15:00", HuddleLine("acme", starts=THREE, length=FORTY_FIVE)),
    ("acme at 3pm for 45 min", HuddleLine("acme", starts=THREE, length=FORTY_FIVE)),
    ("acme, 15:00, 45m", HuddleLine("acme", starts=THREE, length=FORTY_FIVE)),
    ("acme - 15:00", HuddleLine("acme", starts=THREE)),
    ("acme 15:00 1h", HuddleLine("acme", starts=THREE, length=HOUR)),
    ("acme 15:00 1h30", HuddleLine("acme", starts=THREE, length=timedelta(minutes=90))),
    ("acme 15:00 1h 30m", HuddleLine("acme", starts=THREE, length=timedelta(minutes=90))),
    ("acme 15:00 90 min", HuddleLine("acme", starts=THREE, length=timedelta(minutes=90))),
    ("acme 15:00 1.5 hours", HuddleLine("acme", starts=THREE, length=timedelta(minutes=90))),
    ("acme 15:00 half an hour", HuddleLine("acme", starts=THREE, length=timedelta(minutes=30))),
    ("acme now", HuddleLine("acme", starts=NOW)),
    ("acme in 20m", HuddleLine("acme", starts=at(23, 9, 20))),
    ("acme in 2 hours", HuddleLine("acme", starts=at(23, 11))),
    ("acme in an hour 45m", HuddleLine("acme", starts=at(23, 10), length=FORTY_FIVE)),
    ("acme 30m in 2 hours", HuddleLine("acme", starts=at(23, 11), length=timedelta(minutes=30))),
    ("acme today 3pm", HuddleLine("acme", starts=THREE)),
    ("acme tomorrow 9:30", HuddleLine("acme", starts=at(24, 9, 30))),
    ("acme tomorrow at 9:30", HuddleLine("acme", starts=at(24, 9, 30))),
    ("acme 9:30 tomorrow", HuddleLine("acme", starts=at(24, 9, 30))),
    ("acme tomorrow noon", HuddleLine("acme", starts=at(24, 12))),
    ("acme fri 10:00", HuddleLine("acme", starts=at(27, 10))),
    ("acme on Friday at 10:00 am", HuddleLine("acme", starts=at(27, 10))),
    ("acme 10:00 on Friday", HuddleLine("acme", starts=at(27, 10))),
    ("acme next monday 10:00", HuddleLine("acme", starts=at(30, 10))),
    ("acme mon 10:00", HuddleLine("acme", starts=at(23, 10))),
    ("acme 2026-12-01 10:00", HuddleLine("acme", starts=at(1, 10, month=12))),
    ("acme 1 Dec 10:00", HuddleLine("acme", starts=at(1, 10, month=12))),
    ("acme 1.12. 10:00", HuddleLine("acme", starts=at(1, 10, month=12))),
    ("acme 10:00 1.12.2026", HuddleLine("acme", starts=at(1, 10, month=12))),
    ("'Bob's Burgers' 15:00", HuddleLine("Bob's Burgers", starts=THREE)),
    ("Fitness 24/7 15:00", HuddleLine("Fitness 24/7", starts=THREE)),
    ("acme Dec 1st, 10:00", HuddleLine("acme", starts=at(1, 10, month=12))),
    ("acme in 3 days 10:00", HuddleLine("acme", starts=at(26, 10))),
    ("acme discovery 15:00", HuddleLine("acme", "discovery", THREE)),
    ("acme Group Demo 15:00", HuddleLine("acme", "group-demo", THREE)),
    ("acme group-demo 15:00", HuddleLine("acme", "group-demo", THREE)),
    ("acme 15:00 discovery", HuddleLine("acme", "discovery", THREE)),
    ("acme demo", HuddleLine("acme", "demo")),
    (
        "Acme GmbH & Co account review tomorrow 9:30 1h <@U2>",
        HuddleLine("Acme GmbH & Co", "account-review", at(24, 9, 30), HOUR, ("U2",)),
    ),
    ("Marks &amp; Demo", HuddleLine("Marks &", "demo")),
    ("Group 1", HuddleLine("Group 1")),
    ("Group 1 15:00", HuddleLine("Group 1", starts=THREE)),
    ("3M", HuddleLine("3M")),
    ("Acme 3M 15:00", HuddleLine("Acme 3M", starts=THREE)),
    ('Acme "25:99" 15:00', HuddleLine("Acme 25:99", starts=THREE)),
    ("24:7 Media 15:00", HuddleLine("24:7 Media", starts=THREE)),
    ("3M 15:00 45m", HuddleLine("3M", starts=THREE, length=FORTY_FIVE)),
    ("Fri Ltd", HuddleLine("Fri Ltd")),
    ("Fri Ltd fri 10:00", HuddleLine("Fri Ltd", starts=at(27, 10))),
    ("Now Foods", HuddleLine("Now Foods")),
    ("Now Foods now", HuddleLine("Now Foods", starts=NOW)),
    ("Discovery Inc", HuddleLine("Discovery Inc")),
    ("Discovery Inc discovery 3pm", HuddleLine("Discovery Inc", "discovery", THREE)),
    ("9 Elms 9:30", HuddleLine("9 Elms", starts=at(23, 9, 30))),
    ('"Ruby Tuesday" 15:00', HuddleLine("Ruby Tuesday", starts=THREE)),
    ("“Discovery” discovery 15:00", HuddleLine("Discovery", "discovery", THREE)),
    ("„Fri 10:00“ 15:00", HuddleLine("Fri 10:00", starts=THREE)),
    ("'Bank Now' 15:00", HuddleLine("Bank Now", starts=THREE)),
    ("‘Bank Now’", HuddleLine("Bank Now")),
    ('"45m"', HuddleLine("45m")),
    ("McDonald's 15:00", HuddleLine("McDonald's", starts=THREE)),
    ('5" Pipes 15:00', HuddleLine('5" Pipes', starts=THREE)),
    ("AT&amp;T 15:00", HuddleLine("AT&T", starts=THREE)),
    ("<http://acme.com|acme.com> 15:00", HuddleLine("acme.com", starts=THREE)),
    ("  acme\u00a0 \t15:00\n", HuddleLine("acme", starts=THREE)),
    ("<@U2>", HuddleLine("", people=("U2",))),
    ("", HuddleLine("")),
]


@pytest.mark.parametrize(("text", "asked"), CLEAR, ids=[text or "nothing" for text, _ in CLEAR])
def test_the_command_line_is_read_as_it_was_meant(text: str, asked: HuddleLine) -> None:
    assert read(text) == asked


DOUBTFUL = [
    ("acme 8:00", at(24, 8), "8:00 has passed today. I put tomorrow; change it if that is wrong."),
    ("acme today 8am", at(24, 8), "8:00 has passed today. I put tomorrow; change it"),
    ("acme mon 8:00", at(30, 8), "8:00 has passed today. I put Mon 30 Nov; change it"),
    ("acme 2026-11-20 10:00", at(20, 10), "Fri 20 Nov 10:00 has passed. Change it"),
    ("acme 2026-11-23 08:00", at(23, 8), "8:00 has passed today. Change it"),
    ("acme tomorrow 2:30", at(24, 2, 30), "2:30 is at night. Write 2:30pm if you meant"),
    ("acme next fri 10:00", at(27, 10), "I took “next fri” for Fri 27 Nov."),
    ("acme 1 jul 10:00", at(1, 9, month=7, year=2027), "Thu 1 Jul 2027 is more than half a year"),
    ("acme 28 mar 1:30", at(28, 1, month=3, year=2027), "skip 1:30 that day. I put 2:00."),
    ("acme 2027-10-31 1:15 am", at(31, 0, 15, 10, 2027), "1:15 comes twice that day. I put the"),
    ("acme in 1h 30m", at(23, 10), "I took “in 1h” for the start and “30m” for the length"),
    ("acme tomorrow", None, "I left “tomorrow” in the account."),
    ("acme tomorrow 9", None, "I left “tomorrow 9” in the account."),
    ("acme 11/27 15:00", None, "I can't be sure which day 11/27 is."),
    ("acme 15:00 3/12/26", None, "I can't be sure which day 3/12/26 is."),
    ("acme 14:00 15:00", THREE, "I left “14:00” in the account."),
    ("Group demo 15:00", THREE, "I left “Group demo” in the account."),
    ("acme blurb 25:99", None, "25:99 is no time that I know."),
    ("acme 25:99 blurb 15:00", THREE, "25:99 is no time that I know."),
    ("acme 13pm 1h", None, "13pm is no time that I know."),
    ("acme 15:00 900min", THREE, "900min is no length that I know: from 5 minutes to 12 hours."),
    ("acme 15:00 @sam", THREE, "I know nobody called @sam."),
    ("acme 15:00 with @sam and @kim", THREE, "I know nobody called @kim."),
    ("acme 15:00 <!subteam^S1|@sales>", THREE, "@sales is not a person."),
    ("acme 15:00 <!here>", THREE, "@here is not a person."),
    ("acme 15:00 <#C1|deals>", THREE, "#deals is not a person."),
]


@pytest.mark.parametrize(("text", "starts", "doubt"), DOUBTFUL, ids=[text for text, *_ in DOUBTFUL])
def test_what_is_doubtful_is_said_and_the_likely_reading_kept(
    text: str, starts: datetime | None, doubt: str
) -> None:
    asked = read(text)
    assert asked.starts == starts
    assert any(doubt in said for said in asked.doubts), asked.doubts
    assert asked.people == ()


def test_times_are_the_reps_own_and_the_minute_that_runs_has_not_passed() -> None:
    late = NOW + timedelta(seconds=40)
    assert read("acme 15:00", "America/New_York").starts == at(23, 20)
    assert read("acme 1:00 am", "Asia/Tokyo").starts == at(23, 16)  # tomorrow there
    assert read("acme 9:00", now=late) == HuddleLine("acme", starts=NOW)
    assert read("acme tomorrow 9:00", "Pacific/Auckland").starts == at(23, 20)


@pytest.mark.parametrize(
    "name",
    ["Acme", "ACME", " acme ", "Acme.", "ａｃｍｅ", "acme\u200b", "Acme,", "“Acme"[1:], "acme!"],
)
def test_an_account_in_another_spelling_is_the_same_account(name: str) -> None:
    assert account_key(name) == account_key("acme")


def test_accounts_that_differ_stay_apart() -> None:
    names = ["C", "C++", "C#", "Acme", "Acme 2", "Acme Inc", "3M", "M3", "!!!", "..."]
    assert len({account_key(name) for name in names}) == len(names)
    assert account_key("McDonald’s  Co.") == account_key("mcdonald's co")
    assert account_key("Coca–Cola") == account_key("COCA-COLA")
    assert account_key("STRASSE") == account_key("Straße")


# Laws

plain_words = st.sampled_from(
    ["Acme", "Team", "1", "3M", "Ltd", "AT&amp;T", "Foods", "O'Neill", "é"]
)
some_parts = st.fixed_dictionaries(
    {
        "account": st.lists(plain_words, min_size=1, max_size=4),
        "play": st.sampled_from(["", *PLAYS]),
        "start": st.sampled_from(["", "15:00", "in 20m", "now", "fri 10:00", "9:30 tomorrow"]),
        "length": st.sampled_from(["", "45m", "1h", "1h30", "90 min"]),
        "people": st.sampled_from(["", "<@U1>", "<@U1|sam> <@U2>"]),
    }
)
pieces = st.sampled_from(
    [
        *(
            "Acme",
            "fri",
            "now",
            "in",
            "at",
            "next",
            "15:00",
            "3pm",
            "3",
            "pm",
            "45m",
            "1h",
            "30",
            "m",
            "25:99",
            "13h",
        ),
        *(
            "group",
            "demo",
            "discovery",
            "@sam",
            "and",
            "with",
            "tomorrow",
            "1",
            "Dec",
            "an",
            "hour",
        ),
    ]
)
marks = st.sampled_from(
    ["<@U1>", "<@U1|sam>", "<!here>", "<#C1|x>", "<", ">", '"', "“", "”", "'", ","]
)
loose_text = st.lists(pieces | marks | st.text(max_size=6)).map(" ".join) | st.text(max_size=60)
zones = st.sampled_from(["Europe/Berlin", "America/New_York", "America/Nuuk", "Asia/Kolkata"])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(loose_text, moments, zones)
def test_no_text_whatever_upsets_the_reader(text: str, now: datetime, zone: str) -> None:
    asked = read(text, zone, now)
    nobody_else = not re.sub(r"<[@#!][^<>]*>,?", " ", text).strip()
    assert bool(asked.account) != nobody_else
    assert asked.starts is None or asked.starts.utcoffset() == timedelta(0)
    assert asked.starts is None or asked.starts >= now - timedelta(minutes=1) or asked.doubts


@given(st.lists(pieces, min_size=1, max_size=12))
def test_each_word_typed_ends_in_exactly_one_part(words: list[str]) -> None:
    parts = sort_words(" ".join(words), date(2026, 11, 23), PLAYS)
    kept = [*parts.account, *" ".join(parts.phrases.values()).split(), *parts.names]
    kept += parts.unread
    assert sorted(kept) == sorted(words)
    assert list(parts.account) == words[: len(parts.account)]


@given(some_parts, st.booleans())
def test_what_was_put_together_is_taken_apart_again(parts: dict, length_first: bool) -> None:
    times = [parts["start"], parts["length"]]
    if length_first:
        times.reverse()
    words = [*parts["account"], parts["play"], *times, parts["people"]]
    asked = read(" ".join(word for word in words if word))
    assert asked.account == " ".join(parts["account"]).replace("&amp;", "&")
    assert asked.play == PLAYS.get(parts["play"])
    assert (asked.starts is None) == (not parts["start"])
    assert (asked.length is None) == (not parts["length"])
    assert len(asked.people) == parts["people"].count("<@")


@given(st.text(max_size=30))
def test_the_key_of_an_account_is_a_spelling_of_it(name: str) -> None:
    assert account_key(account_key(name)) == account_key(name)
    assert account_key(name) == account_key(f"  {name}\t")
