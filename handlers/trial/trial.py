"""The trial: the whole coach with a small Slack of its own, on this machine and nowhere else."""

from __future__ import annotations

import secrets
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta

from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.local_time import local_day, local_instant
from bot.clock.now import MovableClock
from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.debriefs.follow_up_table import FollowUps
from bot.people.rep import Rep
from bot.settings import Settings
from handlers.app import WORKERS, Bot
from handlers.serving.http_server import WebServer
from handlers.serving.serve import SLACK_PATH
from handlers.trial import saved_world
from handlers.trial.guided_tour import Walk
from handlers.trial.small_calendar import OURS, SmallCalendar
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import SCOPES

HOST = "127.0.0.1"
TEAM = "T1"
# Who there is to be: id → name, zone, what they do.
PEOPLE = {
    "U1": ("sam", "America/New_York", "rep in New York"),
    "U2": ("kim", "Europe/Berlin", "engineer in Berlin"),
    "U3": ("mia", "Asia/Tokyo", "manager in Tokyo"),
}
MANAGER = "U3"
GRANTED = SCOPES | {"app_mentions:read", "assistant:write", "files:read"}
# Where there is to talk: id → name, what it is for.
CHANNELS = {
    "C1": ("deals", "The sales team's channel. The coach is in it."),
    "C2": ("hallway", "The coach is not in this one until somebody invites it."),
    "C3": ("with-acme", "Shared with another organisation: the coach keeps quiet here."),
}
BEGINS = time(9, 30)  # sam's morning, when kim is still at work
STEP = timedelta(minutes=10)  # the clock's stride when it is moved: nothing due is jumped over
PATIENCE_S = 10
SAVED_AFTER_S = 0.3
LOG = 400  # exchanges between app and Slack that can be looked at


class Trial:
    """Opened once; `start_over` begins again with an empty file. `changed` is told of changes."""

    def __init__(self, settings: Settings) -> None:
        db = settings.db.with_name(f"{settings.db.stem}-trial{settings.db.suffix or '.db'}")
        self.path = db
        self._settings = settings
        self._world_path = db.with_name(db.name.removesuffix(db.suffix) + "-slack.json")
        self._changes = threading.Condition()
        self._count = 0
        self._moving = threading.Lock()
        self._saver: threading.Timer | None = None
        self.open = False

    # Beginning and end

    def start(self) -> None:
        self.clock = MovableClock()
        self.slack = FakeSlack(self.clock)
        self.walk = Walk(self._settings.commands)
        self.read: dict[str, dict[str, str]] = {user: {} for user in PEOPLE}
        self.calendar = SmallCalendar(tuple(PEOPLE))
        token, secret = "xoxb-" + secrets.token_hex(16), secrets.token_hex(16)
        self._furnish(token, secret)
        self.slack.start()
        settings = replace(
            self._settings, bot_token=token, signing_secret=secret, app_token="",
            api_url=self.slack.api_url, db=self.path, managers=frozenset({MANAGER}),
            openai_key="", openai_url="", model="",  # nothing leaves the machine
            fetch_inside=True, own_domains=frozenset({OURS}),  # its calendars lie on it
        )  # fmt: skip
        self.coach = Coach(settings, self.clock)
        self.bot = Bot(self.coach, Scheduler(self.clock, PATIENCE_S))
        web = SlackRequestHandler(self.bot.app, path=SLACK_PATH)
        self._web = WebServer(web, HOST, 0, WORKERS)
        self._web.start()
        self.slack.connect(f"http://{HOST}:{self._web.port}{SLACK_PATH}")
        self.bot.scheduler.each_time(self.slack.redeliver)
        self.slack.on_change(self._on_change)
        self.bot.scheduler.start()
        self.coach.meaning.start()
        self.open = True
        self.tell()

    def stop(self) -> None:
        self.open = False
        self._web.stop()
        self.bot.stop()
        self.slack.stop()
        self.coach.close()
        self._save()

    def start_over(self) -> None:
        """Forget everything: the database, the messages and the clock."""
        with self._moving:
            self.stop()
            self._forget()
            self.start()

    def _forget(self) -> None:
        for end in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        self._world_path.unlink(missing_ok=True)

    def _furnish(self, token: str, secret: str) -> None:
        """The workspace as it was kept, or a new one; its tokens are new each time."""
        more = saved_world.load(self._world_path, self.slack) if self.path.exists() else None
        app_token = "xapp-" + secrets.token_hex(16)  # nobody uses it, so nobody may guess it
        self.slack.add_workspace(TEAM, "Trial", token, app_token, secret, scopes=GRANTED)
        if more is not None:
            self.clock.ahead = timedelta(seconds=more["ahead_s"])
            self.walk.done = set(more["walked"])
            self.walk.dismissed = more["walk_dismissed"]
            self.read |= more["read"]
            self.calendar.restore(more.get("calendar", {}))
            return
        self._forget()
        self.clock.move_to(_morning(self.clock.now()))
        home = PEOPLE["U1"][1]
        self.calendar.furnish(local_day(self.clock.now(), home), home)
        for id, (name, zone, _) in PEOPLE.items():
            self.slack.add_user(id, name, zone, TEAM)
            self.slack.dm(id)
        for id, (name, _) in CHANNELS.items():
            self.slack.add_channel(id, name, PEOPLE, shared=id == "C3", bot_in=id != "C2")

    # Changes

    @property
    def changes(self) -> int:
        """How many changes there were: another number than before means: look again."""
        return self._count

    def wait(self, seen: int, seconds: float) -> int:
        """Wait until there are other changes than `seen`; returns how many there are now."""
        with self._changes:
            self._changes.wait_for(lambda: self._count != seen, seconds)
            return self._count

    def tell(self) -> None:
        with self._changes:
            self._count += 1
            self._changes.notify_all()

    def calendar_changed(self) -> None:
        """Keep it, and show it."""
        self._on_change()

    def _on_change(self) -> None:
        self._follow()
        self.tell()
        with self._changes:
            if self._saver is None and self.open:
                self._saver = threading.Timer(SAVED_AFTER_S, self._save)
                self._saver.daemon = True
                self._saver.start()

    def _follow(self) -> None:
        """Let the walk see what was said since, and forget the oldest of a long log."""
        with self.slack.world.lock:
            log = self.slack.world.log
            del log[:-LOG]
            self.walk.follow(log)

    def _save(self) -> None:
        with self._changes:
            self._saver = None
        more = {
            "ahead_s": self.clock.ahead.total_seconds(),
            "walked": sorted(self.walk.done),
            "walk_dismissed": self.walk.dismissed,
            "read": self.read,
            "calendar": self.calendar.told(),
        }
        with suppress(OSError):  # a full disk: the trial goes on, and says less after a restart
            saved_world.save(self._world_path, self.slack.world, more)

    # Time

    def move_to(self, then: datetime) -> None:
        """Let time pass until `then`, waking the coach on the way as it would have woken."""
        with self._moving:
            self.bot.scheduler.stop()
            try:
                while (now := self.clock.now()) < then:
                    self.clock.move_to(min(then, now + STEP))
                    self.bot.scheduler.wake()
                    self.bot.deliverer.wait(PATIENCE_S)
            finally:
                self.bot.scheduler.start()
        self._on_change()

    def in_ten_minutes(self) -> datetime:
        return self.clock.now() + STEP

    def in_an_hour(self) -> datetime:
        return self.clock.now() + timedelta(hours=1)

    def tomorrow(self, user: str) -> datetime:
        """Two minutes after nine on this person's next day: daily tips take a moment."""
        zone = PEOPLE[user][1]
        day = local_day(self.clock.now(), zone) + timedelta(days=1)
        return local_instant(day, time(9, 2), zone)

    def after_the_call(self) -> datetime | None:
        """When the coach asks about the call that was planned last; None if it waits for none."""
        calls = {call.id: call for user in PEOPLE for call in self._ahead(user)}
        if not calls:
            return None
        last = calls[max(calls)]
        delay = timedelta(minutes=self._settings.nudge_after_minutes, seconds=30)
        planned = [n.due_at for n in FollowUps(self.coach.store.read).of_call(last)
                   if n.kind == "debrief" and n.state == "pending"]  # fmt: skip
        return max([last.ends + delay, *(due + timedelta(seconds=30) for due in planned[:1])])

    def _ahead(self, user: str) -> list[Call]:
        now, calls = self.clock.now(), Calls(self.coach.store.read)
        found = calls.of_rep(Rep(TEAM, user), now - timedelta(days=1), now + timedelta(days=90))
        delay = timedelta(minutes=self._settings.nudge_after_minutes)
        return [c for c in found if c.state == "planned" and c.ends + delay > now]


def _morning(now: datetime) -> datetime:
    """The next working morning where the rep is."""
    zone = PEOPLE["U1"][1]
    day = local_day(now, zone)
    while day.weekday() > 4 or local_instant(day, BEGINS, zone) < now:
        day += timedelta(days=1)
    return local_instant(day, BEGINS, zone)
