"""Laws that hold over long runs: each is a function of counts that returns what it counted."""

from __future__ import annotations

from typing import NamedTuple

from handlers.trial.small_slack.slack import Message


class Verdict(NamedTuple):
    """One law after its run. `figures` are printed in order; `zeros` must all be 0."""

    law: str
    figures: dict[str, object]
    zeros: dict[str, int]

    @property
    def holds(self) -> bool:
        return not any(self.zeros.values())

    def __str__(self) -> str:
        told = ", ".join(f"{name} {value}" for name, value in (self.figures | self.zeros).items())
        return f"{'ok  ' if self.holds else 'FAIL'} {self.law}: {told}"


def marks(message: Message) -> list[str]:
    """The marks of what a message of the small Slack holds."""
    payload = (message.metadata or {}).get("event_payload") or {}
    also = (payload.get("also") or "").split(",")
    return [payload["id"], *filter(None, also)] if payload else []
