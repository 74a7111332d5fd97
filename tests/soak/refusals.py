"""Hundreds of messages of every kind that Slack refuses at random, on a clock that is set about."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock.now import HandClock
from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.outbox.message import OutboxMessage
from bot.settings import Settings
from bot.storage.moments import to_text
from handlers.app import Bot
from handlers.slack.refusal import methods, refusal
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.soak import Verdict, marks
from tests.soak.lives import few
from tests.support.due import KINDS, Due

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
FURTHEST = timedelta(hours=3)  # that the coach's clock is wrong, either way
METHODS = (
    *("chat.postMessage", "chat.postMessage", "conversations.open", "conversations.info"),
    *("users.info", "conversations.history", "conversations.replies"),
    *("chat.startStream", "chat.appendStream", "chat.stopStream", "chat.update"),
)
TRANSPORT = ("reset", "reset_after_accept", "500", "429")
WAKES = 3_000
FOR_EVER = 0.1  # of the messages are refused by something that never passes


def refused(folder: Path, messages: int, seed: int = 1) -> Verdict:
    """`messages` of every kind, each refused up to four times on its way; the clock is moved by
    hand, and set back and forward by up to hours. Slack's own clock goes on steadily."""
    chance, ours, slacks = random.Random(seed), HandClock(START), HandClock(START)
    with (
        FakeSlack(slacks) as slack,
        Coach(_settings(folder, slack), ours, cards=few(folder / "posts")) as coach,
    ):
        bot, due = Bot(coach, Scheduler(ours, 60)), Due(coach, slack)
        slack.world.workspaces["T1"].scopes.add("channels:history")
        slack.add_user("U1", "sam", tz="UTC")
        for n in range(messages):
            KINDS[n % len(KINDS)](due)
        never = {message for message in due.planned if chance.random() < FOR_EVER}
        codes = [c for m in due.planned for c in _refuse(due, m, m in never, chance)]
        jumps = _go_on(bot, due, ours, slacks, chance)
        met = len(codes) - sum(map(slack.faults.waiting, {*METHODS}))
        bot.stop()
        said = Counter(mark for m in _all(slack) for mark in marks(m))
        lost = [m for m in due.planned if m not in never and not _stands(due, m, said)]
        undecided, states = _undecided(due), Counter(due.now(m).state for m in due.planned)
    return Verdict(
        "whatever Slack refuses for a while is said, and once",
        {"messages": messages, "refusals met": met, "codes": len({*codes})}
        | {"clock set": jumps, "by the clock, min": (slacks.now() - START).seconds // 60}
        | {"refused for ever": len(never), "states": dict(states)},
        {
            "lost": len(lost),
            "twice": sum(times > 1 for times in said.values()),
            "undecided": undecided,
        },
    )


def _settings(folder: Path, slack: FakeSlack) -> Settings:
    env = {"SLACK_BOT_TOKEN": "xoxb-T1", "SLACK_SIGNING_SECRET": "secret"}
    env |= {"SLACK_API_URL": slack.api_url, "COACH_DB": str(folder / "coach.db")}
    return Settings.from_env(env | {"COACH_EMBED_MODEL": "none"})


def _refuse(due: Due, message: OutboxMessage, never: bool, chance: random.Random) -> list[str]:
    """Have Slack refuse calls about it; the codes."""
    codes = []
    for _ in range(chance.randint(0, 4)):
        method = chance.choice(METHODS)
        code = chance.choice(_codes(due, method, message, never))
        names_them = method in ("users.info", "conversations.open")
        about = message.recipient.id if names_them else due.planned[message]
        due.slack.fail(method, code, about=about, retry_after=chance.choice((1, 30, 300)))
        codes.append(code)
    return codes


def _codes(due: Due, method: str, message: OutboxMessage, never: bool) -> list[str]:
    """What this call may be refused with: what is for ever only where it is `never` to arrive.

    What somebody waits for is parked if it can't be looked up before a person mends something.
    """
    codes = [*TRANSPORT, *methods()[method]]
    if never:
        return codes
    codes = [code for code in codes if refusal(code).kind != "never"]
    waited_for = due.coach.outbox.is_at_once(message.kind)
    if waited_for and method in ("conversations.history", "conversations.replies"):
        codes = [c for c in codes if refusal(c).kind == "passes" or refusal(c).look == "token"]
    return codes


def _go_on(bot: Bot, due: Due, ours: HandClock, slacks: HandClock, chance: random.Random) -> int:
    """Until all is decided; how often our clock was set. In the end it is right."""
    wrong, jumps = timedelta(0), 0
    for n in range(WAKES):
        bot.scheduler.wake()
        bot.deliverer.wait(60)
        if not _undecided(due):
            break
        if chance.random() < 0.1:
            to = FURTHEST * chance.uniform(-1, 1) * (n < WAKES / 2)
            ours.correct(seconds=(to - wrong).total_seconds())
            wrong, jumps = to, jumps + 1
        seconds = chance.choice((1, 1, 2, 5, 30))
        for clock in (ours, slacks):
            clock.forward(seconds=seconds)
    return jumps


def _undecided(due: Due) -> int:
    """Of these and what came of them, though not of what follows tomorrow."""
    rows = due.coach.store.read.query(
        "SELECT id FROM outbox WHERE state IN ('pending', 'sending') AND wanted_at < ?",
        [to_text(START + timedelta(hours=8))],
    )
    return len([*rows])


def _all(slack: FakeSlack) -> list[Message]:
    said = [m for each in slack.world.channel_messages.values() for m in each]
    return [message for message in said if not message.deleted]


def _stands(due: Due, message: OutboxMessage, said: Counter[str]) -> bool:
    """Whether it was said, or to each of those whom it concerns."""
    rows = due.coach.store.read.query(
        "SELECT mark FROM outbox WHERE key = ? OR key LIKE ?", [message.key, f"{message.key}:%"]
    )
    return any(said[row["mark"]] for row in rows)
