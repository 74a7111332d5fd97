"""What the stories of tips have in common: asking and pressing."""

from __future__ import annotations

from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually


def ask(slack: FakeSlack, words: str, user: str = "U1", channel: str = "C1") -> Message:
    """Type `/tip words` and wait for the private answer."""
    before = len(slack.ephemerals(user))
    delivery = slack.command(user, channel, "/tip", words)
    assert (delivery.status, delivery.error) == (200, None)
    eventually(lambda: len(slack.ephemerals(user)) > before)
    return slack.ephemerals(user)[-1]


def press(slack: FakeSlack, user: str, message: Message, label: str) -> None:
    block_id, action_id, value = slack.button(message, label)
    delivery = slack.click(user, message, action_id, value, block_id)
    assert (delivery.status, delivery.error) == (200, None)
