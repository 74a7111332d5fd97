"""`/huddle`: everybody on a call knows the play before it; and the card they work through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.calls import Call
from bot.coach import Coach
from bot.coach.huddles import Understood
from bot.errors import CoachError
from bot.huddles import ITEM, Wish
from handlers import huddle_blocks as drawn
from handlers import huddle_card, huddle_form, parse
from handlers.blocks import clip, words
from handlers.huddle_form import Unfit
from handlers.menu import Then
from handlers.parse import Asked
from handlers.say import NotSaid, Speaker

# Slack's words for a trigger whose three seconds are over, or that was used.
_TOO_LATE = {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"}


# Asking -------------------------------------------------------------------------------------


def on_huddle(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    heard, certain = _understood(asked, asked.words, coach, speaker)
    if not (heard.ready and certain):
        ack()
        _open_start(asked, asked.words, heard, coach, speaker)
        return None
    started = coach.huddles.start(asked.rep, heard.plan, asked.channel_id)
    ack()
    return lambda: huddle_card.show(asked, started, asked.channel_id, coach, speaker)


def on_open(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> None:
    ack()
    typed = "" if asked.words == "-" else asked.words
    heard, _ = _understood(asked, typed, coach, speaker)
    _open_start(asked, typed, heard, coach, speaker)


def on_start(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    channel_id = str(parse.note(asked.body)["channel"])
    try:
        plan = huddle_form.plan(parse.filled(asked.body), coach.house.clock.now())
    except Unfit as unfit:
        ack(response_action="errors", errors={unfit.field: str(unfit)})
        return None
    started = coach.huddles.start(asked.rep, plan, channel_id)
    ack()
    return lambda: huddle_card.show(asked, started, channel_id, coach, speaker)


def on_post(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    """ "Try again", or once more: the card goes to that channel."""
    ack()
    call_id, _, channel_id = asked.words.partition(":")
    return lambda: _post(asked, int(call_id), channel_id, coach, speaker)


def _post(asked: Asked, call_id: int, channel_id: str, coach: Coach, speaker: Speaker) -> None:
    in_channel = not channel_id.startswith("D")
    if in_channel and (why := speaker.why_not(asked.rep, channel_id)):
        call = coach.huddles.get(asked.rep, call_id).call
        speaker.reply(asked, drawn.elsewhere(call, why, channel_id), replace=True)
    else:
        huddle_card.post(asked, call_id, channel_id, coach, speaker)


def _understood(
    asked: Asked, typed: str, coach: Coach, speaker: Speaker
) -> tuple[Understood, bool]:
    """What was typed, and whether the rep's zone is known, so that its time can be trusted."""
    profile = speaker.profile(asked.rep)
    return coach.huddles.understand(asked.rep, typed, profile.zone), bool(profile.name)


def _open_start(
    asked: Asked, typed: str, heard: Understood, coach: Coach, speaker: Speaker
) -> None:
    form = huddle_form.start(
        heard, coach.huddles.plays, coach.huddles.accounts(asked.rep), asked.channel_id
    )
    try:
        speaker.open_form(asked, form)
    except NotSaid as refused:
        if refused.code not in _TOO_LATE:
            raise
        speaker.reply(asked, drawn.open_form(typed))


# Working through it -------------------------------------------------------------------------


def on_tick(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    call_id, item_id, done = parse.ticked(asked.body)
    coach.huddles.tick(asked.rep, call_id, item_id, done)
    ack()
    return lambda: huddle_card.redraw(asked.rep, call_id, coach, speaker)


def on_answer(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> None:
    ack()
    call_id, item_id = _two(asked)
    huddle, item = coach.huddles.item(asked.rep, call_id, item_id)
    speaker.open_form(asked, huddle_form.answer(huddle.call, item))


def on_answered(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    note, typed = parse.note(asked.body), parse.filled(asked.body)["answer"]
    coach.huddles.answer(asked.rep, note["call"], note["item"], " ".join(typed.split()))
    ack()
    return lambda: huddle_card.redraw(asked.rep, note["call"], coach, speaker)


def on_why(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    ack()
    return lambda: speaker.reply(asked, drawn.why(coach.huddles.why(asked.rep, *_two(asked))))


def on_why_parts(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    ack()
    return lambda: speaker.reply(asked, drawn.why_parts(coach.huddles.why_parts()))


def on_remember(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    """ "Add to the huddle": what the rep alone knew becomes an item."""
    call_id, _, what = asked.words.partition(":")
    memory = coach.huddles.own_memory(asked.rep, int(call_id))
    debrief = memory.debrief if memory else None
    text = (debrief.forgot if what == "forgot" else debrief.next_step) if debrief else None
    if not text:
        raise CoachError("There is nothing to add any more.")
    coach.huddles.add_item(asked.rep, int(call_id), clip(" ".join(text.split()), ITEM))
    ack()

    def then() -> None:
        huddle_card.redraw(asked.rep, int(call_id), coach, speaker)
        speaker.reply(asked, words("It is on the card now."))

    return then


# Changing it --------------------------------------------------------------------------------


def change_form(asked: Asked, call: Call, coach: Coach, speaker: Speaker) -> None:
    """Open the form that changes a call. Raises `NotSaid`."""
    huddle = coach.huddles.get(asked.rep, call.id)
    may = coach.huddles.may_change(asked.rep, call)
    speaker.open_form(asked, huddle_form.change(huddle, coach.huddles.plays, may))


def on_change(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> None:
    ack()
    change_form(asked, _call(asked, coach), coach, speaker)


def on_goal(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> None:
    ack()
    call = _call(asked, coach)
    speaker.open_form(asked, huddle_form.goal(call, coach.huddles.plays.get(call.play)))


def on_add_item(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> None:
    ack()
    speaker.open_form(asked, huddle_form.add_item(_call(asked, coach)))


def on_add_people(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> None:
    ack()
    speaker.open_form(asked, huddle_form.add_people(_call(asked, coach)))


def on_item_added(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    call_id = parse.note(asked.body)["call"]
    coach.huddles.add_item(asked.rep, call_id, parse.filled(asked.body)["item"])
    ack()
    return lambda: huddle_card.redraw(asked.rep, call_id, coach, speaker)


def on_changed(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    """Any form that changes the huddle: only what somebody changed in it becomes another."""
    body, call_id = asked.body, parse.note(asked.body)["call"]
    try:
        now = coach.house.clock.now()
        wish = huddle_form.wish(parse.changed(body), parse.opened_with(body), now)
    except Unfit as unfit:
        ack(response_action="errors", errors={unfit.field: str(unfit)})
        return None
    return _change(ack, asked, call_id, wish, coach, speaker)


def _change(
    ack: Any, asked: Asked, call_id: int, wish: Wish, coach: Coach, speaker: Speaker
) -> Then:
    changed = coach.huddles.change(asked.rep, call_id, wish)
    ack()

    def then() -> None:
        huddle_card.redraw(asked.rep, call_id, coach, speaker)
        huddle_card.tell(asked, call_id, changed.joined, coach, speaker)

    return then


def on_part(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> None:
    """A menu inside the form: it counts when the form is saved."""
    ack()


def on_cancel(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    call = coach.huddles.cancel(asked.rep, int(asked.words))
    ack()
    return lambda: huddle_card.redraw(asked.rep, call.id, coach, speaker)


def _call(asked: Asked, coach: Coach) -> Call:
    """The call of a button, if it can still be worked on."""
    return coach.huddles.open(asked.rep, int(asked.words)).call


def _two(asked: Asked) -> tuple[int, int]:
    call_id, item_id, *_ = asked.words.split(":")
    return int(call_id), int(item_id)


# Lists --------------------------------------------------------------------------------------


def on_plays(ack: Any, asked: Asked, coach: Coach, speaker: Speaker) -> Then:
    ack()
    faults = coach.house.faults if coach.people.is_manager(asked.rep) else ()
    return lambda: speaker.reply(asked, drawn.plays(coach.huddles.plays, faults))


def status(asked: Asked, coach: Coach) -> list[str]:
    """Today's calls, for `/coach status`."""
    zone = coach.huddles.zone(asked.rep)
    lines = [drawn.today(huddle, zone) for huddle in coach.huddles.today(asked.rep)]
    return ["*Your calls today*", *lines] if lines else []


COMMANDS = {"huddle": on_huddle}
SUBCOMMANDS = {"plays": on_plays}
ACTIONS: Mapping[str, Callable[..., Then]] = {
    drawn.HUDDLE_OPEN: on_open,
    drawn.HUDDLE_POST: on_post,
    drawn.HUDDLE_TICK: on_tick,
    drawn.HUDDLE_ANSWER: on_answer,
    drawn.HUDDLE_WHY: on_why,
    drawn.HUDDLE_WHY_PARTS: on_why_parts,
    drawn.HUDDLE_REMEMBER: on_remember,
    drawn.HUDDLE_GOAL: on_goal,
    drawn.HUDDLE_CHANGE: on_change,
    drawn.HUDDLE_CANCEL: on_cancel,
    drawn.HUDDLE_ADD_ITEM: on_add_item,
    drawn.HUDDLE_ADD_PEOPLE: on_add_people,
    huddle_form.HUDDLE_PART: on_part,
}
VIEWS: Mapping[str, Callable[..., Then]] = {
    huddle_form.HUDDLE_START: on_start,
    huddle_form.HUDDLE_CHANGED: on_changed,
    huddle_form.HUDDLE_GOAL_SET: on_changed,
    huddle_form.HUDDLE_PEOPLE_ADDED: on_changed,
    huddle_form.HUDDLE_ANSWERED: on_answered,
    huddle_form.HUDDLE_ITEM_ADDED: on_item_added,
}
JOBS = {"huddle.redraw": huddle_card.redraw_all}
STATUS = (status,)
HELP = (
    ("huddle", "acme 15:00 @colleague", "get ready for a call, with a card for all who come along"),
    ("huddle", "acme walk away", "look at a deal again, without a call"),
    ("coach", "plays", "the plays, and how to type them"),
)
