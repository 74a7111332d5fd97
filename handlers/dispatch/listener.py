"""What every feature needs to be heard: what a listener returns, and the headings of a status."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from handlers.dispatch.asked import Asked

Then = Callable[[], object] | None


Listener = Callable[[Asked], Then]


def in_time(work: Callable[[], object]) -> Then:
    """What follows an ack, and may wait behind answers."""
    return lambda: work


# What `/coach status` is made of, in this order.
TODAY = "*Your calls today*"


WAITS = "*What waits*"


IN_THE_WAY = "*What is in the way*"


SETTINGS = "*Settings*"


FOR_MANAGERS = "*For managers*"


HEADINGS = (TODAY, WAITS, IN_THE_WAY, SETTINGS, FOR_MANAGERS)


# What a feature adds to it for this rep: lines of escaped text, each with its heading.
StatusLines = Callable[[Asked], Sequence[tuple[str, str]]]
