"""`/tip`: advice for a situation, from the library, to the one who asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from bot.coach import Coach
from bot.tips.tip import Answer, Tip
from handlers.dispatch import errors
from handlers.dispatch.listener import FOR_MANAGERS, Then, in_time
from handlers.slack import blocks, payloads
from handlers.slack.blocks import escape
from handlers.slack.messenger import Messenger
from handlers.slack.payloads import Request
from handlers.tips import conversation_drawing
from handlers.tips import drawing as tip_drawing

HELP_WORDS = ("help", "?", "??", "list", "usage", "ls")
THEMES = 5  # that a status names
EXAMPLE = "the customer wants to cancel"  # one that the library answers well


def on_tip(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    ack()
    if payloads.plain(asked.words).casefold().strip(" .!") in HELP_WORDS:
        return lambda: messenger.reply(asked, blocks.words(_usage(coach)))
    return lambda: _answer(asked, coach, messenger)


def _usage(coach: Coach) -> str:
    tip = coach.commands["tip"]
    return "\n".join(f"`{tip} {typed}`  {what}".replace(" `", "`") for _, typed, what in HELP)


def _answer(asked: Request, coach: Coach, messenger: Messenger) -> None:
    words, beside = payloads.plain(asked.words), coach.model.beside

    def with_a_model() -> None:
        answer = coach.tips.answer(asked.rep, words, asked.channel_id, with_model=True)
        if answer.tip and coach.tips.may_be_written(answer.tip):
            answer = replace(answer, tip=coach.tips.written(asked.rep, answer.tip))
        _say(answer, asked, messenger)

    waits = coach.tips.chooses(words) and beside(lambda: errors.run(with_a_model, asked, messenger))
    if not waits:
        _without_choosing(words, asked, coach, messenger)


def _without_choosing(words: str, asked: Request, coach: Coach, messenger: Messenger) -> None:
    answer = coach.tips.answer(asked.rep, words, asked.channel_id)
    tip, beside = answer.tip, coach.model.beside

    def write() -> None:
        assert tip is not None
        _say(replace(answer, tip=coach.tips.written(asked.rep, tip)), asked, messenger)

    waits = tip and coach.tips.may_be_written(tip)
    if not (waits and beside(lambda: errors.run(write, asked, messenger))):
        _say(answer, asked, messenger)


def _say(answer: Answer, asked: Request, messenger: Messenger) -> None:
    drawn = _drawn(answer.tip, asked, messenger) if answer.tip else None
    messenger.reply(asked, drawn or tip_drawing.under_its_question(answer))


def on_choose(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    ack()

    def then() -> None:
        choice_id, _, n = asked.words.partition(" ")
        tip = coach.tips.choose(asked.rep, int(choice_id), int(n), asked.channel_id)
        # In a channel others choose from the same message: the tip is for the one who did.
        stays = payloads.clicked_message(asked.body) and not asked.in_direct_message
        drawn = tip_drawing.tip(tip, False) if stays else _drawn(tip, asked, messenger)
        messenger.reply(asked, drawn, replace=not stays)

    return then


def on_another(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    ack()

    def then() -> None:
        tip = coach.tips.another(asked.rep, int(asked.words))
        messenger.reply(asked, _drawn(tip, asked, messenger), replace=True)

    return then


def on_helpful(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    return _vote(ack, asked, coach, messenger, True)


def on_not_helpful(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    return _vote(ack, asked, coach, messenger, False)


def _vote(ack: Any, asked: Request, coach: Coach, messenger: Messenger, helpful: bool) -> Then:
    tip_id = int(asked.words)
    coach.tips.vote(asked.rep, tip_id, helpful)
    ack()

    def then() -> None:
        tip = coach.tips.again(asked.rep, tip_id)
        messenger.reply(asked, _drawn(tip, asked, messenger, helpful), replace=True)

    kept = f"{tip_drawing.VOTED[helpful]} {errors.NOT_SHOWN}"
    return partial(errors.show, then, kept, asked, messenger)


def on_share(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    ack()
    return in_time(partial(_share, asked, coach, messenger))


def _share(asked: Request, coach: Coach, messenger: Messenger) -> None:
    tip = coach.tips.again(asked.rep, int(asked.words))
    if why := messenger.why_not(asked.rep, asked.channel_id):
        messenger.to_rep(asked.rep, tip_drawing.tip_kept_back(tip, why))
        messenger.reply(asked, blocks.words(why))
        return
    sent = f"{tip_drawing.TIP_SHARE}:{tip.id}:{asked.channel_id}"
    if not coach.inbox.told_of(asked.rep, sent):
        shared = tip_drawing.shared_tip(tip, asked.rep.user_id)
        posted = messenger.to_channel(asked.rep, asked.channel_id, shared)
        if posted.why:
            messenger.reply(asked, blocks.words(posted.why))
            return
        coach.inbox.tell_of(asked.rep, sent, posted.channel_id, posted.ts)
    after = tip_drawing.tip(tip, True, shared_in=asked.channel_id)
    draw = partial(messenger.reply, asked, after, replace=True)
    errors.show(draw, f"Shared in <#{asked.channel_id}>.", asked, messenger)


def _drawn(
    tip: Tip, asked: Request, messenger: Messenger, voted: bool | None = None
) -> blocks.Message:
    if payloads.clicked_message(asked.body):  # in a conversation, where it stands for good
        return conversation_drawing.answer(tip, private=True)
    outsiders = messenger.knows_outsiders_read(asked.rep, asked.channel_id)
    return tip_drawing.tip(tip, not (asked.in_direct_message or outsiders), voted)


def learned(asked: Request, coach: Coach) -> Sequence[tuple[str, str]]:
    """For managers: how much had no answer, and what was asked alike, in words that are nobody's
    own."""
    gaps = coach.learning.gaps(asked.rep)
    if gaps is None or not gaps.questions:
        return []
    many = "1 question" if gaps.questions == 1 else f"{gaps.questions} questions"
    alike = "; ".join(f"_{escape(each.words)}_" for each in gaps.themes[:THEMES])
    told = (
        f"Asked alike by two people or more: {alike}."
        if alike
        else "I show what two people or more asked alike; so far nothing."
    )
    return [(FOR_MANAGERS, f"• The library had no answer to {many}. {told}")]


def status(asked: Request, coach: Coach) -> Sequence[tuple[str, str]]:
    """What the model costs, for managers."""
    settings, writer = coach.settings, coach.model
    if not writer.on or not coach.people.is_manager(asked.rep):
        return []
    used = writer.used_today(asked.rep.workspace_id)
    most = settings.model_tokens_a_day
    return [(FOR_MANAGERS, f"• The model used {used:,} of {most:,} tokens today (UTC).")]


COMMANDS = {"tip": on_tip}
ACTIONS = {
    tip_drawing.TIP_CHOOSE: on_choose,
    tip_drawing.TIP_ANOTHER: on_another,
    tip_drawing.TIP_HELPFUL: on_helpful,
    tip_drawing.TIP_NOT_HELPFUL: on_not_helpful,
    tip_drawing.TIP_SHARE: on_share,
}
HELP = (
    ("tip", EXAMPLE, "advice for a situation, with its source"),
    ("tip", "", "a tip you have not had lately"),
)
STATUS = (learned, status)
