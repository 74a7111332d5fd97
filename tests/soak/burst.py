"""Ten thousand nudges due in the same minute: none too fast for Slack, none lost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.calls.table import Calls
from bot.clock.now import HandClock
from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.debriefs.follow_up_table import FollowUps
from bot.outbox.hours_table import HoursKept
from bot.outbox.table import Outbox
from bot.people.rep import Profile, Rep
from bot.people.table import People
from bot.settings import Settings
from bot.storage.database import Database
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.soak import Verdict
from tests.support.processes import ALWAYS

SLACKS_MINUTE = 300  # messages a minute in a workspace, at which the small Slack refuses
START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def burst(folder: Path, nudges: int, workspaces: int) -> Verdict:
    """`nudges` due within a minute, spread over `workspaces`; the clock is moved by hand."""
    clock = HandClock(START)
    teams = [f"T{n + 1}" for n in range(workspaces)]
    reps = [Rep(teams[n % workspaces], f"U{n:05}") for n in range(nudges)]
    with FakeSlack(clock) as slack:
        for team in teams:
            slack.add_workspace(team, team, bot_token="xoxb-T1", app_token=f"xapp-{team}")
        for rep in reps:
            slack.add_user(rep.user_id, rep.user_id.lower(), tz="UTC", team=rep.workspace_id)
        pace = slack.limit(SLACKS_MINUTE)
        seconds = _deliver(folder / "coach.db", slack, clock, reps)
        said = Counter(len(slack.messages(slack.dm(rep.user_id))) for rep in reps)
        log = [e for e in slack.log if e.name == "chat.postMessage"]
    per_second = Counter((e.request["channel"], e.at) for e in log)
    return Verdict(
        "a rush of nudges keeps Slack's pace",
        {"nudges": nudges, "workspaces": workspaces, "said": said[1], "by the clock, s": seconds},
        {
            "429s": pace.refused,
            "faster than one a second in a channel": sum(n > 1 for n in per_second.values()),
            "lost": said[0],
            "twice": sum(n for times, n in said.items() if times > 1),
        },
    )


def _deliver(db: Path, slack: FakeSlack, clock: HandClock, reps: list[Rep]) -> int:
    """Wake every second until all is said; returns how many seconds of the clock that took."""
    env = {"SLACK_BOT_TOKEN": "xoxb-T1", "SLACK_SIGNING_SECRET": "secret", "COACH_DB": str(db)}
    more = {"SLACK_API_URL": slack.api_url, "COACH_EMBED_MODEL": "none"}
    settings = Settings.from_env(env | more)
    seconds = 0
    with Coach(settings, clock) as coach:
        bot = Bot(coach, Scheduler(clock, 60))
        coach.store.write(lambda db: _plan(db, reps))
        clock.set(START + timedelta(minutes=1))
        most = len(reps)
        while seconds < most and _waits(coach, reps):
            bot.scheduler.wake()
            bot.deliverer.wait(60)
            clock.forward(seconds=1)
            seconds += 1
        bot.stop()
    return seconds


def _waits(coach: Coach, reps: list[Rep]) -> bool:
    db = coach.store.read
    return bool(Outbox(db).due(coach.now(), 1, ever=False) or Outbox(db).under_way())


def _plan(db: Database, reps: list[Rep]) -> None:
    """One nudge for each rep, due at some second of the first minute."""
    for n, rep in enumerate(reps):
        ends = START - timedelta(minutes=10) + timedelta(seconds=n % 60)
        People(db).put_profile(rep, Profile(rep.user_id, "UTC"), START)
        HoursKept(db).put(rep, ALWAYS)
        call = Calls(db).add(rep, "Acme", ends - timedelta(hours=1), ends, "", "", None, START)
        FollowUps(db).plan_debrief(call, timedelta(minutes=10))
