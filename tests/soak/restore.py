"""Backups of any age are put back, and the coach says nothing that it has said before."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.local_time import EVERY_DAY
from bot.clock.now import HandClock
from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.daily_tips.setting import Daily
from bot.daily_tips.table import DailyTips
from bot.debriefs.follow_up_table import FollowUps
from bot.huddles.table import Huddles
from bot.outbox.hours_table import HoursKept
from bot.outbox.message import Recipient
from bot.people.rep import Rep
from bot.settings import Settings
from bot.storage.backup import back_up
from bot.storage.database import Database
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from tests.soak import Verdict, marks
from tests.support.processes import ALWAYS

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
STEP = timedelta(minutes=20)
REPS, CHANNELS = 8, 3


def restored(folder: Path, drills: int, seed: int = 1) -> Verdict:
    """`drills` times: a backup, some hours of work, and the backup put in the place of the file."""
    chance, clock = random.Random(seed), HandClock(START)
    with FakeSlack(clock) as slack:
        slack.world.workspaces["T1"].scopes.add("channels:history")
        for n in range(REPS):
            slack.add_user(f"U{n}", f"rep {n}", tz="UTC")
            slack.dm(f"U{n}")
        for n in range(CHANNELS):
            slack.add_channel(f"C{n}", f"channel-{n}")
        site = _Site(folder, slack, clock)
        for _ in range(drills):
            site.drill(chance)
        site.stop()
        places = [slack.dm(f"U{n}") for n in range(REPS)] + [f"C{n}" for n in range(CHANNELS)]
        said = Counter(mark for place in places for m in slack.messages(place) for mark in marks(m))
    return Verdict(
        "an old backup says nothing twice",
        {"restores": drills, "messages said": len(said), "days": (clock.now() - START).days},
        {"said twice": sum(n > 1 for n in said.values())},
    )


class _Site:
    """A coach on a file, an admin, and time that goes by."""

    def __init__(self, folder: Path, slack: FakeSlack, clock: HandClock) -> None:
        env = {"SLACK_BOT_TOKEN": "xoxb-T1", "SLACK_SIGNING_SECRET": "secret"}
        env |= {"SLACK_API_URL": slack.api_url, "COACH_DB": str(folder / "coach.db")}
        env |= {"COACH_EMBED_MODEL": "none"}
        self._settings, self._clock = Settings.from_env(env), clock
        self._copy = folder / "copy.db"
        self.start()
        self._coach.store.write(self._set_up)

    def start(self) -> None:
        self._coach = Coach(self._settings, self._clock)
        self._bot = Bot(self._coach, Scheduler(self._clock, 60))

    def stop(self) -> None:
        self._bot.stop()
        self._coach.close()

    def drill(self, chance: random.Random) -> None:
        """Work, back up, work on, restore, work on."""
        self._work(chance, chance.randint(1, 30))
        self._copy.unlink(missing_ok=True)
        back_up(self._settings.db, self._copy, self._clock.now())
        self._work(chance, chance.choice((0, 1, 2, 10, 80)), planning=False)
        self.stop()
        for left in ("-wal", "-shm"):
            Path(f"{self._settings.db}{left}").unlink(missing_ok=True)
        shutil.copy(self._copy, self._settings.db)
        self.start()
        self._work(chance, 2, planning=False)

    def _work(self, chance: random.Random, steps: int, planning: bool = True) -> None:
        for _ in range(steps):
            if planning and chance.random() < 0.3:
                self._coach.store.write(lambda db: self._plan(db, chance))
                self._ask(chance)
            for _ in range(3):
                self._bot.scheduler.wake()
                self._bot.deliverer.wait(60)
                self._clock.forward(seconds=2)
            self._clock.forward(seconds=STEP.total_seconds())

    def _plan(self, db: Database, chance: random.Random) -> None:
        rep, now = Rep("T1", f"U{chance.randrange(REPS)}"), self._clock.now()
        ends = now + timedelta(minutes=chance.randint(1, 600))
        call = Calls(db).add(rep, "Acme", ends - timedelta(minutes=15), ends, "", "", None, now)
        FollowUps(db).plan_debrief(call, timedelta(minutes=10))

    def _ask(self, chance: random.Random) -> None:
        """A question, and a card for a call."""
        rep, now = Rep("T1", f"U{chance.randrange(REPS)}"), self._clock.now()
        ts = f"{int(now.timestamp())}.{chance.randrange(10**6):06}"
        self._coach.questions.ask(rep, f"D{rep.user_id[1:]}", ts, "", "wants a discount")

        def begin(db: Database) -> Call:
            ends = now + timedelta(minutes=chance.randint(10, 600))
            call = Calls(db).add(rep, "Globex", now, ends, "", "", None, now)
            Huddles(db).start(call, {}, (), now)
            return call

        call = self._coach.store.write(begin)
        self._coach.cards.wanted(rep, call.id, f"C{chance.randrange(CHANNELS)}")

    def _set_up(self, db: Database) -> None:
        for n in range(REPS):
            HoursKept(db).put(Rep("T1", f"U{n}"), ALWAYS)
        for n in range(CHANNELS):
            at = (START + timedelta(hours=3 * n)).time()
            DailyTips(db).put(Daily(Recipient("T1", f"C{n}"), at, EVERY_DAY, "UTC", "U0", START))
