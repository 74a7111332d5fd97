"""What a rep can do about debriefs: open the form, save it, answer with one tap, share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.calls.account import account_key
from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.local_time import NOT_KNOWN, local_day, local_instant
from bot.clock.now import Clock
from bot.clock.told_zone import days_it_may_be
from bot.debriefs import debrief as debriefs
from bot.debriefs.command import Wanted, read_debrief
from bot.debriefs.debrief import GOAL, THEIR_BY_WHEN, THEIR_STEP, Debrief
from bot.debriefs.feedback_service import FeedbackService
from bot.debriefs.filled_form import ACCOUNT, TAPS, WHEN, Filled, Kept, OpenForm
from bot.debriefs.follow_up import DEBRIEFED
from bot.debriefs.follow_up_service import remind
from bot.debriefs.follow_up_table import FollowUps
from bot.debriefs.form import CORE, DebriefForm, FormQuestion, Forms, propose_form
from bot.debriefs.handed_on import Webhook
from bot.debriefs.replies_table import Replies
from bot.debriefs.reply import Reply, answers, current
from bot.debriefs.table import Debriefs
from bot.errors import CoachError, WrongField
from bot.inbox.table import Inbox
from bot.library.library import Library
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.store import Store
from bot.tips.service import TipGone, TipService

RECENT = timedelta(days=14)  # an older call is not what a bare `/debrief` is about
AHEAD = timedelta(hours=12)  # … but a call later today may have been held early
ACHIEVED = "achieved"  # “What was reached?”, where words typed beside an account belong
UNPLANNED = timedelta(minutes=30)  # how long a call was that nobody planned


class CallGone(CoachError):
    """A call that is not there any more, or in which this rep had no part."""


class DebriefService:
    """Debriefs, by form and by button."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        library: Library,
        forms: Forms,
        tips: TipService,
        feedback: FeedbackService,
        webhook: Webhook,
    ) -> None:
        self._store, self._clock, self._library, self._forms = store, clock, library, forms
        self._tips = tips
        self._feedback, self._webhook = feedback, webhook

    # Opening -------------------------------------------------------------------------------

    def read(self, rep: Rep, typed: str) -> Wanted:
        """What `/debrief typed` asks for: the form, or an answer to “which call?” first."""
        db, now = self._store.read, self._clock.now()
        met = [call.account for call in Calls(db).latest(rep, before=now + AHEAD)]
        open_calls = [call.account for call in self.open_calls(rep)]
        known = [*met, *Debriefs(db).accounts(rep)]
        return read_debrief(typed, open_calls, known, self._forms())

    def open_calls(self, rep: Rep) -> list[Call]:
        """The rep's calls without a debrief, newest first; then those that begin soon."""
        db, now = self._store.read, self._clock.now()
        soon = [c for c in Calls(db).of_rep(rep, now, now + AHEAD) if c.state == "planned"]
        return list({call.id: call for call in (*self.waiting(rep), *soon)}.values())

    def open(self, rep: Rep, wanted: Wanted) -> OpenForm:
        """The form that was asked for, filled: see `RECENT` for which call is meant."""
        db, now = self._store.read, self._clock.now()
        call_id = self._meant(db, rep, wanted.account, now)
        call = Calls(db).get(rep.workspace_id, call_id) if call_id else None
        sheet = self._sheet(db, rep, call, wanted.account, wanted.words)
        kept = sheet.answers.get(ACHIEVED, "")
        said = "\n".join(filter(None, (kept, wanted.said))) if wanted.said else ""
        typed = {"reached": wanted.reached} if wanted.reached else {}
        typed |= {ACHIEVED: said} if said else {}
        return sheet._replace(answers={**sheet.answers, **typed}, why=wanted.why)

    def blank(self, rep: Rep, account: str) -> OpenForm:
        """An empty form for a call that had no huddle."""
        return self._sheet(self._store.read, rep, None, account)

    def sheet(self, rep: Rep, call_id: int, reached: str | None = None) -> OpenForm:
        """The form of a call, filled with what is kept. Raises `CallGone`."""
        db = self._store.read
        sheet = self._sheet(db, rep, self._call(db, rep, call_id))
        said = {"reached": TAPS[reached]} if reached else {}
        return sheet._replace(answers={**sheet.answers, **said})

    def another(self, rep: Rep, call_id: int) -> OpenForm:
        """An empty form for one more call with the same account, which had no huddle."""
        db = self._store.read
        return self._sheet(db, rep, None, self._call(db, rep, call_id).account)

    def switch(self, rep: Rep, filled: Filled) -> OpenForm:
        """Another form for the same call, with everything that was typed so far."""
        db = self._store.read
        call = self._call(db, rep, filled.call_id) if filled.call_id else None
        sheet = self._sheet(db, rep, call, filled.answers.get(ACCOUNT, ""))
        form = self._form(filled.form)
        typed = {**sheet.answers, **filled.answers}
        return sheet._replace(form=form, answers=typed, more=self._more(form, typed))

    def _meant(self, db: Database, rep: Rep, account: str, now: datetime) -> int | None:
        """The most recent call without a debrief, or the latest one of a named account."""
        if not account:
            return next(iter(Debriefs(db).waiting(rep, now - RECENT, now)), None)
        held = Debriefs(db).calls_of(rep, account_key(account), now - RECENT, now)
        soon = Debriefs(db).calls_of(rep, account_key(account), now, now + AHEAD)
        return held[0] if held else soon[-1] if soon else None

    def _sheet(
        self, db: Database, rep: Rep, call: Call | None, account: str = "", words: str = ""
    ) -> OpenForm:
        said = answers(Replies(db).of_call(rep, call.id)) if call else {}
        kept = Debriefs(db).get(rep, call.id) if call else None
        slug = "" if words or not kept else kept.form
        play = call.play if call else None
        form = self._form(slug or propose_form(self._forms(), words, play).slug)
        name = call.account if call else account
        now = self._clock.now()
        return OpenForm(
            call, name, form, self._forms(), self._more(form, said), said,
            People(self._store.read).zone(rep), now,
        )  # fmt: skip

    def _form(self, slug: str) -> DebriefForm:
        """A form without the questions whose post has left the library."""
        form = self._forms().get(slug) or propose_form(self._forms(), "")
        posts = self._library.entries()
        here = (q for q in form.questions if q.own or q.id in CORE or q.post in posts)
        return replace(form, questions=tuple(here))

    def _more(self, form: DebriefForm, said: Mapping[str, str]) -> tuple[FormQuestion, ...]:
        shown = {question.id for question in form.questions}
        known = self._questions()
        return tuple(known[id] for id, text in said.items() if text and id in known.keys() - shown)

    def _questions(self) -> dict[str, FormQuestion]:
        """Every question there is but the goal; where two forms share an id, either will do."""
        every = [q for form in self._forms().values() for q in form.questions]
        return {question.id: question for question in (*every, THEIR_STEP, THEIR_BY_WHEN)}

    # Saving --------------------------------------------------------------------------------

    def save(self, rep: Rep, filled: Filled, in_doubt: bool = False) -> Kept:
        """Keep a form, on disk when this returns. Raises `WrongField`, `CallGone`, `NotSaved`.

        While it is `in_doubt` where the rep is, any day is today that is today somewhere.
        """
        now, zone = self._clock.now(), People(self._store.read).zone(rep)
        days = days_it_may_be(now, NOT_KNOWN if in_doubt else zone)
        said = {key: text.strip() for key, text in filled.answers.items()}
        filled = filled._replace(answers=said)
        return self._store.write(lambda db: self._save(db, rep, filled, zone, days, now))

    def add_their_step(self, rep: Rep, call_id: int, step: str, day: str) -> Kept:
        """Keep what the customer will do. Raises like `save`."""
        db = self._store.read
        kept = Debriefs(db).get(rep, call_id)
        before = answers(Replies(db).of_call(rep, call_id))
        if not step.strip():
            raise WrongField(THEIR_STEP.id, "What will they do? A few words.")
        try:
            said = debriefs.with_their_step(before, step, day)
            return self.save(rep, Filled(call_id, kept.form if kept else "", said))
        except WrongField as wrong:
            field = THEIR_STEP if wrong.field.endswith("step") else THEIR_BY_WHEN
            raise WrongField(field.id, str(wrong)) from wrong

    def tap(self, rep: Rep, call_id: int, nudge_id: int, reached: str) -> Call:
        """Keep a one-tap answer, "yes", "partly" or "no". Raises `CallGone` and `NotSaved`."""
        now = self._clock.now()
        said = TAPS[reached]

        def work(db: Database) -> Call:
            call = self._call(db, rep, call_id)
            nudge = Outbox(db).get(rep.workspace_id, nudge_id)
            if nudge is None or nudge.user_id != rep.user_id:
                raise CallGone("I can't find that question any more. Type `/debrief`.")
            asked = f"How did {call.account} go?"
            _put_changed(db, Reply(
                0, rep, call_id, nudge_id, "reached", asked, said, "button", now
            ))  # fmt: skip
            Outbox(db).set_outcome(nudge, f"Kept: {reached}.")
            self._held(db, rep, call, "answered", f"Kept: {reached}.", now)
            if kept := Debriefs(db).get(rep, call_id):
                Debriefs(db).put(_as_said(db, kept, call), now)
            return call

        return self._store.write(work)

    def _save(
        self, db: Database, rep: Rep, filled: Filled, zone: str, days: tuple[date, date],
        now: datetime,
    ) -> Kept:  # fmt: skip
        first, last = days
        call = (
            self._call(db, rep, filled.call_id)
            if filled.call_id
            else _unplanned(db, rep, filled, zone, last, now)
        )
        before = answers(Replies(db).of_call(rep, call.id))
        said = {**before, **filled.answers}
        debriefs.check(self._form(filled.form), said, before, first)
        self._put_answers(db, rep, call, filled, now)
        kept = Debriefs(db).get(rep, call.id)
        is_first = kept is None
        blank = kept or debriefs.blank(rep, call.id, now)
        debrief = _as_said(db, replace(blank, form=filled.form), call)
        Debriefs(db).put(debrief, now)
        self._held(db, rep, call, "debriefed", DEBRIEFED, now)
        remind(db, debrief, zone, now)
        debrief = self._existing(db, rep, call.id)
        point_out = debriefs.lacks_their_step(debrief) and not debrief.pointed_out
        if point_out:
            Debriefs(db).point_out(debrief.id, now)
        today, handed_to = local_day(now, zone), self._webhook.host
        return Kept(call, debrief, said, None, is_first, point_out, today, handed_to=handed_to)

    def _put_answers(
        self, db: Database, rep: Rep, call: Call, filled: Filled, now: datetime
    ) -> None:
        """A reply for each answer that is not what it was; an answer taken out is one, too."""
        asked = {} if call.goal else {GOAL.id: GOAL}
        asked |= {question.id: question for question in self._form(filled.form).questions}
        asked |= {id: q for id, q in self._questions().items() if id not in asked}
        for id in filter(filled.answers.__contains__, asked):
            said = filled.answers[id]
            _put_changed(db, Reply(0, rep, call.id, None, id, asked[id].label, said, "form", now))

    def _held(
        self, db: Database, rep: Rep, call: Call, why: str, outcome: str, now: datetime
    ) -> None:
        """The call took place; its owner, once heard, is not asked again."""
        Calls(db).set_state(call, "held", rep, now)
        if rep == call.owner:
            FollowUps(db).drop(call, why)
            FollowUps(db).ask_no_more(call, outcome)

    # Afterwards ----------------------------------------------------------------------------

    def with_tip(self, rep: Rep, kept: Kept) -> Kept:
        """With its tip: after the first saving the one that fits the answers, then the same.

        None fits, or all that do were said lately: no tip.
        """
        if not kept.first:
            now = self.kept(rep, kept.call.id)
            return kept._replace(tip=now.tip, feedback=now.feedback)
        fitting = (self._tips.fitting(rep, words) for words in debriefs.situations(kept.answers))
        if (tip := next(filter(None, fitting), None)) is None:
            return kept
        self._store.write(lambda db: Debriefs(db).set_tip(kept.debrief.id, tip.id))
        return kept._replace(tip=tip)

    def waiting(self, rep: Rep) -> list[Call]:
        """The rep's calls of late that nothing was said about, newest first."""
        db, now = self._store.read, self._clock.now()
        found = (
            Calls(db).get(rep.workspace_id, id)
            for id in Debriefs(db).waiting(rep, now - RECENT, now)
        )
        return [call for call in found if call]

    def kept(self, rep: Rep, call_id: int) -> Kept:
        """The rep's debrief as it stands. Raises `CallGone`."""
        db = self._store.read
        call, debrief = self._call(db, rep, call_id), self._existing(db, rep, call_id)
        tip = None
        if debrief.tip_id:
            try:
                tip = self._tips.again(rep, debrief.tip_id)
            except TipGone:
                tip = None
        today = local_day(self._clock.now(), People(self._store.read).zone(rep))
        said = answers(Replies(db).of_call(rep, call_id))
        feedback = self._feedback.of(rep, call_id)
        handed_to = self._webhook.host
        return Kept(call, debrief, said, tip, today=today, feedback=feedback, handed_to=handed_to)

    def place(self, rep: Rep, call_id: int) -> tuple[str, str] | None:
        """Where "Share" belongs: the channel and the huddle's message, or "" for no thread.

        None where nobody said yet: a private huddle, or a call that had none.
        """
        db = self._store.read
        call, card = self._call(db, rep, call_id), Calls(db).huddle_place(rep.workspace_id, call_id)
        if card and not card.private:
            return card.channel_id, card.ts
        before = self._existing(db, rep, call_id).shared_channel_id
        channel_id = before or (None if card else call.channel_id)
        return (channel_id, "") if channel_id else None

    def shared(self, told: Debrief, channel_id: str, ts: str) -> None:
        """Note where `told` can be read, and have it handed on; what was changed meanwhile is not
        shared."""
        now = self._clock.now()

        def work(db: Database) -> None:
            same = Debriefs(db).get(told.rep, told.call_id) == told
            Debriefs(db).share(told.id, channel_id, ts, same)
            if call := Calls(db).get(told.rep.workspace_id, told.call_id):
                self._webhook.plan(db, told, call.account, now)

        self._store.write(work)

    def _call(self, db: Database, rep: Rep, call_id: int) -> Call:
        call = Calls(db).get(rep.workspace_id, call_id)
        if call is None or not Debriefs(db).may(rep, call_id):
            raise CallGone("I can't find that call any more. Type `/debrief` and the account.")
        return call

    def _existing(self, db: Database, rep: Rep, call_id: int) -> Debrief:
        if (debrief := Debriefs(db).get(rep, call_id)) is None:
            raise CallGone("There is no debrief of that call. Type `/debrief` and the account.")
        return debrief


def _put_changed(db: Database, reply: Reply) -> None:
    """Keep an answer unless it stands already; it replaces the one that stood."""
    assert reply.call_id is not None
    said = Replies(db).of_call(reply.rep, reply.call_id)
    old = next((r for r in current(said) if r.question == reply.question), None)
    if reply.said != (old.said if old else ""):
        Replies(db).put(replace(reply, replaces=old.id if old else None))


def _as_said(db: Database, debrief: Debrief, call: Call) -> Debrief:
    """The debrief as the replies that stand have it."""
    said = answers(Replies(db).of_call(debrief.rep, call.id))
    return debriefs.from_answers(debrief, {**said, "goal": call.goal or said.get("goal", "")})


def _unplanned(
    db: Database, rep: Rep, filled: Filled, zone: str, last: date, now: datetime
) -> Call:
    """The call of a debrief that had no huddle: today until now, else at noon. It was
    not after the `last` day that it may be where the rep is.

    A form that was sent before made one already, which is now as the form has it.
    """
    said, inbox = filled.answers, Inbox(db)
    made = int(inbox.made_by(rep.workspace_id, filled.id) or 0)
    before = Calls(db).get(rep.workspace_id, made) if made else None
    account, ends = _unplanned_end(said, zone, last, now)
    if before is None:
        call = Calls(db).add(rep, account, ends - UNPLANNED, ends, "", "", None, now)
        inbox.put_made(rep.workspace_id, filled.id, str(call.id), now)
        return call
    if local_day(before.ends, zone) == local_day(ends, zone):
        ends = before.ends
    call = replace(before, account=account, starts=ends - UNPLANNED, ends=ends)
    if call != before:
        Calls(db).change(before, call, rep, now)
    return call


def _unplanned_end(
    said: Mapping[str, str], zone: str, last: date, now: datetime
) -> tuple[str, datetime]:
    """The account, and when the call was over."""
    account = " ".join(said.get(ACCOUNT, "").split())[: debriefs.ACCOUNT_CHARS]
    if not account:
        raise WrongField(ACCOUNT, "Which account was it?")
    today = local_day(now, zone)
    day = date.fromisoformat(said[WHEN]) if said.get(WHEN) else today
    if day > last:
        raise WrongField(WHEN, "That day is still to come. Choose the day of the call.")
    return account, now if day >= today else local_instant(day, time(12), zone)
