"""One daily tip for each local date, in every zone, whatever its clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from bot.clock.local_time import local_instant
from tests.soak import Verdict

TIMES = [time(half // 2, half % 2 * 30) for half in range(48)]
DAY = timedelta(days=1)
FIRST = date(2026, 1, 1)
LOOK_H = 12  # hours between two looks at a zone's offset: no zone changes it and back so soon


def dates(folder: Path, years: int) -> Verdict:
    """Every date of `years`, at 48 times, in every zone.

    On days around a change of offset all 48 moments are worked out. On other days the offset is
    the same for three days, so that one moment, worked out too, gives the others. Zones under
    several names are worked out once and counted for each name.
    """
    days = [FIRST + n * DAY for n in range((date(FIRST.year + years, 1, 1) - FIRST).days)]
    names = sorted(available_timezones())
    known: dict[bytes, tuple[int, int]] = {}
    counted = worked_out = wrong = 0
    for name in names:
        offsets = _offsets(name, days)
        signature = repr(offsets).encode()
        if signature not in known:
            known[signature] = _walk(name, days, offsets)
            worked_out += known[signature][0]
        wrong += known[signature][1]
        counted += len(days) * len(TIMES)
    return Verdict(
        "one daily tip for each local date",
        {"zones": len(names), "times": len(TIMES), "years": years, "moments": f"{counted:,}"}
        | {"worked out": f"{worked_out:,}"},
        {"dates without, or with two": wrong},
    )


def _offsets(name: str, days: list[date]) -> list[float]:
    """The zone's offset in minutes, every `LOOK_H` hours from two days before to two after."""
    zone = ZoneInfo(name)
    start = datetime.combine(days[0] - 2 * DAY, time(0), UTC).timestamp()
    looks = (len(days) + 4) * 24 // LOOK_H
    told = []
    for n in range(looks):
        offset = datetime.fromtimestamp(start + n * 3600 * LOOK_H, zone).utcoffset()
        assert offset is not None
        told.append(offset.total_seconds() / 60)
    return told


def _walk(name: str, days: list[date], offsets: list[float]) -> tuple[int, int]:
    """How many moments were worked out, and how many of them broke the law.

    Two calm days that follow each other have the same offset, so their moments are a day apart.
    """
    last: dict[time, datetime] = {}
    was_calm = False
    worked_out = wrong = 0
    for n, day in enumerate(days):
        calm, probe = _calm(offsets, n), TIMES[n % len(TIMES)]
        asked = TIMES if calm is None else [probe]
        told = {at: local_instant(day, at, name) for at in asked}
        worked_out += len(told)
        wrong += sum(not _fits(day, at, moment, name, calm) for at, moment in told.items())
        if not (was_calm and calm is not None):
            now = _all(day, calm) if calm is not None else told
            before = last or (_all(days[n - 1], _calm(offsets, n - 1)) if n else {})
            wrong += sum(now[at] <= before[at] for at in before)
        was_calm, last = calm is not None, {} if calm is not None else told
    return worked_out, wrong


def _all(day: date, offset: float | None) -> dict[time, datetime]:
    """The moments of a day whose offset is known."""
    assert offset is not None
    return {at: datetime.combine(day, at, UTC) - timedelta(minutes=offset) for at in TIMES}


def _calm(offsets: list[float], n: int) -> float | None:
    """The offset around the `n`th day, if it is the same from the day before to the day after."""
    a_day = 24 // LOOK_H
    around = offsets[(n + 1) * a_day : (n + 4) * a_day]
    return around[0] if len(set(around)) == 1 else None


def _fits(day: date, at: time, moment: datetime, name: str, calm: float | None) -> bool:
    """It shows the intended date and time; a skipped time may be shown a little later."""
    if calm is not None:
        intended = datetime.combine(day, at, UTC)
        return moment == intended - timedelta(minutes=calm)
    shown = moment.astimezone(ZoneInfo(name)).replace(tzinfo=None)
    intended = datetime.combine(day, at)
    return intended <= shown <= intended + DAY / 4
