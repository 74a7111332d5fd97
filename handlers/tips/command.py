"""`/tip`: advice for a situation, from the library, to the one who asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.coach import Coach
from bot.tips.tip import Answer, Tip
from handlers.dispatch import errors
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import FOR_MANAGERS, Then, in_time
from handlers.slack import blocks, payloads
from handlers.slack.blocks import escape
from handlers.tips import conversation_drawing
from handlers.tips import drawing as tip_drawing

HELP_WORDS = ("help", "?", "??", "list", "usage", "ls")
THEMES = 5  # that a status names
EXAMPLE = "the customer wants to cancel"  # one that the library answers well


def on_tip(asked: Asked) -> Then:
    asked.ack()
    if payloads.plain(asked.words).casefold().strip(" .!") in HELP_WORDS:
        return lambda: asked.reply(blocks.words(_usage(asked.coach)))
    return lambda: _answer(asked)


def _usage(coach: Coach) -> str:
    tip = coach.commands["tip"]
    return "\n".join(f"`{tip} {typed}`  {what}".replace(" `", "`") for _, typed, what in HELP)


def _answer(asked: Asked) -> None:
    words, beside = payloads.plain(asked.words), asked.coach.model.beside

    def with_a_model() -> None:
        answer = asked.coach.tips.answer(asked.rep, words, asked.channel_id, with_model=True)
        if answer.tip and asked.coach.tips.may_be_written(answer.tip):
            answer = replace(answer, tip=asked.coach.tips.written(asked.rep, answer.tip))
        _say(answer, asked)

    waits = asked.coach.tips.chooses(words) and beside(lambda: errors.run(with_a_model, asked))
    if not waits:
        _without_choosing(words, asked)


def _without_choosing(words: str, asked: Asked) -> None:
    answer = asked.coach.tips.answer(asked.rep, words, asked.channel_id)
    tip, beside = answer.tip, asked.coach.model.beside

    def write() -> None:
        assert tip is not None
        _say(replace(answer, tip=asked.coach.tips.written(asked.rep, tip)), asked)

    waits = tip and asked.coach.tips.may_be_written(tip)
    if not (waits and beside(lambda: errors.run(write, asked))):
        _say(answer, asked)


def _say(answer: Answer, asked: Asked) -> None:
    drawn = _drawn(answer.tip, asked) if answer.tip else None
    asked.reply(drawn or tip_drawing.under_its_question(answer))


def on_choose(asked: Asked) -> Then:
    asked.ack()

    def then() -> None:
        choice_id, _, n = asked.words.partition(" ")
        tip = asked.coach.tips.choose(asked.rep, int(choice_id), int(n), asked.channel_id)
        # In a channel others choose from the same message: the tip is for the one who did.
        stays = payloads.clicked_message(asked.body) and not asked.in_direct_message
        drawn = tip_drawing.tip(tip, False) if stays else _drawn(tip, asked)
        asked.reply(drawn, replace=not stays)

    return then


def on_another(asked: Asked) -> Then:
    asked.ack()

    def then() -> None:
        tip = asked.coach.tips.another(asked.rep, int(asked.words))
        asked.reply(_drawn(tip, asked), replace=True)

    return then


def on_helpful(asked: Asked) -> Then:
    return _vote(asked, True)


def on_not_helpful(asked: Asked) -> Then:
    return _vote(asked, False)


def _vote(asked: Asked, helpful: bool) -> Then:
    tip_id = int(asked.words)
    asked.coach.tips.vote(asked.rep, tip_id, helpful)
    asked.ack()

    def then() -> None:
        tip = asked.coach.tips.again(asked.rep, tip_id)
        asked.reply(_drawn(tip, asked, helpful), replace=True)

    kept = f"{tip_drawing.VOTED[helpful]} {errors.NOT_SHOWN}"
    return partial(errors.show, then, kept, asked)


def on_share(asked: Asked) -> Then:
    asked.ack()
    return in_time(partial(_share, asked))


def _share(asked: Asked) -> None:
    tip = asked.coach.tips.again(asked.rep, int(asked.words))
    if why := asked.messenger.why_not(asked.rep, asked.channel_id):
        asked.messenger.to_rep(asked.rep, tip_drawing.tip_kept_back(tip, why))
        asked.reply(blocks.words(why))
        return
    sent = f"{tip_drawing.TIP_SHARE}:{tip.id}:{asked.channel_id}"
    if not asked.coach.inbox.told_of(asked.rep, sent):
        shared = tip_drawing.shared_tip(tip, asked.rep.user_id)
        posted = asked.messenger.to_channel(asked.rep, asked.channel_id, shared)
        if posted.why:
            asked.reply(blocks.words(posted.why))
            return
        asked.coach.inbox.tell_of(asked.rep, sent, posted.channel_id, posted.ts)
    after = tip_drawing.tip(tip, True, shared_in=asked.channel_id)
    draw = partial(asked.reply, after, replace=True)
    errors.show(draw, f"Shared in <#{asked.channel_id}>.", asked)


def _drawn(tip: Tip, asked: Asked, voted: bool | None = None) -> blocks.Message:
    if payloads.clicked_message(asked.body):  # in a conversation, where it stands for good
        return conversation_drawing.answer(tip, private=True)
    outsiders = asked.messenger.knows_outsiders_read(asked.rep, asked.channel_id)
    return tip_drawing.tip(tip, not (asked.in_direct_message or outsiders), voted)


def learned(asked: Asked) -> Sequence[tuple[str, str]]:
    """For managers: how much had no answer, and what was asked alike, in words that are nobody's
    own."""
    gaps = asked.coach.learning.gaps(asked.rep)
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


def status(asked: Asked) -> Sequence[tuple[str, str]]:
    """What the model costs, for managers."""
    settings, writer = asked.coach.settings, asked.coach.model
    if not writer.on or not asked.coach.people.is_manager(asked.rep):
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
