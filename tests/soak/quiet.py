"""A connection that goes quiet without hanging up is renewed within a minute."""

from __future__ import annotations

import time
from pathlib import Path

from bot.clock.now import SystemClock
from handlers.trial.small_slack.slack import FakeSlack
from tests.soak import Verdict
from tests.soak.lives import until
from tests.support.processes import Process
from tests.support.relay import Relay


def quiet(folder: Path, from_start: bool) -> Verdict:
    """The process as an admin runs it, behind a relay that stops carrying: after a while, or
    `from_start`, before the first pong."""
    with FakeSlack(SystemClock()) as slack, Relay(slack.sockets.port) as relay:
        slack.sockets.relay = relay.port
        slack.add_user("U1", "sam", tz="UTC")
        slack.add_channel("C1", "deals", members=["U1"])
        relay.mute = from_start
        process = Process(slack, folder / "coach.db", "socket")
        process.start()
        relay.mute = False
        until(lambda: False, 0 if from_start else 12)  # two pings, and their pongs
        relay.go_quiet()
        began = time.monotonic()
        until(lambda: relay.count > 1, 120)
        seconds = time.monotonic() - began
        answered = until(lambda: slack.command("U1", "C1", "/coach", "help").error is None, 10)
        process.kill()
    return Verdict(
        "a quiet connection is renewed",
        {"quiet": "from the start" if from_start else "later", "after, s": f"{seconds:.0f}"},
        {"later than a minute": int(seconds > 60), "unanswered after": int(not answered)},
    )
