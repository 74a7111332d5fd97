"""`/debrief`: how a call went, by form or one tap; kept for the rep, shared if they say so."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial

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
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import WAITS, Then, in_time
from handlers.slack import payloads
from handlers.slack.blocks import Message, clip, escape, words
from handlers.slack.client import NotSaid
from handlers.slack.messenger import Messenger, Posted

log = logging.getLogger(__name__)

Place = Sequence[str] | None  # channel and ts of the message that is drawn anew afterwards

_locks = tuple(threading.Lock() for _ in range(64))


def _one_at_a_time(rep: Rep, call_id: int) -> threading.Lock:
    """Held while what a rep reads of a debrief is drawn or shared: no older drawing replaces a
    newer one, and two quick taps on "Share" are one message. Two debriefs may have the same."""
    return _locks[hash((rep, call_id)) % len(_locks)]


# The form -----------------------------------------------------------------------------------


def on_debrief(asked: Asked) -> Then:
    wanted = asked.coach.debriefs.read(asked.rep, payloads.plain(asked.words))
    asked.ack()
    if wanted.result != "form":
        return lambda: asked.reply(_answer(wanted, asked))
    _open(asked, asked.coach.debriefs.open(asked.rep, wanted))
    # The form that comes back needs the rep's zone; there is time for that.
    return in_time(partial(asked.messenger.profile, asked.rep))


def _answer(wanted: Wanted, asked: Asked) -> Message:
    """Which call it is, whether it took place, or how to type it: whatever has to be said first."""
    calls, zone = asked.coach.debriefs.open_calls(asked.rep), asked.coach.cards.zone(asked.rep)
    now = asked.now()
    named = [call for call in calls if call.account in wanted.choices] if wanted.choices else []
    if wanted.not_held and named:
        return blocks.not_held(wanted.why, named[0])
    shown = [(call, say_time(call.starts, zone, now)) for call in (named or calls)[:NAMED]]
    if wanted.result == "usage":
        typed = asked.coach.commands["debrief"]
        how = f"Type {typed} and the account, then how it went: {typed} acme partly."
        return blocks.which(how if shown else f"{how} No call waits for a debrief.", shown, "")
    new = wanted.account if wanted.account not in {call.account for call in calls} else ""
    return blocks.which(wanted.why or "Which call do you mean?", shown, new)


def on_new(asked: Asked) -> None:
    asked.ack()
    _open(asked, asked.coach.debriefs.blank(asked.rep, asked.words))


def open_debrief(asked: Asked, call: Call, reached: str | None = None) -> None:
    """Open the form of a call; `reached` is "yes", "partly" or "no" where that was tapped."""
    _open(asked, asked.coach.debriefs.sheet(asked.rep, call.id, reached))


def _open(asked: Asked, sheet: OpenForm, said: Place = None) -> None:
    try:
        asked.open_form(forms.form(sheet, {"said": said}))
    except NotSaid as refused:
        if refused.code != "expired_trigger_id" or sheet.call is None:
            raise
        asked.reply(blocks.too_late(sheet.call.account, sheet.call.id))


def on_open(asked: Asked) -> None:
    asked.ack()
    _open(asked, asked.coach.debriefs.sheet(asked.rep, int(asked.words)))


def on_change(asked: Asked) -> None:
    asked.ack()
    sheet = asked.coach.debriefs.sheet(asked.rep, int(asked.words))
    _open(asked, sheet, payloads.clicked_message(asked.body))


def on_kind(asked: Asked) -> None:
    asked.ack()
    note = payloads.note(asked.body)
    filled = Filled(note["call"], asked.words, payloads.filled(asked.body))
    asked.change_form(forms.form(asked.coach.debriefs.switch(asked.rep, filled), note))


def on_another(asked: Asked) -> None:
    asked.ack()
    sheet = asked.coach.debriefs.another(asked.rep, int(asked.words))
    asked.push_form(forms.form(sheet, {"said": None}))


def on_save(asked: Asked) -> Then:
    note = payloads.note(asked.body)
    form_id = payloads.sent_form(asked)
    filled = Filled(note["call"], note["form"], payloads.filled(asked.body), form_id)
    profile = asked.messenger.profile_now(asked.rep)  # its days are those of the rep's zone
    kept = asked.coach.debriefs.save(asked.rep, filled, bool(profile.doubt))
    asked.ack(response_action="clear")

    def then() -> Then:
        _show(asked, kept, note.get("said"))
        answered = partial(follow_up.answered, asked.rep, kept.call, asked.coach, asked.messenger)
        return answered if kept.first else None

    return then


def on_their_step(asked: Asked) -> None:
    asked.ack()
    kept = asked.coach.debriefs.kept(asked.rep, int(asked.words))
    note = {"call": kept.call.id, "said": payloads.clicked_message(asked.body)}
    asked.open_form(forms.their_step_form(kept, note))


def on_their_step_save(asked: Asked) -> Then:
    note, said = payloads.note(asked.body), payloads.filled(asked.body)
    kept = asked.coach.debriefs.add_their_step(
        asked.rep, note["call"], said["their_step"], said["their_by_when"]
    )
    asked.ack()
    return lambda: _show(asked, kept, note.get("said"))


def _show(asked: Asked, kept: Kept, said: Place) -> None:
    told = f"Kept, under *{escape(kept.call.account)}*. {errors.NOT_SHOWN if said else ''}".strip()
    errors.show(lambda: _tell(asked, kept, said), told, asked)


def _tell(asked: Asked, kept: Kept, said: Place) -> None:
    """Say what was kept, in the message that was clicked, else in one for this form; a model may
    add to it.

    It is said at once. If feedback comes in time, it is added, and if not, nobody hears of it.
    """
    rep, kept = asked.rep, asked.coach.debriefs.with_tip(asked.rep, kept)
    with _one_at_a_time(rep, kept.call.id):
        shown, form_id = blocks.kept(kept), payloads.sent_form(asked)
        posted = _changed(rep, shown, said, asked.messenger)
        posted = posted or asked.messenger.tell_of_form(rep, form_id, shown)
    if asked.coach.feedback.may_be_written(rep, kept.call.id):
        asked.coach.model.beside(
            lambda: _add_feedback(rep, kept, posted, asked.coach, asked.messenger)
        )


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
    def on_tap(asked: Asked) -> Then:
        call_id, nudge_id = map(int, asked.words.split(":"))
        call = asked.coach.debriefs.tap(asked.rep, call_id, nudge_id, reached)
        asked.ack()
        form = partial(open_debrief, asked, call, reached)
        kept = (
            f"Kept: {reached}. The form for the rest did not open; you find it under that answer."
        )
        errors.show(form, kept, asked)
        nudge = asked.coach.follow_ups.nudge(asked.rep, nudge_id)
        return in_time(partial(follow_up.show, nudge, asked))

    return on_tap


# Sharing ------------------------------------------------------------------------------------


def on_share(asked: Asked) -> Then:
    asked.ack()
    call_id = int(asked.words)
    said = payloads.clicked_message(asked.body)
    place = asked.coach.debriefs.place(asked.rep, call_id)
    if place is None:
        asked.open_form(forms.share_form({"call": call_id, "said": said}, asked.coach.webhook.host))
        return None
    return in_time(partial(_share, asked, call_id, place, said))


def on_share_in(asked: Asked) -> Then:
    note = payloads.note(asked.body)
    channel_id = payloads.filled(asked.body)[forms.CHANNEL]
    asked.ack()
    call_id, place = note["call"], (channel_id, "")
    return in_time(partial(_share, asked, call_id, place, note["said"]))


def _share(asked: Asked, call_id: int, place: tuple[str, str], said: Place) -> None:
    rep = asked.rep
    with _one_at_a_time(rep, call_id):
        kept = asked.coach.debriefs.kept(rep, call_id)
        if not kept.debrief.shared:
            channel_id = kept.debrief.shared_channel_id or place[0]
            if why := asked.messenger.why_not(rep, channel_id):
                asked.reply(words(why))
                return
            posted = _post(rep, kept, place, asked.messenger)
            if posted.why:
                asked.reply(words(posted.why))
                return
            asked.coach.debriefs.shared(kept.debrief, posted.channel_id, posted.ts)
        if said:
            now = asked.coach.debriefs.kept(rep, call_id)
            draw = partial(asked.messenger.update, rep, Posted(*said), blocks.kept(now))
            told = f"Shared in <#{now.debrief.shared_channel_id}>. {errors.NOT_SHOWN}"
            errors.show(draw, told, asked)


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


def status(asked: Asked) -> list[tuple[str, str]]:
    """The rep's own calls that are over, and that nothing was said about yet."""
    now = asked.now()
    calls = asked.coach.debriefs.waiting(asked.rep)
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
