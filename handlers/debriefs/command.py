"""`/debrief`: how a call went, by form or one tap; kept for the rep, shared if they say so."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bot.calls.call import Call
from bot.clock.local_time import say_time
from bot.coach import Coach
from bot.debriefs.command import NAMED, Wanted
from bot.debriefs.filled_form import TAPS, Filled, Kept, OpenForm
from bot.errors import CoachError
from bot.people.rep import Rep
from handlers.debriefs import drawing as blocks
from handlers.debriefs import follow_up, forms
from handlers.dispatch import errors
from handlers.dispatch.listener import WAITS, Then, in_time
from handlers.slack import payloads
from handlers.slack.blocks import Message, clip, escape, words
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger, Posted
from handlers.slack.payloads import Request

log = logging.getLogger(__name__)

Place = Sequence[str] | None  # channel and ts of the message that is drawn anew afterwards

_locks = tuple(threading.Lock() for _ in range(64))


def _one_at_a_time(rep: Rep, call_id: int) -> threading.Lock:
    """Held while what a rep reads of a debrief is drawn or shared: no older drawing replaces a
    newer one, and two quick taps on "Share" are one message. Two debriefs may have the same."""
    return _locks[hash((rep, call_id)) % len(_locks)]


# The form -----------------------------------------------------------------------------------


def on_debrief(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    wanted = coach.debriefs.read(asked.rep, payloads.plain(asked.words))
    ack()
    if wanted.result != "form":
        return lambda: messenger.reply(asked, _answer(wanted, asked, coach))
    _open(asked, coach.debriefs.open(asked.rep, wanted), messenger)
    # The form that comes back needs the rep's zone; there is time for that.
    return in_time(partial(messenger.profile, asked.rep))


def _answer(wanted: Wanted, asked: Request, coach: Coach) -> Message:
    """Which call it is, whether it took place, or how to type it: whatever has to be said first."""
    calls, zone = coach.debriefs.open_calls(asked.rep), coach.cards.zone(asked.rep)
    now = coach.now()
    named = [call for call in calls if call.account in wanted.choices] if wanted.choices else []
    if wanted.not_held and named:
        return blocks.not_held(wanted.why, named[0])
    shown = [(call, say_time(call.starts, zone, now)) for call in (named or calls)[:NAMED]]
    if wanted.result == "usage":
        typed = coach.commands["debrief"]
        how = f"Type {typed} and the account, then how it went: {typed} acme partly."
        return blocks.which(how if shown else f"{how} No call waits for a debrief.", shown, "")
    new = wanted.account if wanted.account not in {call.account for call in calls} else ""
    return blocks.which(wanted.why or "Which call do you mean?", shown, new)


def on_new(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> None:
    ack()
    _open(asked, coach.debriefs.blank(asked.rep, asked.words), messenger)


def open_debrief(
    asked: Request, call: Call, coach: Coach, messenger: Messenger, reached: str | None = None
) -> None:
    """Open the form of a call; `reached` is "yes", "partly" or "no" where that was tapped."""
    _open(asked, coach.debriefs.sheet(asked.rep, call.id, reached), messenger)


def _open(asked: Request, sheet: OpenForm, messenger: Messenger, said: Place = None) -> None:
    try:
        messenger.open_form(asked, forms.form(sheet, {"said": said}))
    except NotSaid as refused:
        if refused.code != "expired_trigger_id" or sheet.call is None:
            raise
        messenger.reply(asked, blocks.too_late(sheet.call.account, sheet.call.id))


def on_open(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> None:
    ack()
    _open(asked, coach.debriefs.sheet(asked.rep, int(asked.words)), messenger)


def on_change(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> None:
    ack()
    sheet = coach.debriefs.sheet(asked.rep, int(asked.words))
    _open(asked, sheet, messenger, payloads.clicked_message(asked.body))


def on_kind(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> None:
    ack()
    note = payloads.note(asked.body)
    filled = Filled(note["call"], asked.words, payloads.filled(asked.body))
    messenger.change_form(asked, forms.form(coach.debriefs.switch(asked.rep, filled), note))


def on_another(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> None:
    ack()
    sheet = coach.debriefs.another(asked.rep, int(asked.words))
    messenger.push_form(asked, forms.form(sheet, {"said": None}))


def on_save(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    note = payloads.note(asked.body)
    form_id = payloads.sent_form(asked)
    filled = Filled(note["call"], note["form"], payloads.filled(asked.body), form_id)
    profile = messenger.profile_now(asked.rep)  # its days are those of the rep's zone
    kept = coach.debriefs.save(asked.rep, filled, bool(profile.doubt))
    ack(response_action="clear")

    def then() -> Then:
        _show(asked, kept, note.get("said"), coach, messenger)
        answered = partial(follow_up.answered, asked.rep, kept.call, coach, messenger)
        return answered if kept.first else None

    return then


def on_their_step(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> None:
    ack()
    kept = coach.debriefs.kept(asked.rep, int(asked.words))
    note = {"call": kept.call.id, "said": payloads.clicked_message(asked.body)}
    messenger.open_form(asked, forms.their_step_form(kept, note))


def on_their_step_save(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    note, said = payloads.note(asked.body), payloads.filled(asked.body)
    kept = coach.debriefs.add_their_step(
        asked.rep, note["call"], said["their_step"], said["their_by_when"]
    )
    ack()
    return lambda: _show(asked, kept, note.get("said"), coach, messenger)


def _show(asked: Request, kept: Kept, said: Place, coach: Coach, messenger: Messenger) -> None:
    told = f"Kept, under *{escape(kept.call.account)}*. {errors.NOT_SHOWN if said else ''}".strip()
    errors.show(lambda: _tell(asked, kept, said, coach, messenger), told, asked, messenger)


def _tell(asked: Request, kept: Kept, said: Place, coach: Coach, messenger: Messenger) -> None:
    """Say what was kept, in the message that was clicked, else in one for this form; a model may
    add to it.

    It is said at once. If feedback comes in time, it is added, and if not, nobody hears of it.
    """
    rep, kept = asked.rep, coach.debriefs.with_tip(asked.rep, kept)
    with _one_at_a_time(rep, kept.call.id):
        shown, form_id = blocks.kept(kept), payloads.sent_form(asked)
        posted = _changed(rep, shown, said, messenger)
        posted = posted or messenger.tell_of_form(rep, form_id, shown)
    if coach.feedback.may_be_written(rep, kept.call.id):
        coach.model.beside(lambda: _add_feedback(rep, kept, posted, coach, messenger))


def _changed(rep: Rep, message: Message, said: Place, messenger: Messenger) -> Posted | None:
    """What was said, changed where it stands; None if nothing that can be changed does."""
    if not said:
        return None
    try:
        messenger.update(rep, Posted(*said), message)
    except NotSaid as refused:
        if refused.means.open or refused.retry_after:
            raise
        return None  # it can't be changed, whatever Slack's reason is
    return Posted(*said)


def _add_feedback(rep: Rep, told: Kept, posted: Posted, coach: Coach, messenger: Messenger) -> None:
    """Draw the message anew with what a model wrote on the debrief, as things stand by then."""
    if not coach.feedback.write(rep, told.call.id):
        return
    try:
        with _one_at_a_time(rep, told.call.id):
            now = coach.debriefs.kept(rep, told.call.id)
            messenger.update(rep, posted, blocks.kept(now._replace(point_out=told.point_out)))
    except CoachError as refused:  # what was said stands; nobody waits for more
        log.warning("feedback was not shown", extra={"why": type(refused).__name__})


# One tap ------------------------------------------------------------------------------------


def _on_tap(reached: str) -> Callable[..., Then]:
    def on_tap(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
        call_id, nudge_id = map(int, asked.words.split(":"))
        call = coach.debriefs.tap(asked.rep, call_id, nudge_id, reached)
        ack()
        form = partial(open_debrief, asked, call, coach, messenger, reached)
        kept = (
            f"Kept: {reached}. The form for the rest did not open; you find it under that answer."
        )
        errors.show(form, kept, asked, messenger)
        nudge = coach.follow_ups.nudge(asked.rep, nudge_id)
        return in_time(partial(follow_up.show, nudge, asked, coach, messenger))

    return on_tap


# Sharing ------------------------------------------------------------------------------------


def on_share(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    ack()
    call_id = int(asked.words)
    said = payloads.clicked_message(asked.body)
    place = coach.debriefs.place(asked.rep, call_id)
    if place is None:
        messenger.open_form(asked, forms.share_form({"call": call_id, "said": said}))
        return None
    return in_time(partial(_share, asked, call_id, place, said, coach, messenger))


def on_share_in(ack: Any, asked: Request, coach: Coach, messenger: Messenger) -> Then:
    note = payloads.note(asked.body)
    channel_id = payloads.filled(asked.body)[forms.CHANNEL]
    ack()
    call_id, place = note["call"], (channel_id, "")
    return in_time(partial(_share, asked, call_id, place, note["said"], coach, messenger))


def _share(
    asked: Request,
    call_id: int,
    place: tuple[str, str],
    said: Place,
    coach: Coach,
    messenger: Messenger,
) -> None:
    rep = asked.rep
    with _one_at_a_time(rep, call_id):
        kept = coach.debriefs.kept(rep, call_id)
        if not kept.debrief.shared:
            channel_id = kept.debrief.shared_channel_id or place[0]
            if why := messenger.why_not(rep, channel_id):
                messenger.reply(asked, words(why))
                return
            posted = _post(rep, kept, place, messenger)
            if posted.why:
                messenger.reply(asked, words(posted.why))
                return
            coach.debriefs.shared(kept.debrief, posted.channel_id, posted.ts)
        if said:
            now = coach.debriefs.kept(rep, call_id)
            draw = partial(messenger.update, rep, Posted(*said), blocks.kept(now))
            told = f"Shared in <#{now.debrief.shared_channel_id}>. {errors.NOT_SHOWN}"
            errors.show(draw, told, asked, messenger)


def _post(rep: Rep, kept: Kept, place: tuple[str, str], messenger: Messenger) -> Posted:
    """Say it in the huddle's thread; what was shared before is changed where it stands."""
    message, debrief = blocks.shared(kept), kept.debrief
    if debrief.shared_channel_id and debrief.shared_ts:
        stands = (debrief.shared_channel_id, debrief.shared_ts)
        if posted := _changed(rep, message, stands, messenger):
            return posted
    channel_id, thread = place
    return messenger.to_channel(
        rep, channel_id, message, **({"thread_ts": thread} if thread else {})
    )


def status(asked: Request, coach: Coach) -> list[tuple[str, str]]:
    """The rep's own calls that are over, and that nothing was said about yet."""
    now = coach.now()
    calls = coach.debriefs.waiting(asked.rep)
    waiting = [call for call in calls if call.owner == asked.rep and call.ends <= now]
    names = ", ".join(f"*{escape(clip(call.account, 40))}*" for call in waiting[:5])
    return [(WAITS, f"• Without a debrief: {names}")] if waiting else []


COMMANDS = {"debrief": on_debrief}
ACTIONS = {
    blocks.DEBRIEF_OPEN: on_open,
    **{f"{blocks.DEBRIEF_OPEN}:{n}": on_open for n in range(NAMED)},
    blocks.DEBRIEF_NEW: on_new,
    blocks.DEBRIEF_CHANGE: on_change,
    forms.DEBRIEF_KIND: on_kind,
    forms.DEBRIEF_ANOTHER: on_another,
    blocks.DEBRIEF_SHARE: on_share,
    blocks.DEBRIEF_THEIR_STEP: on_their_step,
    **{f"debrief.{reached}": _on_tap(reached) for reached in TAPS},
}
VIEWS = {
    forms.DEBRIEF_SAVE: on_save,
    forms.THEIR_STEP_SAVE: on_their_step_save,
    forms.SHARE_IN: on_share_in,
}
HELP = (("debrief", "acme", "say how a call went, against its goal"),)
STATUS = (status,)
