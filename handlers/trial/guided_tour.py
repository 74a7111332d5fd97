"""The guided walk: five steps, each noticed by what the app and Slack said to each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from handlers.debriefs import drawing as debrief_drawing
from handlers.debriefs import follow_up_drawing
from handlers.huddles import card_drawing
from handlers.tips import conversation_drawing
from handlers.tips import drawing as tip_drawing
from handlers.trial.small_slack.world import Exchange, Json

Seen = Callable[[Exchange], bool]

SAID = ("chat.postMessage", "chat.update", "response_url")


class Step(NamedTuple):
    """What to do next; `fill` is put into the composer of `channel`, `press` is a clock button."""

    id: str
    title: str
    words: str
    seen: Seen
    fill: str = ""
    channel: str = ""
    press: str = ""
    alone: bool = False  # done, it says nothing about the steps before it


def drawn(*actions: str) -> Seen:
    """The app drew something with one of these actions."""

    def seen(exchange: Exchange) -> bool:
        if exchange.direction != "in" or exchange.name not in SAID:
            return False
        said = json.dumps(exchange.request.get("blocks") or [])
        return any(f'"{action}"' in said for action in actions)

    return seen


def pressed(*actions: str) -> Seen:
    """A person pressed or ticked one of these."""

    def seen(exchange: Exchange) -> bool:
        happened = exchange.request.get("actions") or [{}]
        return exchange.direction == "out" and happened[0].get("action_id") in actions

    return seen


class Walk:
    """Which steps are done. Who is further on is not sent back to what they left out."""

    def __init__(self, commands: Mapping[str, str]) -> None:
        self.steps = _steps(commands)
        self.done: set[str] = set()
        self.dismissed = False
        self._last: Exchange | None = None

    def follow(self, log: Sequence[Exchange]) -> None:
        """Look at what was said since the last time."""
        fresh = []
        for exchange in reversed(log):
            if exchange is self._last:
                break
            fresh.append(exchange)
        self._last = log[-1] if log else None
        for exchange in reversed(fresh):
            for n, step in enumerate(self.steps):
                if step.seen(exchange):
                    before = [] if step.alone else self.steps[:n]
                    self.done |= {each.id for each in (*before, step)}

    def told(self) -> Json:
        """As the page wants it: the step to take now, None once all are done."""
        left = [step for step in self.steps if step.id not in self.done]
        now = left[0]._asdict() if left else None
        if now:
            del now["seen"]
        number = self.steps.index(left[0]) + 1 if left else 0
        return {"step": now, "number": number, "of": len(self.steps), "off": self.dismissed}


def _steps(commands: Mapping[str, str]) -> list[Step]:
    huddle, tip = commands["huddle"], commands["tip"]
    return [
        Step(
            "huddle",
            "Get ready for a call",
            "A huddle is a short checklist before a customer call. Ask for one in #deals.",
            drawn(card_drawing.HUDDLE_TICK, card_drawing.HUDDLE_ANSWER),
            fill=f"{huddle} Acme demo 15:00 @kim",
            channel="C1",
        ),
        Step(
            "tick",
            "Work through it together",
            "Set the goal of the call. Then tick a box, or answer a question.",
            pressed(card_drawing.HUDDLE_TICK, card_drawing.HUDDLE_ANSWER),
        ),
        Step(
            "after",
            "Let the call be over",
            "Be kim for a moment: the card is the same for everybody. Then move the clock: ten"
            " minutes after the call the coach asks sam how it went.",
            drawn(follow_up_drawing.YES),
            press="after_call",
        ),
        Step(
            "debrief",
            "Say how it went",
            "As sam, open the messages with Coach and press Yes, Partly or No. The form takes a"
            " minute.",
            drawn(debrief_drawing.DEBRIEF_CHANGE),
        ),
        Step(
            "tip",
            "Ask for advice",
            "Describe a situation in your own words. The answer names the post it rests on.",
            drawn(tip_drawing.TIP_HELPFUL, conversation_drawing.FEEDBACK),
            fill=f"{tip} they want a discount before they sign",
            channel="C1",
            alone=True,
        ),
    ]
