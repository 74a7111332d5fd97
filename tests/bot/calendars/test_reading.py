"""Calendars as programs really export them: each way of going wrong, in files of our own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars._ics import read
from bot.calendars.meeting import Meeting, NotACalendar, Reading
from bot.calendars.reading import Bounds, read_apart

SINCE, UNTIL = datetime(2026, 3, 16, tzinfo=UTC), datetime(2026, 4, 13, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")

# A zone with a name that the database has for something else, and one that Exchange gives to many.
EASTERN = """\
BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16011104T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010311T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE
"""
TOKYO = """\
BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
END:STANDARD
END:VTIMEZONE
"""


def event(*lines: str, uid: str = "a", title: str = "Acme") -> str:
    return "\n".join(("BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", *lines, "END:VEVENT", ""))


def ics(*parts: str) -> bytes:
    text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:ours\n" + "".join(parts) + "END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def reading(*parts: str, zone: str = "Europe/London") -> Reading:
    return read(ics(*parts), SINCE, UNTIL, zone)


def times(found: Reading) -> list[str]:
    return [f"{m.starts:%d.%m. %H:%M}" for m in found.meetings]


def only(found: Reading) -> Meeting:
    (meeting,) = found.meetings
    return meeting


WEEKLY = event(
    "DTSTART;TZID=Europe/Berlin:20260316T100000",
    "DTEND;TZID=Europe/Berlin:20260316T110000",
    "RRULE:FREQ=WEEKLY",
)


# When it is ------------------------------------------------------------------------------------


def test_a_series_keeps_its_local_time_over_a_clock_change() -> None:
    assert times(reading(WEEKLY)) == [
        "16.03. 09:00",
        "23.03. 09:00",
        "30.03. 08:00",
        "06.04. 08:00",
    ]


@pytest.mark.parametrize(
    "tzid", ["W. Europe Standard Time", '"W. Europe Standard Time"',
             "/mozilla.org/20050126_1/Europe/Berlin", "/Europe/Berlin"],
)  # fmt: skip
def test_a_zone_is_known_by_windows_or_mozillas_name(tzid: str) -> None:
    found = only(reading(event(f"DTSTART;TZID={tzid}:20260401T100000")))
    assert (f"{found.starts:%H:%M}", found.zone_unsure) == ("08:00", False)


@pytest.mark.parametrize(
    "start", ["DTSTART;TZID=Nowhere/Special:20260401T100000", "DTSTART:20260401T100000",
              'DTSTART;TZID="(UTC+01:00) Amsterdam, Berlin":20260401T100000',
              "DTSTART;TZID=(UTC+01:00) Amsterdam, Berlin:20260401T100000",
              "DTSTART;TZID=tzone://Microsoft/Custom:20260401T100000"],
)  # fmt: skip
def test_a_time_whose_zone_nobody_knows_is_the_reps_and_says_so(start: str) -> None:
    found = only(reading(event(start), zone="America/New_York"))
    assert (f"{found.starts:%H:%M}", found.zone_unsure) == ("14:00", True)


def test_microsofts_name_for_utc_is_utc() -> None:
    found = only(reading(event("DTSTART;TZID=tzone://Microsoft/Utc:20260401T100000")))
    assert (f"{found.starts:%H:%M}", found.zone_unsure) == ("10:00", False)


def test_a_floating_time_is_in_the_calendars_zone_where_it_names_one() -> None:
    found = only(reading("X-WR-TIMEZONE:Asia/Kolkata\n", event("DTSTART:20260401T100000")))
    assert (f"{found.starts:%H:%M}", found.zone_unsure) == ("04:30", False)


def test_a_series_in_utc_stays_in_utc_whatever_zone_the_calendar_has() -> None:
    found = reading(
        "X-WR-TIMEZONE:Europe/Berlin\n", event("DTSTART:20260316T090000Z", "RRULE:FREQ=WEEKLY")
    )
    assert {at[-5:] for at in times(found)} == {"09:00"}


def test_a_zone_of_the_files_own_is_taken_by_what_the_file_says_of_it() -> None:
    """The database has an EST without a summer time."""
    east = event("DTSTART;TZID=EST:20260401T100000")
    assert times(reading(EASTERN.format(name="EST"), east)) == ["01.04. 14:00"]


def test_two_files_that_define_one_name_differently_are_both_right() -> None:
    odd = event("DTSTART;TZID=Customized Time Zone:20260401T100000")
    assert times(reading(EASTERN.format(name="Customized Time Zone"), odd)) == ["01.04. 14:00"]
    assert times(reading(TOKYO, odd)) == ["01.04. 01:00"]
    assert times(reading(EASTERN.format(name="Customized Time Zone"), odd)) == ["01.04. 14:00"]


def test_an_event_of_whole_days_begins_and_ends_at_the_reps_midnight() -> None:
    found = only(reading(event("DTSTART;VALUE=DATE:20260401", "DTEND;VALUE=DATE:20260403",
                               "X-MICROSOFT-CDO-BUSYSTATUS:OOF")))  # fmt: skip
    assert found.all_day
    assert found.away
    assert found.starts == datetime(2026, 3, 31, 23, tzinfo=UTC)
    assert found.ends - found.starts == timedelta(days=2)


@pytest.mark.parametrize(
    "end", ["DTEND:20260401T100000Z", "DTEND:20260401T090000Z", "DTEND:20270401T110000Z",
            "DURATION:PT0S", ""],
)  # fmt: skip
def test_a_call_without_a_sensible_end_takes_the_usual_time(end: str) -> None:
    found = only(reading(event("DTSTART:20260401T100000Z", *filter(None, [end]))))
    assert (f"{found.starts:%H:%M}", found.ends - found.starts) == ("10:00", timedelta(minutes=30))


def test_a_length_is_as_good_as_an_end() -> None:
    found = only(reading(event("DTSTART:20260401T100000Z", "DURATION:PT45M")))
    assert found.ends - found.starts == timedelta(minutes=45)


# Which one it is --------------------------------------------------------------------------------


def test_a_single_meeting_that_is_moved_stays_the_same_one() -> None:
    before = only(reading(event("DTSTART:20260401T100000Z")))
    after = only(reading(event("DTSTART:20260402T150000Z", "SEQUENCE:1")))
    assert before.key == after.key
    assert before.starts != after.starts


def test_an_occurrence_that_is_moved_stays_the_same_one() -> None:
    moved = event("RECURRENCE-ID;TZID=Europe/Berlin:20260323T100000", "DTSTART:20260324T140000Z")
    before, after = reading(WEEKLY), reading(WEEKLY, moved)
    assert [m.key for m in before.meetings] == [m.key for m in after.meetings]
    assert times(after) == ["16.03. 09:00", "24.03. 14:00", "30.03. 08:00", "06.04. 08:00"]


def test_a_change_from_here_on_keeps_each_occurrence_apart() -> None:
    onwards = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260323T100000",
        "DTSTART;TZID=Europe/Berlin:20260324T140000", "DTEND;TZID=Europe/Berlin:20260324T143000",
        title="Acme, later",
    )  # fmt: skip
    before, after = reading(WEEKLY), reading(WEEKLY, onwards)
    assert [m.key for m in before.meetings] == [m.key for m in after.meetings]
    assert times(after) == ["16.03. 09:00", "24.03. 13:00", "31.03. 12:00", "07.04. 12:00"]
    assert [m.title for m in after.meetings] == ["Acme", *["Acme, later"] * 3]


@pytest.mark.parametrize(
    "slot",
    [
        "RECURRENCE-ID;VALUE=DATE:20260323",
        "RECURRENCE-ID:20260323T090000Z",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260323T000000",
    ],
)
def test_a_slot_is_known_by_its_day_its_midnight_or_in_utc(slot: str) -> None:
    found = reading(WEEKLY, event(slot, "DTSTART:20260323T140000Z"))
    assert times(found) == ["16.03. 09:00", "23.03. 14:00", "30.03. 08:00", "06.04. 08:00"]


@pytest.mark.parametrize(
    "out",
    [
        "EXDATE;TZID=Europe/Berlin:20260323T100000",
        "EXDATE:20260323T090000Z",
        "EXDATE;VALUE=DATE:20260323",
    ],
)
def test_what_is_left_out_of_a_series_is_no_meeting_unless_it_was_moved(out: str) -> None:
    series = WEEKLY.replace("RRULE", f"{out}\nRRULE")
    assert times(reading(series)) == ["16.03. 09:00", "30.03. 08:00", "06.04. 08:00"]
    moved = event("RECURRENCE-ID:20260323T090000Z", "DTSTART:20260325T090000Z")
    assert "25.03. 09:00" in times(reading(series, moved))


def test_a_series_that_ends_with_a_date_includes_that_day() -> None:
    found = reading(event("DTSTART;TZID=Europe/Berlin:20260318T100000",
                          "RRULE:FREQ=DAILY;UNTIL=20260320"))  # fmt: skip
    assert times(found) == ["18.03. 09:00", "19.03. 09:00", "20.03. 09:00"]


def test_an_occurrence_moved_in_from_far_away_or_without_its_series_is_found() -> None:
    far = event("RECURRENCE-ID;TZID=Europe/Berlin:20260601T100000", "DTSTART:20260317T120000Z")
    assert "17.03. 12:00" in times(reading(WEEKLY, far))
    assert times(reading(far)) == ["17.03. 12:00"]
    assert reading(far).meetings[0].key in {m.key for m in reading(WEEKLY, far).meetings}


def test_of_two_changes_of_one_slot_the_newer_one_counts() -> None:
    old, new = (
        event("RECURRENCE-ID:20260323T090000Z", f"DTSTART:20260323T{hour}0000Z", f"SEQUENCE:{n}")
        for n, hour in ((1, 12), (2, 15))
    )
    for changes in ((old, new), (new, old)):
        assert "23.03. 15:00" in times(reading(WEEKLY, *changes))
        assert "23.03. 12:00" not in times(reading(WEEKLY, *changes))


def test_events_that_share_a_uid_are_all_there_unless_they_are_versions() -> None:
    first, second = event("DTSTART:20260401T100000Z"), event("DTSTART:20260402T100000Z")
    assert times(reading(first, second)) == ["01.04. 10:00", "02.04. 10:00"]
    newer = event("DTSTART:20260402T100000Z", "SEQUENCE:1")
    assert times(reading(first, newer)) == ["02.04. 10:00"]


def test_an_event_without_a_uid_is_the_same_one_next_time() -> None:
    bare = event("DTSTART:20260401T100000Z").replace("UID:a\n", "")
    assert only(reading(bare)).key == only(reading(bare)).key != ""


# Whether it takes place --------------------------------------------------------------------------


def test_what_is_cancelled_is_told_as_cancelled() -> None:
    assert only(reading(event("DTSTART:20260401T100000Z", "STATUS:CANCELLED"))).cancelled
    assert only(reading(event("DTSTART:20260401T100000Z", title="Canceled: Acme"))).cancelled
    assert only(reading("METHOD:CANCEL\n", event("DTSTART:20260401T100000Z"))).cancelled


def test_two_calendars_in_one_file_are_both_read_and_a_withdrawal_wins() -> None:
    meeting, other = event("DTSTART:20260401T100000Z"), event("DTSTART:20260402T100000Z", uid="b")
    found = read(ics(meeting, other) + ics("METHOD:CANCEL\n", meeting), SINCE, UNTIL, "UTC")
    assert [m.cancelled for m in found.meetings] == [True, False]


def test_who_is_invited_is_read_once_each_and_rooms_are_nobody() -> None:
    found = only(reading(event(
        "DTSTART:20260401T100000Z", "TRANSP:TRANSPARENT",
        "ORGANIZER;CN=Sam:mailto:sam@ours.example",
        "ATTENDEE;CN=Sam;PARTSTAT=ACCEPTED:mailto:SAM@ours.example",
        'ATTENDEE;CN="Lee, Jo";PARTSTAT=DECLINED:MAILTO:jo@acme.example',
        "ATTENDEE;CUTYPE=ROOM;CN=Big Room:mailto:room1@ours.example",
        "ATTENDEE:urn:uuid:1",
    )))  # fmt: skip
    assert [(a.address, a.name, a.declined) for a in found.attendees] == [
        ("sam@ours.example", "Sam", False),
        ("jo@acme.example", "Lee, Jo", True),
    ]
    assert not found.busy


# Files that are not in order ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b"  \r\n", b"<!doctype html><title>Sign in</title>", ics(WEEKLY)[:-20],
             ics(WEEKLY)[: len(ics(WEEKLY)) // 2], b"BEGIN:VCALENDAR", ics(WEEKLY) + b"BEGIN:VC"],
)  # fmt: skip
def test_what_is_no_whole_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(NotACalendar):
        read(data, SINCE, UNTIL, "UTC")


def test_a_byte_order_mark_and_folded_lines_are_no_trouble() -> None:
    data = ics(event("DTSTART:20260401T100000Z", title="Acme and\n  a long name"))
    assert only(read(b"\xef\xbb\xbf" + data, SINCE, UNTIL, "UTC")).title == "Acme and a long name"


@pytest.mark.parametrize(
    "lines", [["DTSTART:2026-04-01"], [], ["DTSTART:20260401T100000Z", "RRULE:FREQ=HOURLY"],
              ["DTSTART:20260401T100000Z", "RRULE:FREQ=DAILY;BYMINUTE=1,2,3"],
              ["DTSTART:20260401T100000Z", "RRULE:FREQ=SOMETIMES"],
              ["DTSTART:20260401T100000Z", "RECURRENCE-ID:nonsense"]],
)  # fmt: skip
def test_an_event_that_cannot_be_read_is_counted_and_costs_no_other(lines: list[str]) -> None:
    found = reading(event(*lines, uid="bad"), event("DTSTART:20260401T120000Z", uid="good"))
    assert (found.unread, times(found)) == (1, ["01.04. 12:00"])


# In a process of its own --------------------------------------------------------------------------


def test_a_calendar_read_apart_says_the_same() -> None:
    odd = event("DTSTART;TZID=Customized Time Zone:20260401T100000", uid="b")
    data = ics(EASTERN.format(name="Customized Time Zone"), WEEKLY, odd)
    assert read_apart(data, SINCE, UNTIL, "UTC") == read(data, SINCE, UNTIL, "UTC")


def test_a_calendar_that_is_none_is_refused_with_a_sentence() -> None:
    with pytest.raises(NotACalendar, match="brings no calendar"):
        read_apart(b"<html>", SINCE, UNTIL, "UTC")


def test_a_calendar_that_takes_too_long_or_too_much_ends_alone() -> None:
    daily = "".join(
        event("DTSTART:19000101T100000Z", "RRULE:FREQ=DAILY", uid=str(n)) for n in range(60)
    )
    with pytest.raises(NotACalendar, match="too long"):
        read_apart(ics(daily), SINCE, UNTIL, "UTC", Bounds(cpu_s=1))
    with pytest.raises(NotACalendar, match="too long"):
        read_apart(ics(WEEKLY), SINCE, UNTIL, "UTC", Bounds(memory=20_000_000))


# Laws ---------------------------------------------------------------------------------------------

minutes = st.integers(0, 60 * 24 * 27)


@given(minutes, st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"]))
def test_any_moved_occurrence_leaves_all_keys_as_they_were(shift: int, zone: str) -> None:
    to = (SINCE + timedelta(minutes=shift)).astimezone(ZoneInfo(zone))
    moved = event("RECURRENCE-ID;TZID=Europe/Berlin:20260330T100000",
                  f"DTSTART;TZID={zone}:{to:%Y%m%dT%H%M%S}")  # fmt: skip
    before, after = reading(WEEKLY), reading(WEEKLY, moved)
    assert {m.key for m in before.meetings} == {m.key for m in after.meetings}
    assert to.astimezone(UTC).replace(fold=0) in {m.starts for m in after.meetings}


@given(st.binary(max_size=300), st.integers(0, 400))
def test_whatever_stands_in_a_file_it_is_read_or_refused(noise: bytes, at: int) -> None:
    data = ics(WEEKLY, event("DTSTART:20260401T120000Z", uid="b"))
    try:
        found = read(data[:at] + noise + data[at:], SINCE, UNTIL, "UTC")
    except NotACalendar:
        return
    assert all(SINCE <= m.starts < UNTIL or m.all_day for m in found.meetings)
