"""Which meetings are with customers: told with a reason, or asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars.customers import Choice, Known, Verdict, sort_out
from bot.calendars.meeting import Attendee, Meeting

AT = datetime(2026, 3, 16, 9, tzinfo=UTC)
OURS = frozenset({"ours.example"})
MIA = "mia@ours.example"


def meeting(title: str, *addresses: str, series: str = "s") -> Meeting:
    people = tuple(Attendee(address) for address in addresses)
    return Meeting(series, series, title, AT, AT + timedelta(minutes=45), people)


# Three meetings from which one's own address and domain can be told.
USUAL = tuple(meeting("Team", MIA, f"{n}@ours.example", series=f"usual {n}") for n in "abc")


def verdict(one: Meeting, *accounts: str, choices: dict[str, Choice] | None = None) -> Verdict:
    return sort_out([one, *USUAL], Known(accounts, choices or {}, OURS))[0]


def test_somebody_from_outside_makes_it_a_customers_meeting() -> None:
    assert verdict(meeting("Demo", MIA, "jo@acme.example")) == (
        "customer", "", "people of acme.example are invited",
    )  # fmt: skip


def test_colleagues_alone_are_no_customers_even_where_the_title_names_one() -> None:
    for title in ("Acme prep", "Acme and Globex"):
        prep = meeting(title, MIA, "lee@eu.ours.example")
        assert verdict(prep, "Acme", "Globex").kind == "none"


@pytest.mark.parametrize(
    "change, why",
    [
        ({"cancelled": True}, "it is cancelled"),
        ({"all_day": True}, "it takes whole days"),
        ({"busy": False}, "it is marked as free"),
        ({"away": True}, "you are away then"),
        ({"attendees": (Attendee(MIA, answer="declined"),)}, "you declined it"),
    ],
)
def test_what_is_no_call_says_why(change: dict[str, object], why: str) -> None:
    one = replace(meeting("Acme", MIA, "jo@acme.example"), **change)  # type: ignore[arg-type]
    assert verdict(one, "Acme", choices={"s": Choice(True, "Acme")}) == ("none", "", why)


def test_that_a_customer_declined_is_not_that_you_did() -> None:
    people = (Attendee(MIA), Attendee("jo@acme.example", answer="declined"))
    assert verdict(replace(meeting("Demo"), attendees=people)).kind == "customer"


@pytest.mark.parametrize(
    "address, name",
    [
        ("c_188@resource.calendar.google.com", "Room 1"),
        ("fred@fireflies.ai", "Fred"),
        ("bot-7@vendor.example", "Mia's Notetaker"),
        ("note.taker@vendor.example", ""),
        ("lee@ours.onmicrosoft.com", "Lee"),
    ],
)
def test_rooms_and_what_takes_notes_are_nobody_and_a_tenants_name_is_ones_own(
    address: str, name: str
) -> None:
    team = meeting("Team", MIA, "lee@ours.example")
    invited = replace(team, attendees=(*team.attendees, Attendee(address, name)))
    assert verdict(invited) == ("none", "", "everybody invited is of ours.example")
    call = replace(invited, attendees=(*invited.attendees, Attendee("jo@acme.example")))
    assert verdict(call) == ("customer", "", "people of acme.example are invited")


@pytest.mark.parametrize(
    "title, account",
    [
        ("ACME: demo", "Acme"),
        ("Demo for Acme's buyers", "Acme"),
        ("Call with Acme-Europe", "Acme Europe"),
        ("Ａｃｍｅ demo", "Acme"),
        ("アクメとの会議", "アクメ"),
        ("Acmeology", ""),
        ("Demo", ""),
    ],
)
def test_an_account_is_found_in_a_title_as_whole_words(title: str, account: str) -> None:
    found = verdict(meeting(title, MIA, "jo@x.example"), "Acme", "Acme Europe", "アクメ")
    assert (found.kind, found.account) == ("customer", account)


def test_two_accounts_in_a_title_are_asked_about() -> None:
    found = verdict(meeting("Acme / Globex", MIA, "jo@acme.example"), "Acme", "Globex")
    assert found == ("unsure", "", "its title names Acme and Globex")


def test_an_accounts_domain_tells_it_by_its_name_or_by_what_was_said() -> None:
    demo = meeting("Demo", MIA, "jo@mail.acme-labs.co.uk")
    assert verdict(demo, "Acme Labs").account == "Acme Labs"
    said = {"@mail.acme-labs.co.uk": Choice(True, "Globex")}
    assert verdict(demo, "Acme Labs", choices=said).account == "Globex"


def test_what_was_said_of_a_series_or_a_domain_holds() -> None:
    demo = meeting("Acme", MIA, "jo@agency.example")
    assert verdict(demo, "Acme", choices={"s": Choice(False)}) == ("none", "", "you said so")
    said = {"@agency.example": Choice(False)}
    assert verdict(replace(demo, title="Sync"), choices=said).kind == "none"
    both = meeting("Sync", MIA, "jo@agency.example", "kim@acme.example")
    assert verdict(both, choices=said).kind == "customer"


def test_an_address_that_anybody_may_have_is_asked_about() -> None:
    assert verdict(meeting("Coffee", MIA, "jo@gmail.com"), "Gmail").kind == "unsure"


def test_a_calendar_without_people_goes_by_its_titles_and_asks_about_the_rest() -> None:
    found = sort_out([meeting("Acme"), meeting("Busy")], Known(["Acme"], own_domains=OURS))
    assert [(v.kind, v.account) for v in found] == [("customer", "Acme"), ("unsure", "")]


def test_an_entry_for_oneself_is_no_customers_where_others_name_people() -> None:
    assert verdict(meeting("Dentist")) == ("none", "", "nobody else is invited")


def test_ones_own_domain_is_what_most_meetings_share() -> None:
    demo = meeting("Demo", MIA, "jo@acme.example")
    assert [v.kind for v in sort_out([demo, *USUAL], Known())] == ["customer", *["none"] * 3]


def test_a_customer_met_in_every_meeting_is_not_taken_for_ones_own_company() -> None:
    calls = [meeting("Call", "jo@acme.example", series=str(n)) for n in range(4)]
    assert {v.account for v in sort_out(calls, Known(["Acme"]))} == {"Acme"}
    few = [meeting("Call", "jo@acme.example", series=str(n)) for n in range(2)]
    assert {v.kind for v in sort_out(few, Known())} == {"unsure"}
    some = [meeting("Call", f"jo@{n}.example", series=f"other {n}") for n in range(4)]
    assert {v.kind for v in sort_out([*calls[:3], *some], Known())} == {"unsure"}
    both = [meeting("Call", MIA, "jo@acme.example", series=str(n)) for n in range(4)]
    assert {v.kind for v in sort_out(both, Known())} == {"unsure"}


WORDS = st.sampled_from(["Acme", "Globex", "demo", "Busy", "", "&"])
PEOPLE = st.sampled_from([MIA, "lee@ours.example", "jo@acme.example", "x@gmail.com", "no address"])
MEETINGS = st.builds(
    lambda words, people, series: meeting(" ".join(words), *people, series=series),
    st.lists(WORDS, max_size=3),
    st.lists(PEOPLE, max_size=4, unique=True),
    st.text("abc", max_size=1),
)


@given(st.lists(MEETINGS, max_size=8), st.sampled_from([frozenset[str](), OURS]))
def test_each_has_a_reason_and_no_account_is_made_up(
    meetings: list[Meeting], own: frozenset[str]
) -> None:
    found = sort_out(meetings, Known(["Acme", "Globex", "&"], own_domains=own))
    assert len(found) == len(meetings)
    assert all(v.why and v.account in ("", "Acme", "Globex", "&") for v in found)
    assert all(v.kind == "customer" for v in found if v.account)


@pytest.mark.parametrize(
    ("title", "guest", "account"),
    [
        ("Acme demo", "jo@acme.example", "Acme"),
        ("Intro: ACME Labs / us", "jo@mail.acme-labs.co.uk", "ACME Labs"),
        ("Demo", "jo@acme.example", ""),
        ("Acme demo", "jo@gmail.com", ""),
        ("Meet the Googlers", "jo@meet.google.com", ""),
        ("Acmeville demo", "jo@acme.example", ""),
        ("AB sync", "jo@ab.example", ""),  # too short to be more than chance
    ],
)
def test_an_account_that_nobody_named_yet_is_what_title_and_domain_say_alike(
    title: str, guest: str, account: str
) -> None:
    assert verdict(meeting(title, MIA, guest)).account == account


def test_two_companies_in_one_title_are_asked_about() -> None:
    both = meeting("Acme and Globex", MIA, "jo@acme.example", "li@globex.example")
    assert verdict(both).kind == "unsure"


def test_a_known_account_goes_before_what_the_title_says() -> None:
    one = meeting("Acme demo", MIA, "jo@acme.example")
    assert verdict(one, "Acme Corp", choices={"@acme.example": Choice(True, "Acme Corp")}) == (
        "customer", "Acme Corp", "people of acme.example are invited",
    )  # fmt: skip
