"""A request, with all that its listener works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from bot.coach import Coach
from handlers.slack.blocks import Message
from handlers.slack.messenger import Messenger
from handlers.slack.payloads import Request


def _is_acked(*answer: Any, **more: Any) -> None:
    """What is done after the ack has nothing to acknowledge any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Request):
    """What somebody typed or pressed, and how it is acknowledged, looked up and answered."""

    coach: Coach
    messenger: Messenger
    ack: Callable[..., object] = _is_acked

    @classmethod
    def of(cls, request: Request, coach: Coach, messenger: Messenger) -> Asked:
        said = {field.name: getattr(request, field.name) for field in fields(request)}
        return cls(**said, coach=coach, messenger=messenger)

    def now(self) -> datetime:
        return self.coach.now()

    def reply(self, message: Message, replace: bool = False) -> None:
        self.messenger.reply(self, message, replace)

    def open_form(self, view: Mapping[str, Any]) -> None:
        self.messenger.open_form(self, view)

    def push_form(self, view: Mapping[str, Any]) -> None:
        self.messenger.push_form(self, view)

    def change_form(self, view: Mapping[str, Any]) -> None:
        self.messenger.change_form(self, view)
