"""`/huddle`: asking for one, changing it, calling it off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.calls.call import Call
from bot.clock.local_time import local_day, say_time
from bot.huddles.huddle import Huddle
from bot.huddles.start_service import Understood
from bot.huddles.understanding import Understanding
from bot.inbox.event import Event
from handlers.dispatch import errors
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import TODAY, Then, in_time
from handlers.huddles import _announcements as announcements
from handlers.huddles import _card as card
from handlers.huddles import _form_answers as form_answers
from handlers.huddles import card_drawing as drawn
from handlers.huddles import forms, private_drawing
from handlers.slack import payloads
from handlers.slack.blocks import Message
from handlers.slack.client import NotSaid

SAVED = "Your huddle is saved. If you don't see its card, press that again."

# Asking -------------------------------------------------------------------------------------


def ask(asked: Asked, at: datetime) -> Then:
    """What `/huddle` does with a line that was typed at that moment."""
    if payloads.begun(asked):
        return show(asked, at)
    if listed := LISTS.get(asked.words.casefold()):
        asked.reply(listed(asked))
        return None
    heard = _understood(asked, asked.words, at)
    if heard.said.result in ("usage", "list"):
        shown = _usage if heard.said.result == "usage" else _list
        asked.reply(shown(asked))
        return None
    if heard.said.result in ("change", "cancel"):
        _open_other(asked, heard, at)
        return None
    if not heard.ready:
        _open_start(asked, asked.words, heard)
        return None
    line = payloads.kept(asked, at)
    begun = asked.coach.asking.start(asked.rep, heard.plan, asked.channel_id, line).begun
    return partial(card.show, asked, begun)


def on_open(asked: Asked) -> None:
    asked.ack()
    typed = "" if asked.words == "-" else asked.words
    heard = _understood(asked, typed, asked.now())
    _open_start(asked, typed, heard)


def begin(asked: Asked, form: Event) -> Event:
    """Start the huddle that a form asks for; its card comes after the ack.

    What the form started when it was sent before is changed into what it says now.
    """
    fields, channel_id = payloads.filled(asked.body), payloads.note(asked.body)["channel"]
    plan, (form_id, _) = form_answers.plan(fields, form.received_at), payloads.form_id(asked.body)
    if call_id := asked.coach.asking.made_by(asked.rep, form_id):
        form = form.going_on(channel=channel_id, sent_again=True)
        return asked.coach.huddles.change(asked.rep, call_id, plan.as_change(), form)
    if not form_answers.is_sure(asked.body, fields["account"]):
        channels = asked.coach.people.channels(asked.rep) | {channel_id}
        asked.coach.asking.check_new(asked.rep, plan.account, channels)
    return asked.coach.asking.start(asked.rep, plan, channel_id, form, form_id)


def show(asked: Asked, at: datetime) -> Then:
    """Post the card of a huddle that was begun."""
    return partial(card.show, asked, payloads.begun(asked))


def on_post(asked: Asked) -> Then:
    """ "Try again", or once more: the card goes to that channel."""
    call_id, _, channel_id = asked.words.partition(":")
    pressed = asked.coach.huddles.get(asked.rep, int(call_id))
    asked.ack()
    post = partial(_post, asked, pressed, channel_id)
    return in_time(partial(errors.show, post, SAVED, asked))


def _post(asked: Asked, pressed: Huddle, channel_id: str) -> None:
    in_channel, call_id = not channel_id.startswith("D"), pressed.call.id
    if in_channel and pressed.ts and (why := asked.messenger.why_not(asked.rep, channel_id)):
        sorry = private_drawing.elsewhere(pressed, why, channel_id, again=True)
        asked.reply(sorry, replace=True)
        return
    card.post(asked, call_id, channel_id, pressed)
    now = asked.coach.huddles.get(asked.rep, call_id)
    if now.channel_id == channel_id and now.ts != pressed.ts:
        asked.reply(private_drawing.here_now(now), replace=True)


def _understood(asked: Asked, typed: str, at: datetime) -> Understood:
    profile = asked.messenger.profile_now(asked.rep)
    channels = asked.messenger.channels(asked.rep) | {asked.channel_id}
    return asked.coach.asking.understand(asked.rep, typed, profile, at, channels)


def _open_other(asked: Asked, heard: Understood, at: datetime) -> None:
    """Open Change or Cancel for the call that a line names; without one, the form of a new call."""
    said, calls = heard.said, asked.coach.asking.ahead(asked.rep, heard.said.account, at)
    if not calls:
        no_call = f"I know no planned call with “{said.account}”. Start one, or check the name."
        sure = no_call if said.account else "Name the account of the call that you mean."
        _open_start(asked, asked.words, heard._replace(doubts=(sure, *heard.doubts)))
        return
    zone = asked.coach.cards.zone(asked.rep)
    call = _meant(calls, said, zone) if said.result == "cancel" else calls[0]
    why = list(said.why)
    if len(calls) > 1:
        others = ", ".join(say_time(each.starts, zone, at) for each in calls if each != call)
        why.append(f"This is the one {say_time(call.starts, zone, at)}. There is also: {others}.")
    huddle = asked.coach.huddles.open(asked.rep, call.id)
    if said.result == "cancel":
        form = forms.cancel(call, say_time(call.starts, zone, at), why)
    else:
        may = asked.coach.huddles.may_change(asked.rep, call)
        form = forms.change(huddle, asked.coach.asking.plays, may, replace(said, why=tuple(why)))
    asked.open_form(form)


def _meant(calls: list[Call], said: Understanding, zone: str) -> Call:
    """Of several calls, the one at the time or on the day that was typed, else the next one."""
    if said.starts is None:
        return calls[0]
    day = local_day(said.starts, zone)
    exact = [call for call in calls if call.starts == said.starts]
    same_day = [call for call in calls if local_day(call.starts, zone) == day]
    return (exact or same_day or calls)[0]


def _open_start(asked: Asked, typed: str, heard: Understood) -> None:
    known = asked.coach.asking.accounts(
        asked.rep, asked.messenger.channels(asked.rep) | {asked.channel_id}
    )
    form = forms.start(heard, asked.coach.asking.plays, known, asked.channel_id)
    try:
        asked.open_form(form)
    except NotSaid as refused:
        if refused.code != "expired_trigger_id":
            raise
        asked.reply(private_drawing.open_form(typed))


# Changing it --------------------------------------------------------------------------------


def change_form(asked: Asked, huddle: Huddle) -> None:
    """Open the form that changes a call. Raises `NotSaid`."""
    may = asked.coach.huddles.may_change(asked.rep, huddle.call)
    asked.open_form(forms.change(huddle, asked.coach.asking.plays, may))


def on_change(asked: Asked) -> None:
    asked.ack()
    change_form(asked, asked.coach.huddles.open(asked.rep, int(asked.words)))


def on_goal(asked: Asked) -> None:
    asked.ack()
    call = _call(asked)
    asked.open_form(forms.goal(call, asked.coach.asking.plays.get(call.play)))


def on_add_people(asked: Asked) -> None:
    asked.ack()
    asked.open_form(forms.add_people(_call(asked)))


def change(asked: Asked, form: Event) -> Event:
    """Any form that changes the huddle: only what somebody changed in it becomes another."""
    body, note = asked.body, payloads.note(asked.body)
    before = payloads.opened_with(body) | note.get("was", {})
    now = payloads.filled(body)
    changed = {block: held for block, held in now.items() if held != before.get(block, "")}
    wish = form_answers.wish(changed, before, form.received_at)
    return asked.coach.huddles.change(asked.rep, note["call"], wish, form)


def changed(asked: Asked, at: datetime) -> Then:
    """Show what was changed, and tell who has to know."""
    begun = payloads.begun(asked)

    def then() -> None:
        card.redraw(asked.rep, begun["call"], asked.coach, asked.messenger)
        announcements.joined(asked, begun["call"], begun["joined"])
        if begun["move"]:
            announcements.moved(asked, begun["call"], begun["move"])
        if begun["reword"]:
            card.word(asked.rep, begun["call"], asked.coach, asked.messenger, anew=True)

    return then


def on_part(asked: Asked) -> None:
    """A menu inside the form: it counts when the form is saved."""
    asked.ack()


def cancel(asked: Asked, click: Event) -> Event:
    return asked.coach.huddles.cancel(asked.rep, int(asked.words), click)


def cancel_by_form(asked: Asked, form: Event) -> Event:
    return asked.coach.huddles.cancel(asked.rep, payloads.note(asked.body)["call"], form)


def cancelled(asked: Asked, at: datetime) -> Then:
    """Show that it was cancelled, and tell the others."""
    call_id = payloads.begun(asked)["call"]

    def then() -> None:
        card.redraw(asked.rep, call_id, asked.coach, asked.messenger)
        announcements.cancelled(asked, call_id)

    return then


def on_take(asked: Asked) -> Then:
    """A call whose owner left; a card that only they read comes to whoever took it."""
    huddle, was_private = asked.coach.handover.take_over(asked.rep, int(asked.words))
    asked.ack()

    def then() -> None:
        said = private_drawing.taken_over(huddle.call)
        errors.show(partial(asked.reply, said), said.text, asked)
        if was_private:
            card.post(asked, huddle.call.id, asked.channel_id, pressed=huddle)
        else:
            card.redraw(asked.rep, huddle.call.id, asked.coach, asked.messenger)

    return in_time(then)


def _call(asked: Asked) -> Call:
    """The call of a button, if it can still be worked on."""
    return asked.coach.huddles.open(asked.rep, int(asked.words)).call


# Lists --------------------------------------------------------------------------------------


def on_plays(asked: Asked) -> Then:
    asked.ack()
    return lambda: asked.reply(_plays(asked))


def _plays(asked: Asked) -> Message:
    faults = asked.coach.files.faults if asked.coach.people.is_manager(asked.rep) else ()
    return private_drawing.plays(asked.coach.asking.plays, faults)


def _usage(asked: Asked) -> Message:
    names = asked.coach.commands
    return private_drawing.usage([(f"{names[name]} {typed}", what) for name, typed, what in HELP])


def _list(asked: Asked) -> Message:
    """The rep's calls of today, and how to ask for another."""
    lines = [line for _, line in status(asked)] or ["No calls today."]
    return private_drawing.listed(lines, _usage(asked))


def status(asked: Asked) -> list[tuple[str, str]]:
    """Today's calls, for `/coach status`."""
    zone = asked.coach.cards.zone(asked.rep)
    return [
        (TODAY, private_drawing.today(huddle, zone))
        for huddle in asked.coach.cards.today(asked.rep)
    ]


# What `/huddle` shows for one word; in quotes it is an account.
LISTS = {"plays": _plays, "help": _usage, "?": _usage}
AFTER_ACK = {"huddle": ask}
COMMITTED_FORMS = {
    forms.HUDDLE_START: (begin, show),
    forms.HUDDLE_CHANGED: (change, changed),
    forms.HUDDLE_GOAL_SET: (change, changed),
    forms.HUDDLE_PEOPLE_ADDED: (change, changed),
    drawn.HUDDLE_CANCEL: (cancel, cancelled),
    forms.HUDDLE_CANCELLED: (cancel_by_form, cancelled),
}
SUBCOMMANDS = {"plays": on_plays}
ACTIONS: Mapping[str, Callable[..., Then]] = {
    drawn.HUDDLE_OPEN: on_open,
    drawn.HUDDLE_POST: on_post,
    drawn.HUDDLE_GOAL: on_goal,
    drawn.HUDDLE_CHANGE: on_change,
    drawn.HUDDLE_ADD_PEOPLE: on_add_people,
    drawn.HUDDLE_TAKE: on_take,
    forms.HUDDLE_PART: on_part,
}
JOBS = {"huddle.redraw": card.redraw_all, "huddle.before_calls": announcements.plan_before}
KINDS = card.KINDS | announcements.KINDS
STATUS = (status,)
HELP = (
    ("huddle", "acme 15:00 @colleague", "get ready for a call, with a card for all who come along"),
    ("huddle", "acme walk away", "look at a deal again, without a call"),
    ("coach", "plays", "the plays, and how to type them"),
)
