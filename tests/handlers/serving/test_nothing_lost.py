"""What was typed and acked is kept: through crashes, repetitions, disorder and a troubled disk."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from bot.clock.now import HandClock, MovableClock, SystemClock
from bot.coach import ROOT
from bot.errors import NO_PLACE
from handlers.app import Bot
from handlers.huddles.card_drawing import HUDDLE_OPEN
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import Served, eventually
from tests.support.debriefs import asked, debrief, form, held, press, submit, told
from tests.support.processes import Process, plan

NEXT = "send the security paper"
Wake = Callable[[], None]


def column(db: Path, sql: str) -> list[str]:
    with closing(sqlite3.connect(db)) as file:
        return [row[0] for row in file.execute(sql)]


def replies(db: Path) -> list[str]:
    return column(db, "SELECT said FROM replies WHERE removed = 0 ORDER BY id")


def standing(db: Path) -> list[str]:
    """What is neither deleted nor replaced."""
    newer = "SELECT 1 FROM replies n WHERE n.replaces = r.id"
    return column(
        db, f"SELECT said FROM replies r WHERE removed = 0 AND NOT EXISTS ({newer}) ORDER BY said"
    )


def steps(db: Path) -> list[str]:
    return column(db, "SELECT next_step FROM debriefs ORDER BY id")


# Killed right after the ack -----------------------------------------------------------------


@pytest.fixture
def slack_clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def living(db: Path, slack_clock: MovableClock) -> Iterator[Process]:
    """The coach as a process, with a nudge about Acme said to U1."""
    with FakeSlack(slack_clock) as slack:
        slack.add_user("U1", "sam", tz="UTC")
        slack.add_channel("C1", "deals", members=["U1"])
        process = Process(slack, db, first=IGNORE_LIMIT)
        plan(process.db, ["U1"])
        process.start()
        eventually(lambda: slack.messages(slack.dm("U1")))
        yield process
        process.kill()


# A write past the limit is an error then, and not the end of the process.
IGNORE_LIMIT = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)"


def test_a_tap_and_a_form_outlive_a_crash_right_after_their_ack(living: Process) -> None:
    slack, db = living.slack, living.db
    nudge = slack.messages(slack.dm("U1"))[0]
    press(slack, nudge, "Partly")
    living.kill()
    assert replies(db) == ["Partly"]
    living.start()
    debrief(slack, "acme")
    assert submit(slack, reached="Yes", next_step=NEXT).status == 200
    living.kill()
    assert steps(db) == [NEXT]


def test_an_event_outlives_a_crash_right_after_its_ack(living: Process) -> None:
    slack, db = living.slack, living.db
    assert slack.say("U1", slack.dm("U1"), "The budget is still open").status == 200
    living.kill()
    assert len(column(db, "SELECT event_id FROM inbox")) == 1
    living.start()
    eventually(lambda: replies(db) == ["The budget is still open"])
    eventually(lambda: not column(db, "SELECT event_id FROM inbox WHERE handled_at IS NULL"))


def test_a_line_outlives_a_crash_right_after_its_ack(
    living: Process, slack_clock: MovableClock
) -> None:
    slack, db = living.slack, living.db
    assert slack.command("U1", "C1", "/huddle", "Acme tomorrow 9:30").error is None
    living.kill()
    living.start()
    eventually(lambda: not column(db, WAITING), tries=1000)
    assert ["Acme" in card.plain for card in slack.messages("C1")] == [True]
    assert slack.command("U1", "C1", "/coach", "huddle Globex").error is None
    living.kill()
    slack_clock.move_to(slack_clock.now() + timedelta(seconds=4))  # no form opens any more
    living.start()
    private = eventually(lambda: slack.ephemerals("U1"), tries=1000)[-1]
    slack.click("U1", private, HUDDLE_OPEN, slack.button(private, "Open the form")[2])
    eventually(lambda: (view := slack.modal("U1")) and "Globex" in str(view.screen.values("U1")))
    assert not column(db, WAITING)


@pytest.mark.parametrize("taken_in", [False, True])
def test_a_huddle_form_outlives_a_crash_after_its_ack(living: Process, taken_in: bool) -> None:
    """The coach dies at once, or when Slack is taking the card in."""
    slack, db = living.slack, living.db
    slack.world.workspaces["T1"].scopes.add("channels:history")
    slack.command("U1", "C1", "/huddle", "Acme @kim")
    view = eventually(lambda: slack.modal("U1"))
    slack.fail("chat.postMessage", "slow", times=int(taken_in), seconds=30)
    start = int(SystemClock().now().timestamp()) + 3600
    done = slack.submit("U1", view, {"starts": start, "goal": "They name the budget"})
    assert (done.status, done.errors, done.error) == (200, {}, None)
    eventually(lambda: not slack.faults.waiting("chat.postMessage"))
    living.kill()
    slack.release()
    living.start()
    eventually(lambda: not column(db, WAITING), tries=1000)
    assert ["They name the budget" in card.plain for card in slack.messages("C1")] == [True]
    assert column(db, "SELECT ts FROM huddles") == [slack.messages("C1")[0].ts]


WAITING = "SELECT event_id FROM inbox WHERE handled_at IS NULL"


@pytest.mark.parametrize(
    ("typed", "readable"),
    [("Acme 15:00", {"channels:history"}), ("Acme walk away", {"channels:history"}),
     ("Acme 15:00", set())],
)  # fmt: skip
def test_a_card_that_was_posted_in_the_moment_of_a_crash_is_not_posted_again(
    slack: FakeSlack, db: Path, at_ten: HandClock, wake: Wake, restart: Wake, typed: str,
    readable: set[str],
) -> None:  # fmt: skip
    done = slack.command("U1", "C1", "/huddle", typed)
    eventually(lambda: slack.messages("C1"))
    eventually(lambda: not column(db, WAITING))
    line = json.dumps(done.payload | {"command": "huddle"})
    with closing(sqlite3.connect(db)) as file:  # as if nothing had been written since the post
        file.execute("UPDATE huddles SET ts = NULL, channel_id = NULL")
        file.execute("UPDATE outbox SET state = 'sending', said_ts = NULL WHERE kind = 'card'")
        file.execute("UPDATE inbox SET handled_at = NULL, payload = ?, user_id = 'U1'", [line])
        file.commit()
    at_ten.forward(minutes=5)
    slack.world.workspaces["T1"].scopes |= readable
    restart()
    wake()
    (card,) = slack.messages("C1")
    assert not column(db, WAITING)
    assert column(db, "SELECT ts FROM huddles") == [card.ts if readable else None]
    assert ["Try again" in told.plain for told in slack.ephemerals("U1")] == [True] * (not readable)


# Repeated, late, out of order ---------------------------------------------------------------


@pytest.fixture
def at_ten(clock: HandClock) -> HandClock:
    """Monday 10:00 in New York."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    return clock


@contextmanager
def unheard(slack: FakeSlack) -> Iterator[None]:
    """Slack can't reach the coach for a while, and will try again."""
    address = slack.courier.request_url
    slack.connect("http://127.0.0.1:9/nobody")
    yield
    slack.connect(address)


def write(slack: FakeSlack, text: str) -> Message:
    slack.say("U1", slack.dm("U1"), text)
    return slack.messages(slack.dm("U1"))[-1]


def test_a_message_that_comes_three_times_is_kept_once(
    slack: FakeSlack, bot: Bot, db: Path, at_ten: HandClock, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    first = slack.say("U1", slack.dm("U1"), "It went well")
    assert [slack.replay(first).status, slack.replay(first).status] == [200, 200]
    wake()
    assert replies(db) == ["It went well"]


def test_a_message_that_comes_an_hour_late_is_kept(
    slack: FakeSlack, bot: Bot, db: Path, at_ten: HandClock, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    with unheard(slack):
        write(slack, "It went well")
    at_ten.forward(hours=1)
    assert [done.status for done in slack.redeliver()] == [200]
    wake()
    assert replies(db) == ["It went well"]


def test_an_edit_that_overtakes_its_message_is_what_stands(
    slack: FakeSlack, bot: Bot, db: Path, at_ten: HandClock, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    with unheard(slack):
        message = write(slack, "It went wel")
    slack.edit("U1", message, "It went well")
    wake()
    slack.redeliver()
    wake()
    assert standing(db) == ["It went well"]


def test_a_deletion_that_overtakes_its_message_is_kept_and_stands(
    slack: FakeSlack, bot: Bot, db: Path, at_ten: HandClock, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    with unheard(slack):
        message = write(slack, "It went well")
        slack.edit("U1", message, "It went well, I think")
    slack.delete("U1", message)
    slack.redeliver()
    wake()
    kept = column(db, "SELECT said || ' ' || removed FROM replies ORDER BY event_ts")
    assert kept == ["It went well 1", "It went well, I think 1"]
    assert len(told(slack)) == 1, "what was taken back is not answered"
    slack.command("U1", "C1", "/coach", "log")
    eventually(lambda: "I keep no replies" in slack.ephemerals("U1")[-1].plain)


def test_a_deletion_that_does_not_show_the_message_counts_too(
    slack: FakeSlack, bot: Bot, db: Path, at_ten: HandClock, wake: Wake
) -> None:
    """Slack's description of the event names the message by its ts alone."""
    asked(bot, wake, "Acme")
    message = write(slack, "It went well")
    place = {"type": "message", "channel": slack.dm("U1"), "channel_type": "im"}
    gone = {"subtype": "message_deleted", "ts": f"{float(message.ts) + 1:.6f}"}
    slack._event("message.im", "T1", place | gone | {"deleted_ts": message.ts})
    wake()
    assert replies(db) == []


def test_of_a_message_and_its_edits_in_any_order_the_newest_stands(
    slack: FakeSlack, bot: Bot, db: Path, at_ten: HandClock, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    orders = list(permutations(range(3)))
    for n, order in enumerate(orders):
        with unheard(slack):
            first = slack.say("U1", slack.dm("U1"), f"It went wel {n}")
            message = slack.messages(slack.dm("U1"))[-1]
            edits = [slack.edit("U1", message, f"{words} {n}") for words in ("It wen", "Well")]
        for turn in (*order, *order):
            slack.replay([first, *edits][turn])
            wake()
    assert standing(db) == [f"Well {n}" for n in range(len(orders))]
    assert len(replies(db)) == 3 * len(orders), "the earlier words are kept, each once"
    assert sum("Kept, under" in m.plain for m in told(slack)) == 1


# Said twice ---------------------------------------------------------------------------------


@pytest.mark.parametrize("answers", ["Acme", ""])
def test_a_crash_after_a_message_was_answered_brings_no_second_answer(
    answers: str, served: Served, slack: FakeSlack, db: Path, at_ten: HandClock, wake: Wake
) -> None:
    if answers:
        asked(served.bot, wake, answers)
    write(slack, "It went well")
    eventually(lambda: "Kept, under" in said(slack) or "I read answers" in said(slack))
    served.bot.inbox_worker.drain()
    with closing(sqlite3.connect(db)) as file:  # as a crash right before it was marked leaves it
        payload = json.dumps(last_event(slack))
        file.execute("UPDATE inbox SET handled_at = NULL, payload = ?", [payload])
        file.commit()
    served.restart()
    before = len(told(slack))
    wake()
    assert not column(db, "SELECT event_id FROM inbox WHERE handled_at IS NULL")
    assert len(told(slack)) == before
    assert len(replies(db)) == bool(answers)


def said(slack: FakeSlack) -> str:
    return "\n".join(m.plain for m in told(slack))


def last_event(slack: FakeSlack) -> object:
    return next(e.request for e in reversed(slack.log) if e.name == "message")


# A troubled disk ----------------------------------------------------------------------------


def refused(slack: FakeSlack) -> None:
    """The form comes back with a sentence, and everything that was typed is still in it."""
    done = submit(slack, reached="Yes", next_step=NEXT)
    assert (done.status, done.error) == (200, None)
    assert "Nothing was saved" in next(iter(done.errors.values()))
    view = slack.modal("U1")
    assert view is not None
    assert NEXT in str(view.screen.values("U1"))


def accepted(slack: FakeSlack) -> None:
    done = slack.submit("U1", form(slack))
    assert (done.status, done.errors, done.error) == (200, {}, None)
    assert slack.modal("U1") is None


@contextmanager
def busy(db: Path) -> Iterator[None]:
    """Another program holds the file."""
    with closing(sqlite3.connect(db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.usefixtures("in_time")
def test_a_form_sent_while_the_file_is_busy_comes_back_and_goes_through_later(
    slack: FakeSlack, bot: Bot, db: Path, at_ten: HandClock
) -> None:
    held(bot)
    debrief(slack, "acme")
    with busy(db):
        refused(slack)
    accepted(slack)
    assert steps(db) == [NEXT]


@pytest.mark.usefixtures("in_time")
def test_an_event_that_comes_while_the_file_is_busy_is_asked_for_again(
    slack: FakeSlack, bot: Bot, db: Path, at_ten: HandClock, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    with busy(db):
        assert slack.say("U1", slack.dm("U1"), "It went well").status == 500
    assert [done.status for done in slack.redeliver()] == [200]
    wake()
    assert replies(db) == ["It went well"]


@pytest.mark.usefixtures("in_time")
def test_three_forms_sent_while_the_file_is_busy_all_hear_of_it_in_time(
    slack: FakeSlack, bot: Bot, db: Path, at_ten: HandClock
) -> None:
    people = ["U1", "U2", "U3"]
    for person in people:
        held(bot)
        debrief(slack, "acme new", user=person)
    with busy(db), ThreadPoolExecutor(len(people)) as hands:
        done = list(hands.map(lambda p: submit(slack, p, reached="Yes", next_step=NEXT), people))
    said = [str(each.errors) for each in done]
    assert all("busy" in errors for errors in said), "Slack gives up after three seconds"


def test_a_form_sent_while_no_byte_can_be_written_comes_back_and_goes_through_later(
    living: Process,
) -> None:
    slack = living.slack
    debrief(slack, "acme")
    pid = living.pid
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
    refused(slack)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
    accepted(slack)
    assert steps(living.db) == [NEXT]


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 16 megabytes, where this user may mount one."""
    folder.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=16m", "coach", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounted, capture_output=True, check=False).returncode:
        pytest.skip("this user can't mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_form_sent_while_the_disk_is_full_comes_back_and_goes_through_later(
    tmp_path: Path, new_db: Path
) -> None:
    with small_disk(tmp_path / "disk") as disk, FakeSlack(SystemClock()) as slack:
        shutil.copy(new_db, disk)  # a log that once held an index has room of its own
        slack.add_user("U1", "sam", tz="UTC")
        slack.add_channel("C1", "deals", members=["U1"])
        process = Process(slack, disk / "coach.db")
        process.start()
        try:
            debrief(slack, "acme new")
            fill(disk)
            refused(slack)
            (disk / "full").unlink()
            accepted(slack)
            assert steps(process.db) == [NEXT]
        finally:
            process.kill()


def fill(disk: Path) -> None:
    with open(disk / "full", "wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            return


def test_a_file_that_can_only_be_read_is_said_at_start(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        sqlite3.connect(disk / "coach.db").close()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "COACH_"))}
        tokens = {"SLACK_BOT_TOKEN": "xoxb-T1", "SLACK_SIGNING_SECRET": "secret"}
        done = subprocess.run(
            [sys.executable, "-m", "bot", "http"], cwd=ROOT, capture_output=True, text=True,
            env=kept | tokens | {"COACH_DB": str(disk / "coach.db"), "PORT": "0"}, timeout=60,
        )  # fmt: skip
    assert done.returncode == NO_PLACE
    assert "can't be written" in done.stderr and "Traceback" not in done.stderr
