"""Whatever Slack says of a rep, no line of theirs breaks, and none is read in a zone of ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock.local_time import local_day, say_time
from bot.clock.now import HandClock
from bot.coach import Coach
from bot.outbox.command import read_hours
from bot.outbox.manners import RepHours, next_morning
from bot.people.rep import Rep
from bot.people.table import People
from bot.settings import Settings
from handlers.slack.messenger import profile_of
from tests.conftest import FILES

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SAM = Rep("T1", "U1")
LINES = ("Acme 15:00", "Acme tomorrow 9:30", "Acme 12/5 9am", "Acme in 30 minutes", "Acme", "")
anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=30),
    st.lists(st.text(max_size=5), max_size=2), st.dictionaries(st.text(max_size=5), st.none()),
)  # fmt: skip
zones = st.sampled_from(
    [
        "Europe/Berlin",
        "US/Pacific",
        "Asia/Kolkata ",
        "America",
        "Mars/Olympus",
        "",
        "EST",
        "Factory",
    ]
)
locales = st.sampled_from(
    ["de-DE", "xx-YY", "", ".", "../en", "zh-CN", "en.GB", "pt_BR", "__init__"]
)
users = st.fixed_dictionaries(
    {"name": anything},
    optional={
        "tz": zones | anything,
        "tz_offset": st.integers(-13, 15).map(lambda h: h * 3600) | anything,
        "locale": locales | anything,
        "real_name": anything,
        "profile": st.none() | st.fixed_dictionaries({"display_name": anything}),
    },
)


@pytest.fixture(scope="module")
def coach(new_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coach]:
    path = tmp_path_factory.mktemp("any") / "coach.db"
    path.write_bytes(new_db.read_bytes())
    with Coach(Settings(db=path), HandClock(NOW), read=FILES) as coach:
        yield coach


@given(users, st.sampled_from(LINES))
@settings(max_examples=200)
def test_no_profile_breaks_a_line(coach: Coach, user: dict[str, Any], line: str) -> None:
    told = profile_of(user)
    profile = coach.people.profile(SAM, lambda: told, for_sure=True)
    assert profile == told
    coach.store.write(lambda db: People(db).put_profile(SAM, told, NOW))
    kept = People(coach.store.read).profile(SAM)
    assert kept and kept[0].zone == told.zone
    heard = coach.asking.understand(SAM, line, profile, NOW, "C1")
    starts = heard.plan.starts
    if starts and "in 30" not in line:
        assert profile.doubt != "unknown"
        assert heard.ready == (not profile.doubt) or "12/5" in line
    if profile.doubt and starts is None and ":" in line:
        assert not heard.ready and line in " ".join(heard.doubts)
    read_hours("until monday", RepHours(), local_day(NOW, profile.zone), profile.locale)
    assert next_morning(NOW, RepHours().in_zone(profile.zone)) > NOW
    assert say_time(NOW + timedelta(hours=1), profile.zone, NOW)
    coach.people.news_was_missed()
