"""A coach that dies at one statement: a process that forks one anew for each that it is told.

What runs in the child is the coach as it is. The fault comes from outside of it: Python's own
tracing counts the statements as they begin, and the process is killed before the one that was
named. One thing is set for it: the time, and when it wakes.
"""

from __future__ import annotations

import ast
import json
import os
import signal
import sys
import threading
from collections import Counter
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from slack_sdk.errors import SlackClientError

from bot.clock.calendar_words import words_of
from bot.clock.local_time import read_zone
from bot.clock.now import HandClock
from bot.clock.timer import Scheduler
from bot.coach import ROOT, Coach, read_files
from bot.settings import Settings
from bot.writing.rewording_check import keeps
from handlers.app import table
from handlers.dispatch.inbox import InboxWorker
from handlers.dispatch.outsiders import Membership
from handlers.huddles import command as huddle_command
from handlers.meetings import command as meeting_command
from handlers.outbox.delivery import Deliverer
from handlers.slack.client import client
from handlers.slack.messenger import Messenger
from handlers.slack.refusal import refusal
from tests.soak.lives import few

# The path from what is due, asked for or changed to what is said, in the order in which it is
# walked.
PATH = (
    *("handlers/dispatch/inbox.py", "handlers/huddles/command.py", "handlers/huddles/_card.py"),
    *("bot/inbox/event.py", "bot/huddles/card_service.py", "bot/huddles/card_message.py"),
    *("handlers/huddles/_announcements.py", "bot/huddles/announcement_service.py"),
    *(
        "bot/huddles/announcement.py",
        "handlers/outbox/delivery.py",
        "handlers/dispatch/message_kind.py",
    ),
    *("handlers/questions/answers.py", "bot/questions/service.py", "bot/questions/table.py"),
    *("bot/outbox/service.py", "bot/outbox/message.py", "bot/outbox/table.py"),
    *("bot/storage/_engine.py", "handlers/slack/messenger.py", "handlers/slack/client.py"),
    *("bot/daily_tips/service.py", "bot/daily_tips/table.py"),
    *("bot/debriefs/follow_up_service.py", "bot/debriefs/follow_up_table.py"),
    *("handlers/library/_work.py", "bot/imports/service.py", "bot/imports/table.py"),
    *("handlers/meetings/command.py", "bot/meetings/kinds.py", "bot/meetings/binding.py"),
    *("handlers/calendars/command.py", "bot/calendars/telling.py"),
)
# … and its core: from the plan to the claim and the commit, and from a look to the verdict.
CORE = {
    "handlers/outbox/delivery.py": {
        *("now", "_bring", "_say", "_say_there", "_say_at_home", "_post", "_refused", "_delay"),
        *(
            "_look_up",
            "_seek",
            "_seen",
            "_complete",
            "_not_found_out",
            "_first",
            "_cut_off",
            "_extra",
        ),
    },
    "bot/outbox/service.py": {
        *("claim", "_still_wanted", "said", "not_said", "put_off", "give_up"),
        *("refused", "not_looked_up", "_close_dead", "_few_enough"),
    },
    "bot/outbox/table.py": {
        *("plan", "claim", "look_up", "put_off", "note", "not_said", "close", "said", "_each")
    },
    "bot/debriefs/follow_up_service.py": {"still_wanted", "said"},
    "bot/questions/service.py": {"still_wanted", "said", "choose"},
    "bot/imports/service.py": {"still_wanted", "said", "refused"},
    "bot/meetings/kinds.py": {"still_wanted"},
    "bot/meetings/binding.py": {"_bind"},
    "bot/calendars/telling.py": {"still_wanted"},
    "handlers/meetings/command.py": {"_bring", "_redraw", "_offer", "_off", "_moved"},
    "handlers/library/_work.py": {"_place", "_draw"},
    "bot/huddles/card_service.py": {"wanted"},
    "bot/huddles/card_message.py": {"said", "plan", "last"},
    "bot/huddles/announcement.py": {"refused", "invite", "of_card", "close", "tell", "_to_each"},
    "handlers/slack/messenger.py": {"say_once", "seen", "take_back", "_post"},
    "handlers/huddles/_card.py": {"_card_place", "_new_card"},
    "handlers/huddles/_announcements.py": {"_say"},
    "handlers/questions/answers.py": {"_place", "_draw"},
}

FILES = cache(read_files)  # plays, forms and prompts: none of them changes between two lives

Statement = tuple[str, int]  # file, and the first line of a statement
Point = tuple[str, str, int, int]  # thread, file, line, and which time that thread is there


def _heads(name: str) -> dict[int, int]:
    """The first line of the statement that each line belongs to; of a block, its head alone."""
    first: dict[int, int] = {}
    for node in ast.walk(_tree(name)):  # from the outside to the inside
        if isinstance(node, ast.stmt):
            first |= dict.fromkeys(range(node.lineno, (node.end_lineno or 0) + 1), node.lineno)
    return first


@cache
def core() -> set[Statement]:
    """Every statement of the core, but for docstrings."""
    return {
        (name, node.lineno)
        for name, functions in CORE.items()
        for function in ast.walk(_tree(name))
        if isinstance(function, ast.FunctionDef) and function.name in functions
        for node in ast.walk(function)
        if isinstance(node, ast.stmt) and node is not function and not _is_docstring(node)
    }


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text())


_FILES = {str(ROOT / name): name for name in PATH}
_HEADS = {name: _heads(name) for name in PATH}


class Tracer:
    """Notes each statement of the path as it begins, and kills the process before one of them."""

    def __init__(self, kill_at: Point | None) -> None:
        self._kill_at = kill_at
        self._times = Counter[tuple[str, str, int]]()
        self.points: list[Point] = []
        self.armed = False

    def __call__(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._line if frame.f_code.co_filename in _FILES else None

    def _line(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line" and self.armed:
            thread = threading.current_thread().name.partition("_")[0]
            name = _FILES[frame.f_code.co_filename]
            here = thread, name, _HEADS[name][frame.f_lineno]
            self._times[here] += 1
            point = (*here, self._times[here])
            if point == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            self.points.append(point)
        return self._line


def die(order: dict[str, Any]) -> None:
    """Be a coach that wakes a few times, and dies where the order says; else tell the points."""
    tracer = Tracer(tuple(order["kill_at"]) if order["kill_at"] else None)
    threading.settrace(tracer)
    sys.settrace(tracer)
    db = Path(order["db"])
    settings = Settings.from_env({**os.environ, "COACH_DB": str(db)})
    clock = HandClock(datetime.fromisoformat(order["at"]))
    coach = Coach(settings, clock, cards=few(db.parent / "posts"), read=FILES)
    tracer.armed = True
    half = Half(coach)
    for wait_s in order["wakes"]:
        clock.forward(seconds=wait_s)
        _ask("wakes")
        half.wake()
    tracer.armed = False
    _say(json.dumps(tracer.points))


class Half:
    """What says messages and does what was acked, as in the whole coach."""

    def __init__(self, coach: Coach) -> None:
        web = client(coach.settings.bot_token, coach.settings.api_url)
        messenger = Messenger(web, coach, Scheduler(coach.clock).later)
        begun = huddle_command.COMMITTED_FORMS | meeting_command.COMMITTED_FORMS
        deeds = {name: deed for name, (_, deed) in begun.items()}
        self._deliverer = Deliverer(coach, messenger, table("KINDS"))
        self._postman = InboxWorker(coach, messenger, {}, deeds, Membership(coach, messenger))

    def wake(self) -> None:
        """Wake once; all is done when it returns."""
        self._deliverer.wake()
        self._deliverer.wait(20)
        self._postman.drain()

    def stop(self) -> None:
        self._deliverer.stop()
        self._postman.stop()


def _ask(line: str) -> None:
    """Say it, and wait until whoever reads it has done their part."""
    _say(line)
    os.read(0, 1)


def _say(line: str) -> None:
    with open(1, "w", closefd=False) as out:
        print(line, file=out)


def main() -> None:
    """For each line of standard input: fork a coach, wait until it is dead, and say so."""
    FILES()  # what is read once in a life, and imported late: each life is shorter by it
    read_zone("UTC")
    words_of("en-US")
    refusal("ratelimited")
    keeps("What is next?", "What is next?", "", "")
    with suppress(SlackClientError, OSError):
        client("xoxb-nobody", "http://127.0.0.1:9/api/").api_test()
    while order := _line():
        if (child := os.fork()) == 0:
            die(json.loads(order))
            os._exit(0)
        os.waitpid(child, 0)
        _say("dead")


def _line() -> str:
    """A line of standard input, and not a byte more: the child reads what follows."""
    read = bytearray()
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        read += byte
    return read.decode()


if __name__ == "__main__":
    main()
