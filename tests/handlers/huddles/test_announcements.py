"""Who has to know of a change hears of it once, even where the coach dies in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock.now import HandClock
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import Served, eventually
from tests.support.huddles import ask, huddle, press, save, told

AT_FOUR = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
LONG = 30  # seconds; every story lets Slack go on before
Wake = Callable[[], None]
Do = Callable[[FakeSlack], object]


class Site:
    """A coach that dies in between, and another one that goes on with its file."""

    def __init__(self, slack: FakeSlack, served: Served, clock: HandClock, wake: Wake) -> None:
        self.slack, self.clock, self.wake = slack, clock, wake
        self._served = served
        self._db = served.coach.store.path

    @contextmanager
    def dies(self, moment: str, taken_in: bool) -> Iterator[None]:
        """What is done inside is acked; the coach dies when it has asked Slack for that. Slack had
        taken it in or not, and heard nothing more from this coach."""
        self.slack.fail(moment, "slow", seconds=LONG)
        yield
        eventually(lambda: not self.slack.faults.waiting(moment))
        dead, before = self._db.with_name("dead.db"), self._said()
        with closing(sqlite3.connect(self._db)) as file:
            file.execute("VACUUM INTO ?", [str(dead)])
        self.slack.release()
        eventually(lambda: not self.waits())
        self._served.stop()
        dead.replace(self._db)
        for left in ("-wal", "-shm"):
            Path(f"{self._db}{left}").unlink(missing_ok=True)
        self._unsay(before | {*sorted(self._said() - before)[: int(taken_in)]})

    def goes_on(self) -> None:
        """Another coach wakes, and where it waits for what may still arrive, a minute later."""
        self.starts()
        if self.waits():
            self.clock.forward(minutes=1)
            self.wake()
        assert not self.waits()
        self.wake()

    def starts(self) -> None:
        self._served.start()
        self.wake()

    def waits(self) -> int:
        with closing(sqlite3.connect(self._db)) as file:
            waiting = "SELECT count(*) FROM inbox WHERE handled_at IS NULL"
            return int(file.execute(waiting).fetchone()[0])

    def times(self, words: str, user: str = "U2") -> int:
        """How often this person can read that."""
        return sum(words in message.plain for message in self.slack.seen_by(user))

    def _said(self) -> set[str]:
        with self.slack.world.lock:
            return {m.ts for each in self.slack.world.channel_messages.values() for m in each}

    def _unsay(self, but: set[str]) -> None:
        with self.slack.world.change():
            for said in self.slack.world.channel_messages.values():
                said[:] = [message for message in said if message.ts in but]


@pytest.fixture
def site(slack: FakeSlack, served: Served, clock: HandClock, wake: Wake) -> Site:
    slack.world.workspaces["T1"].scopes.add("channels:history")
    return Site(slack, served, clock, wake)


def card(slack: FakeSlack, typed: str, private: bool) -> None:
    if private:
        ask(slack, typed, channel=slack.dm("U1"))
        told(slack, "0 of 7 ready", "U1")
        eventually(lambda: "@kim" not in typed or slack.messages(slack.dm("U2")))
    else:
        huddle(slack, typed)


def on_the_card(slack: FakeSlack, label: str) -> None:
    said = [*slack.messages("C1"), *slack.messages(slack.dm("U1"))]
    press(slack, next(m for m in said if "0 of 7 ready" in m.plain), label)


def add_kim(slack: FakeSlack) -> None:
    on_the_card(slack, "Add people")
    save(slack, people=["U2"])


def change_adds_kim(slack: FakeSlack) -> None:
    on_the_card(slack, "Change")
    save(slack, people=["U2"], goal="They name the budget")


def a_line_adds_kim(slack: FakeSlack) -> None:
    ask(slack, "Acme 15:00 @kim")


def move(slack: FakeSlack) -> None:
    on_the_card(slack, "Change")
    save(slack, starts=int(AT_FOUR.timestamp()))


def cancel(slack: FakeSlack) -> None:
    on_the_card(slack, "Cancel")


JOINED = "@sam counts on you for *Acme*"
MOVED = "sam moved the call with *Acme* from Mon 23 Nov 15:00 New York to Mon 23 Nov 16:00"
CANCELLED = "sam cancelled the call with *Acme*"
DIES = (("chat.update", False), ("chat.postMessage", False), ("chat.postMessage", True))


@pytest.mark.parametrize("dies", DIES, ids=["behind the ack", "before it was said", "after"])
@pytest.mark.parametrize(
    ("typed", "private", "do", "news"),
    [
        ("Acme 15:00", False, add_kim, JOINED),
        ("Acme 15:00", True, change_adds_kim, JOINED),
        ("Acme 15:00", False, a_line_adds_kim, JOINED),
        ("Acme 15:00 @kim", False, move, MOVED),
        ("Acme 15:00 @kim", True, move, MOVED),
        ("Acme 15:00 @kim", False, cancel, CANCELLED),
        ("Acme 15:00 @kim", True, cancel, CANCELLED),
    ],
    ids=["add", "change", "line", "move", "move in private", "cancel", "cancel in private"],
)
def test_who_has_to_know_of_it_hears_once_through_a_crash(
    site: Site, dies: tuple[str, bool], typed: str, private: bool, do: Do, news: str
) -> None:
    card(site.slack, typed, private)
    with site.dies(*dies):
        do(site.slack)
    site.goes_on()
    assert site.times(news) == 1
    assert site.times(news, "U1") == (news != JOINED and not private), "who did it is not told"
    if private:
        assert not site.slack.messages("C1")


def test_what_may_still_arrive_is_not_looked_for_at_every_waking(site: Site) -> None:
    card(site.slack, "Acme 15:00", private=False)
    with site.dies("chat.postMessage", taken_in=False):
        add_kim(site.slack)
    site.starts()
    for _ in range(3):
        site.wake()
    looks = [each for each in site.slack.log if each.name == "conversations.history"]
    assert (len(looks), site.waits()) == (1, 1)


def test_news_that_is_not_true_any_more_is_not_told(site: Site) -> None:
    card(site.slack, "Acme 15:00 @kim", private=False)
    with site.dies("chat.postMessage", taken_in=False):
        move(site.slack)
    site.starts()
    assert site.waits(), "the move may still arrive from the coach that died"
    cancel(site.slack)
    eventually(lambda: site.times(CANCELLED))
    site.clock.forward(minutes=1)
    site.wake()
    assert (site.times(MOVED), site.times(CANCELLED), site.waits()) == (0, 1, 0)


def test_where_outsiders_read_by_then_each_is_told_alone(site: Site) -> None:
    card(site.slack, "Acme 15:00 @kim @mia", private=False)
    with site.dies("chat.update", taken_in=False):
        cancel(site.slack)
    site.slack.world.channels["C1"].shared = True
    site.goes_on()
    assert len(site.slack.messages("C1")) == 1, "the card, and nothing under it"
    for user in ("U2", "U3"):
        assert site.slack.said_to(user).count(CANCELLED) == 1


@pytest.mark.parametrize(("dies", "times"), [(DIES[0], 1), (DIES[1], 0), (DIES[2], 1)])
def test_where_the_channel_may_not_be_read_nothing_is_said_twice(
    site: Site, dies: tuple[str, bool], times: int
) -> None:
    site.slack.world.workspaces["T1"].scopes.discard("channels:history")
    card(site.slack, "Acme 15:00 @kim", private=False)
    with site.dies(*dies):
        cancel(site.slack)
    site.goes_on()
    assert site.times(CANCELLED) == times
    unsure = site.times("I don't know whether the others were told", "U1")
    assert unsure == (dies != DIES[0])
