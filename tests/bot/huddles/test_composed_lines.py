"""A line made of its parts, in any order: it gives that card, or a form that says why."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.operations.understand import read

NOW = "2027-02-09T09:10"  # a Tuesday
ACCOUNTS = [
    *("Hooli", "acme", "hooli xyz", "Studio 54", "7-Eleven", "3M", "O2", "A24", "Level 3", "No. 7"),
    *("May & Co", "Ben & Jerry’s", "Sun Life", "First Direct", "Capital One", "Five Guys"),
    *("21st Century Fox", "The Hour Glass", "Half Price Books", "Quarterdeck", "Noonday", "Janus"),
    *("Bank of Ireland", "de Volksbank", "El Corte Inglés", "Müller GmbH", "L’Oréal", "AT&T"),
    *("Monday.com", "booking.com", "Acme, Inc.", "red hat", "in-n-out", "Wedgewood", "Septodont"),
]
# What is typed, and what it means; None where it has to be asked about.
DAYS: dict[str, str | None] = {
    "": "09", "tomorrow": "10", "tmrw": "10", "fri": "12", "Friday": "12", "on friday": "12",
    "12 Feb": "12", "Feb 12": "12", "12th feb": "12", "2027-02-12": "12", "thurs": "11",
    "Weds": "10", "the 15th": "15", "Mon 15 Feb": "15", "in 3 days": "12", "25/02": "25",
    "15.2.": "15", "day after tomorrow": "11", "next mon": None, "end of next week": None,
}  # fmt: skip
CLOCKS: dict[str, tuple[str, int] | None] = {
    "15:00": ("15:00", 0), "3pm": ("15:00", 0), "3 pm": ("15:00", 0), "at 3pm": ("15:00", 0),
    "@3pm": ("15:00", 0), "15.30": ("15:30", 0), "1500": ("15:00", 0), "noon": ("12:00", 0),
    "half past 10": ("10:30", 0), "quarter to 4pm": ("15:45", 0), "3 p.m.": ("15:00", 0),
    "14:00-14:30": ("14:00", 30), "2-3pm": ("14:00", 60), "2pm to 2:45pm": ("14:00", 45),
    "from 10:00 to 11:00": ("10:00", 60), "around 3pm": None, "after 3pm": None,
}  # fmt: skip
LENGTHS = {
    "": 45, "30m": 30, "45 min": 45, "1h": 60, "for an hour": 60, "half an hour": 30, "1.5h": 90,
    "for 30": 30, "1h15": 75,
}  # fmt: skip
PEOPLE = {"": [], "<@U2>": ["U2"], "with <@U2>": ["U2"], "w/ <@U2> and <@U3>": ["U2", "U3"]}
ORDERS = ("dclp", "dcpl", "cdlp", "pdcl", "cldp")


class Line(NamedTuple):
    """`card` is what it means; None where a form has to ask."""

    text: str
    card: tuple[Any, ...] | None


@st.composite
def lines(draw: st.DrawFn) -> Line:
    account, day = draw(st.sampled_from(ACCOUNTS)), draw(st.sampled_from(list(DAYS)))
    clock, people = draw(st.sampled_from(list(CLOCKS))), draw(st.sampled_from(list(PEOPLE)))
    at = CLOCKS[clock]
    length = "" if at and at[1] else draw(st.sampled_from(list(LENGTHS)))
    parts = {"d": day, "c": clock, "l": length, "p": people}
    order = [parts[key] for key in draw(st.sampled_from(ORDERS)) if parts[key]]
    order.insert(draw(st.sampled_from([0, 0, 0, 2])), account.replace("&", "&amp;"))
    text = draw(st.sampled_from([" ", " ", "  ", ", ", " - ", "\n"])).join(order)
    if (on := DAYS[day]) is None or at is None:
        return Line(text, None)
    minutes = at[1] or LENGTHS[length]
    return Line(text, (account, f"2027-02-{on}T{at[0]}", minutes, PEOPLE[people]))


@settings(deadline=None, max_examples=400)
@given(line=lines())
def test_parts_in_any_order_give_that_card_or_a_form_that_says_why(line: Line) -> None:
    case = {"line": line.text, "now": NOW, "zone": "Europe/London", "locale": "en-GB"}
    got = read(case)
    if got["result"] == "card":
        assert (got["account"], got["starts"], got["length"], got["people"]) == line.card
    else:
        assert (got["result"], bool(got["why"])) == ("form", True)
