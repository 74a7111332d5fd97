"""The world of the stories: a small Slack, the real app, a file, and a clock set by hand."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
import pytest
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.clock.now import HandClock
from bot.clock.timer import Scheduler
from bot.coach import Coach, EditableFiles, read_files
from bot.people.rep import Rep
from bot.people.table import People
from bot.settings import Settings
from handlers.app import WORKERS, Bot
from handlers.serving._socket_mode import SocketConnection
from handlers.serving.http_server import WebServer
from handlers.serving.serve import SLACK_PATH
from handlers.trial.small_slack.courier import PATIENCE
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.trial import Trial
from tests.support.paths import SHARED

T = TypeVar("T")

# A busy machine takes its time: no test asserts a duration.
hypothesis.settings.register_profile("coach", deadline=None)
hypothesis.settings.load_profile("coach")

FILES = cache(read_files)  # plays, forms and prompts: the same files for everybody
# A test's files live in memory where there is enough of it: a commit then waits for no disk. What
# a kill leaves behind is the same; only a power cut, which no test has, would tell the difference.
MEMORY = Path("/dev/shm")
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2_000_000_000:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

ARCHIVES = SHARED / "posts"
needs_archives = pytest.mark.skipif(
    not ARCHIVES.is_dir(), reason="the five archives are not at hand (../shared/posts)"
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores: half of the time a story waits, for the disk or an ack."""
    return (os.cpu_count() or 1) + 2


@pytest.fixture
def clock() -> HandClock:
    """A Monday morning: 09:00 UTC, 04:00 in New York, 10:00 in Berlin, 18:00 in Tokyo."""
    return HandClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))


@pytest.fixture
def slack(clock: HandClock) -> Iterator[FakeSlack]:
    """A workspace with a rep, an engineer and a manager, and three kinds of channel."""
    with FakeSlack(clock) as slack:
        slack.courier.patience = 20  # a busy machine is no slow coach; but see `in_time`
        slack.add_user("U1", "sam", tz="America/New_York")
        slack.add_user("U2", "kim", tz="Europe/Berlin")
        slack.add_user("U3", "mia", tz="Asia/Tokyo")
        slack.add_channel("C1", "deals", members=["U1", "U2", "U3"])
        slack.add_channel("C2", "quiet", members=["U1", "U2"], bot_in=False)
        slack.add_channel("C3", "shared", members=["U1", "U2"], shared=True)
        yield slack


@pytest.fixture
def in_time(slack: FakeSlack) -> None:
    """Slack waits three seconds for an ack, as it does, and not a second longer."""
    slack.courier.patience = PATIENCE


@pytest.fixture(scope="session")
def new_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as the first start leaves it, library and index included: made once, copied."""
    path = tmp_path_factory.mktemp("new") / "coach.db"
    Coach(Settings(db=path), HandClock(datetime(2026, 11, 23, tzinfo=UTC))).close()
    return path


@pytest.fixture(scope="session")
def new_trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a trial in which nothing was done yet: made once, copied."""
    folder = tmp_path_factory.mktemp("trial")
    trial = Trial(Settings(db=folder / "coach.db"))
    trial.start()
    trial.stop()
    return folder


@pytest.fixture
def db(tmp_path: Path, new_db: Path) -> Path:
    """A database of this test's own, started before."""
    return Path(shutil.copy(new_db, tmp_path / "coach.db"))


@pytest.fixture
def settings(slack: FakeSlack, db: Path) -> Settings:
    return Settings.from_env(
        {
            "SLACK_BOT_TOKEN": "xoxb-T1",
            "SLACK_SIGNING_SECRET": "secret",
            "SLACK_API_URL": slack.api_url,
            "COACH_DB": str(db),
            "COACH_MANAGERS": "U3",
            "COACH_EMBED_MODEL": "none",  # loaded where it is tested
        }
    )


class Served:
    """The real app behind one of its two doors, on a file that outlives it."""

    def __init__(
        self,
        settings: Settings,
        slack: FakeSlack,
        clock: HandClock,
        door: str = "http",
        moment_s: float = 20,
        read: Callable[[], EditableFiles] = FILES,
    ) -> None:
        self._settings, self._slack, self._clock, self._read = settings, slack, clock, read
        self._moment_s = moment_s  # by default a waking returns when its jobs are done
        self._open = {"http": self._by_http, "socket": self._by_socket}[door]
        self.start()

    def start(self) -> None:
        self.coach = Coach(self._settings, self._clock, read=self._read)
        self.bot = Bot(self.coach, Scheduler(self._clock, self._moment_s))
        self._shut = self._open()

    def _by_http(self) -> Callable[[], None]:
        web = SlackRequestHandler(self.bot.app, path=SLACK_PATH)
        server = WebServer(web, "127.0.0.1", 0, threads=5)
        server.start()
        self._slack.connect(f"http://127.0.0.1:{server.port}{SLACK_PATH}")
        return server.stop

    def _by_socket(self) -> Callable[[], None]:
        missed = self.coach.people.news_was_missed
        link = SocketConnection(self.bot.app, "xapp-T1", WORKERS, reopened=missed)
        self._slack.connect(None)
        link.start()
        eventually(lambda: self._slack.sockets.listening("xapp-T1"))
        return link.stop

    def stop(self) -> None:
        self._shut()
        self.bot.stop()
        self.coach.close()
        assert not held(self.coach.store.path), "the file was let go of"

    def restart(self) -> None:
        self.stop()
        self.start()


@pytest.fixture
def served(settings: Settings, slack: FakeSlack, clock: HandClock) -> Iterator[Served]:
    served = Served(settings, slack, clock)
    known = [Rep("T1", user_id) for user_id in ("U1", "U2", "U3")]  # a stranger is greeted first
    served.coach.store.write(lambda db: [People(db).greet(rep, clock.now()) for rep in known])
    yield served
    served.stop()


@pytest.fixture
def bot(served: Served) -> Bot:
    return served.bot


@pytest.fixture
def wake(served: Served) -> Callable[[], None]:
    """One waking of the timer; what waited in the inbox is handled when it returns, and what was
    due is said."""

    def wake() -> None:
        served.bot.scheduler.wake()
        served.bot.deliverer.wait(20)

    return wake


@pytest.fixture
def restart(served: Served) -> Callable[[], None]:
    """Stop the coach and start another one on the same file."""
    return served.restart


def held(db: Path) -> list[str]:
    """What this process holds open of a database; [] too where the system does not tell.

    A connection that nobody closes stays, until rubbish is collected: it refers to itself.
    """
    told, found = "/proc/self/fd", []
    for descriptor in os.listdir(told) if os.path.isdir(told) else ():
        with suppress(OSError):
            found.append(os.readlink(f"{told}/{descriptor}"))
    return [path for path in found if path.startswith(str(db.resolve()))]


def rows(bot: Bot, sql: str) -> list[tuple[Any, ...]]:
    """What another program reads from the coach's file."""
    with closing(sqlite3.connect(bot.coach.store.path)) as file:
        return file.execute(sql).fetchall()


def eventually(check: Callable[[], T], tries: int = 1500) -> T:
    """The first truthy answer of `check`, asked again and again: listeners go on after the ack.

    For half a minute, as the machine may be busy with much else.
    """
    pause = threading.Event()
    for n in range(tries):
        with suppress(LookupError):
            if found := check():
                return found
        pause.wait(min(0.002 * (n + 1), 0.02))
    raise AssertionError("it did not happen")
