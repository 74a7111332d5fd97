"""`/tip`: advice for a situation, from the library, to the one who asked."""

from __future__ import annotations

from typing import Any

from bot.coach import Coach
from handlers import blocks, parse
from handlers.parse import Asked
from handlers.say import Speaker


def on_tip(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> None:
    ack()
    answer = coach.tips.answer(asked.rep, parse.plain(asked.words), asked.channel_id)
    if answer.tip is None:
        speaker.reply(asked, blocks.nothing_found(answer))
    else:
        speaker.reply(asked, blocks.tip(answer.tip, not asked.in_direct_message))


def on_another(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> None:
    ack()
    tip = coach.tips.another(asked.rep, int(asked.words))
    speaker.reply(asked, blocks.tip(tip, not asked.in_direct_message), replace=True)


def on_helpful(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> None:
    _vote(ack, asked, coach, speaker, True)


def on_not_helpful(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> None:
    _vote(ack, asked, coach, speaker, False)


def _vote(ack: Any, asked: Asked, coach: Coach, speaker: Speaker, helpful: bool) -> None:
    tip_id = int(asked.words)
    coach.tips.vote(asked.rep, tip_id, helpful)
    ack()
    tip = coach.tips.again(asked.rep, tip_id)
    speaker.reply(asked, blocks.tip(tip, not asked.in_direct_message, helpful), replace=True)


def on_share(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> None:
    ack()
    tip = coach.tips.again(asked.rep, int(asked.words))
    posted = speaker.to_channel(
        asked.rep, asked.channel_id, blocks.shared_tip(tip, asked.rep.user_id)
    )
    speaker.reply(asked, blocks.words(posted.why or f"Shared in <#{posted.channel_id}>."))


COMMANDS = {"tip": on_tip}
ACTIONS = {
    blocks.TIP_ANOTHER: on_another,
    blocks.TIP_HELPFUL: on_helpful,
    blocks.TIP_NOT_HELPFUL: on_not_helpful,
    blocks.TIP_SHARE: on_share,
}
HELP = (
    ("tip", "they went quiet after the demo", "advice for a situation, with its source"),
    ("tip", "", "a tip you have not had lately"),
)
