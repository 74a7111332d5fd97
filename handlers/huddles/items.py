"""Working through a huddle: ticks, answers, items of one's own, and why each item is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from bot.errors import CoachError
from bot.huddles.huddle import ITEM
from handlers.dispatch import errors
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import Then, in_time
from handlers.huddles import _card as card
from handlers.huddles import card_drawing as drawn
from handlers.huddles import forms, private_drawing
from handlers.slack import payloads
from handlers.slack.blocks import clip
from handlers.slack.payloads import Request

ADDED = "It is an item of the checklist now."


def on_tick(asked: Asked) -> Then:
    call_id, item_id, done = payloads.ticked(asked.body)
    asked.coach.huddles.tick(asked.rep, call_id, item_id, done)
    asked.ack()
    return in_time(partial(card.redraw, asked.rep, call_id, asked.coach, asked.messenger))


def on_answer(asked: Asked) -> None:
    asked.ack()
    call_id, item_id = _two(asked)
    huddle, item = asked.coach.huddles.item(asked.rep, call_id, item_id)
    as_shown = asked.coach.cards.card(asked.rep, call_id).huddle.item(item_id) or item
    asked.open_form(forms.answer(huddle.call, as_shown))


def on_answered(asked: Asked) -> Then:
    note, typed = payloads.note(asked.body), payloads.filled(asked.body)["answer"]
    asked.coach.huddles.answer(asked.rep, note["call"], note["item"], " ".join(typed.split()))
    asked.ack()
    return in_time(partial(card.redraw, asked.rep, note["call"], asked.coach, asked.messenger))


def on_why(asked: Asked) -> Then:
    asked.ack()
    return lambda: asked.reply(
        private_drawing.why(asked.coach.huddles.why(asked.rep, *_two(asked)))
    )


def on_why_parts(asked: Asked) -> Then:
    asked.ack()
    return lambda: asked.reply(private_drawing.why_parts(asked.coach.huddles.why_parts()))


def on_remember(asked: Asked) -> Then:
    """ "Add to the huddle": what the rep alone knew becomes an item."""
    call_id, _, what = asked.words.partition(":")
    memory = asked.coach.cards.own_memory(asked.rep, int(call_id))
    debrief = memory.debrief if memory else None
    text = (debrief.forgot if what == "forgot" else debrief.next_step) if debrief else None
    if not text:
        raise CoachError("There is nothing to add any more.")
    asked.coach.huddles.add_item(asked.rep, int(call_id), clip(" ".join(text.split()), ITEM))
    asked.ack()

    def then() -> None:
        card.redraw(asked.rep, int(call_id), asked.coach, asked.messenger)
        errors.say_kept(ADDED, asked)

    return in_time(then)


def on_add_item(asked: Asked) -> None:
    asked.ack()
    asked.open_form(forms.add_item(asked.coach.huddles.open(asked.rep, int(asked.words)).call))


def on_item_added(asked: Asked) -> Then:
    call_id = payloads.note(asked.body)["call"]
    form_id, _ = payloads.form_id(asked.body)
    asked.coach.huddles.add_item(asked.rep, call_id, payloads.filled(asked.body)["item"], form_id)
    asked.ack()
    return in_time(partial(card.redraw, asked.rep, call_id, asked.coach, asked.messenger))


def _two(asked: Request) -> tuple[int, int]:
    call_id, item_id, *_ = asked.words.split(":")
    return int(call_id), int(item_id)


ACTIONS: Mapping[str, Callable[..., Then]] = {
    drawn.HUDDLE_TICK: on_tick,
    drawn.HUDDLE_ANSWER: on_answer,
    drawn.HUDDLE_WHY: on_why,
    drawn.HUDDLE_WHY_PARTS: on_why_parts,
    drawn.HUDDLE_REMEMBER: on_remember,
    drawn.HUDDLE_ADD_ITEM: on_add_item,
}
VIEWS: Mapping[str, Callable[..., Then]] = {
    forms.HUDDLE_ANSWERED: on_answered,
    forms.HUDDLE_ITEM_ADDED: on_item_added,
}
