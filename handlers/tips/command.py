"""`/tip`: advice for a situation, from the library, to the one who asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from bot.coach import Coach
from bot.tips.tip import Tip
from handlers.dispatch import errors
from handlers.dispatch.coach_command import FOR_MANAGERS, Then, in_time
from handlers.slack import blocks, payloads
from handlers.slack.messenger import Speaker
from handlers.slack.payloads import Asked
from handlers.tips import conversation_drawing

EXAMPLE = "the customer wants to cancel"  # one that the library answers well


def on_tip(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    ack()
    return lambda: _answer(asked, coach, speaker)


def _answer(asked: Asked, coach: Coach, speaker: Speaker) -> None:
    answer = coach.tips.answer(asked.rep, payloads.plain(asked.words), asked.channel_id)
    if (tip := answer.tip) is None:
        speaker.reply(asked, blocks.nothing_found(answer))
        return

    def write() -> None:
        speaker.reply(asked, _drawn(coach.tips.written(asked.rep, tip), asked, speaker))

    beside = coach.model.beside
    waits = coach.tips.may_be_written(tip) and beside(lambda: errors.run(write, asked, speaker))
    if not waits:
        speaker.reply(asked, _drawn(tip, asked, speaker))


def on_another(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    ack()

    def then() -> None:
        tip = coach.tips.another(asked.rep, int(asked.words))
        speaker.reply(asked, _drawn(tip, asked, speaker), replace=True)

    return then


def on_helpful(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    return _vote(ack, asked, coach, speaker, True)


def on_not_helpful(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    return _vote(ack, asked, coach, speaker, False)


def _vote(ack: Any, asked: Asked, coach: Coach, speaker: Speaker, helpful: bool) -> Then:
    tip_id = int(asked.words)
    coach.tips.vote(asked.rep, tip_id, helpful)
    ack()

    def then() -> None:
        tip = coach.tips.again(asked.rep, tip_id)
        speaker.reply(asked, _drawn(tip, asked, speaker, helpful), replace=True)

    return then


def on_share(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    ack()
    return in_time(partial(_share, asked, coach, speaker))


def _share(asked: Asked, coach: Coach, speaker: Speaker) -> None:
    tip = coach.tips.again(asked.rep, int(asked.words))
    if why := speaker.why_not(asked.rep, asked.channel_id):
        speaker.to_rep(asked.rep, blocks.tip_kept_back(tip, why))
        speaker.reply(asked, blocks.words(why))
        return
    shared = blocks.shared_tip(tip, asked.rep.user_id)
    posted = speaker.to_channel(asked.rep, asked.channel_id, shared)
    if posted.why:
        speaker.reply(asked, blocks.words(posted.why))
        return
    after = blocks.tip(tip, True, shared_in=posted.channel_id)
    speaker.reply(asked, after, replace=True)


def _drawn(tip: Tip, asked: Asked, speaker: Speaker, voted: bool | None = None) -> blocks.Message:
    if payloads.clicked_message(asked.body):  # in a conversation, where it stands for good
        return conversation_drawing.answer(tip, private=True)
    outsiders = speaker.knows_outsiders_read(asked.rep, asked.channel_id)
    return blocks.tip(tip, not (asked.in_direct_message or outsiders), voted)


def status(asked: Asked, coach: Coach) -> Sequence[tuple[str, str]]:
    """What the model costs, for managers."""
    settings, writer = coach.settings, coach.model
    if not writer.on or asked.rep.user_id not in settings.managers:
        return []
    used = writer.used_today(asked.rep.workspace_id)
    most = settings.model_tokens_a_day
    return [(FOR_MANAGERS, f"• The model used {used:,} of {most:,} tokens today (UTC).")]


COMMANDS = {"tip": on_tip}
ACTIONS = {
    blocks.TIP_ANOTHER: on_another,
    blocks.TIP_HELPFUL: on_helpful,
    blocks.TIP_NOT_HELPFUL: on_not_helpful,
    blocks.TIP_SHARE: on_share,
}
HELP = (
    ("tip", EXAMPLE, "advice for a situation, with its source"),
    ("tip", "", "a tip you have not had lately"),
)
STATUS = (status,)
