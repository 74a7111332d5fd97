"""What a look at a calendar changes of what is kept, whatever was kept and whatever came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.calendars.kept import KeptMeeting, again, compare, is_shrunken
from tests.support.calendars import kept

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
UNTIL = NOW + timedelta(days=14)


def meeting(key: str, hours: int, title: str = "", cancelled: bool = False) -> KeptMeeting:
    starts = NOW + timedelta(hours=hours)
    return kept(title=title or key, starts=starts, key=key, series=key, cancelled=cancelled)


def numbered(meetings: Sequence[KeptMeeting]) -> list[KeptMeeting]:
    return [replace(each, id=n) for n, each in enumerate(meetings, 1)]


def after(old: Sequence[KeptMeeting], news: object) -> list[KeptMeeting]:
    """What is kept once the news was taken."""
    put, gone = news.put, news.gone  # type: ignore[attr-defined]
    changed = {each.id: each for each in put if each.id}
    left = [changed.get(each.id, each) for each in old if each.id not in {g.id for g in gone}]
    return numbered([*left, *(each for each in put if not each.id)])


READ = st.lists(
    st.builds(
        meeting,
        key=st.text("abcdefgh", min_size=1, max_size=2),
        hours=st.integers(-60, 400),
        cancelled=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda each: each.key,
)


@given(READ, READ)
def test_the_same_file_twice_changes_nothing_the_second_time(
    first: list[KeptMeeting], second: list[KeptMeeting]
) -> None:
    old = numbered([each for each in first if not each.cancelled])
    now = after(old, compare(old, second, UNTIL, NOW))
    now = after(now, compare(now, second, UNTIL, NOW))
    last = compare(now, second, UNTIL, NOW)
    assert (list(last.put), list(last.moved), list(last.off)) == ([], [], [])


@given(READ, READ)
def test_nothing_is_off_that_still_stands_or_was_seen_missing_but_once(
    first: list[KeptMeeting], second: list[KeptMeeting]
) -> None:
    old = numbered([each for each in first if not each.cancelled])
    news = compare(old, second, UNTIL, NOW)
    cancelled = {each.key for each in second if each.cancelled}
    titled = {(each.title, each.starts) for each in second if each.cancelled}
    for each in news.off:
        assert each.key in cancelled or (each.title, each.starts) in titled


@given(READ)
def test_other_ids_are_the_same_meetings(first: list[KeptMeeting]) -> None:
    old = numbered([each for each in first if not each.cancelled])
    anew = [replace(each, id=0, key=f"new-{each.key}") for each in old]
    news = compare(old, anew, UNTIL, NOW)
    assert (list(news.moved), list(news.off)) == ([], [])
    assert not is_shrunken(old, anew, NOW)


def test_a_meeting_is_gone_when_it_is_missing_twice() -> None:
    old = numbered([meeting("a", 5), meeting("b", 6)])
    now = after(old, compare(old, [meeting("b", 6)], UNTIL, NOW))
    assert [each.missed for each in now] == [1, 0]
    assert [each.key for each in again(now, NOW).off] == ["a"]
    back = compare(now, [meeting("a", 5), meeting("b", 6)], UNTIL, NOW)
    assert [each.missed for each in after(now, back)] == [0, 0]


def test_a_calendar_shrank_where_more_than_half_is_missing() -> None:
    old = numbered([meeting(key, 5) for key in "abcd"])
    assert is_shrunken(old, [meeting("a", 5)], NOW)
    assert not is_shrunken(old, [meeting("a", 5), meeting("b", 5)], NOW)
    assert is_shrunken(old[:1], [], NOW)
    assert not is_shrunken([], [], NOW)
