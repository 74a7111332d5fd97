"""What a rep can do about replies: answer a nudge in plain words, take them back, be greeted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.now import Clock
from bot.debriefs.follow_up import IN_WORDS, SKIPPED
from bot.debriefs.follow_up_table import FollowUps
from bot.debriefs.replies_table import Asking, Replies
from bot.debriefs.reply import KEPT_CHARS, MESSAGE, Reply, current
from bot.debriefs.table import Debriefs
from bot.errors import CoachError, NotYet
from bot.outbox.hours_table import HoursKept
from bot.outbox.manners import next_morning
from bot.people.rep import Rep
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.store import Store
from bot.text.sentences import words

ANSWERED_WITHIN = timedelta(days=3)  # a message that names no call and is later answers no nudge
IN_ONE_BREATH = timedelta(minutes=15)  # what follows an answer so soon belongs to it
EVER = datetime(2000, 1, 1, tzinfo=UTC)  # a thread, or a name, is understood however old the call
SKEW = timedelta(minutes=1)  # between Slack's clock and ours: to wait for nothing does no harm
HELPED_AGAIN = timedelta(hours=20)  # how often somebody is told at length what the coach can do

ASKED = {"debrief": "How did {} go?", "next_step": "The next step with {}"}


class Typed(NamedTuple):
    """A direct message of a rep's, as it was at Slack's moment `event_ts`. `thread_ts` is ""
    outside of a thread."""

    channel_id: str
    ts: str
    thread_ts: str
    text: str
    event_ts: str


class Place(NamedTuple):
    """The call that a message would be kept under, and the nudge it answers, if any. `told`: it
    stands in the nudge's thread, or names the account. `fresh`: nothing was answered yet."""

    call: Call
    nudge_id: int | None
    asked: str
    told: bool
    fresh: bool


class HeardWords(NamedTuple):
    """A message that was kept. `answer`: under which call, to be told to the rep; None where there
    is nothing to tell: it is known, or deleted. `first`: nothing was said on the nudge before."""

    answer: Call | None
    first: bool = True


class WordsGone(CoachError):
    """A message whose words are not kept as an answer any more."""


class AnswersInWords:
    """Plain messages in the DM."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def place(self, rep: Rep, typed: Typed) -> Place | None:
        """The call that a message is about, as far as its place and its words tell; None for none.
        Raises `NotYet` while it is looked up whether there was a question at all."""
        db = self._store.read
        written = datetime.fromtimestamp(float(typed.ts), UTC)
        if Replies(db).perhaps_asking(rep, typed.channel_id, written + SKEW):
            raise NotYet
        return self._place(db, rep, typed, self._clock.now())

    def call(self, rep: Rep, call_id: int) -> Call | None:
        """A call of the rep's workspace; None once it is gone."""
        return Calls(self._store.read).get(rep.workspace_id, call_id)

    def open_question(self, rep: Rep, channel_id: str, ts: str) -> Call | None:
        """The call that the coach waits to hear about, for a message of that `ts`."""
        place = self._place(
            self._store.read, rep, Typed(channel_id, ts, "", "", ts), self._clock.now()
        )
        return place.call if place and place.fresh else None

    def is_kept(self, rep: Rep, typed: Typed) -> bool:
        """Whether a version of the message was kept before."""
        return bool(Replies(self._store.read).of_message(rep, typed.channel_id, typed.ts))

    def hear(self, rep: Rep, typed: Typed) -> HeardWords | None:
        """Keep a message as the answer to the nudge it is about; None if it answers none.

        Its versions may come in any order and more than once: each is kept once, and the newest
        stands. What was kept is not answered again: a crash can cost the answer, and never brings
        a second one. Raises `NotYet` while it is looked up whether there was a question at all.
        """
        now, said = self._clock.now(), typed.text[:KEPT_CHARS]

        def work(db: Database) -> HeardWords | None:
            if versions := Replies(db).of_message(rep, typed.channel_id, typed.ts):
                new = replace(versions[-1], said=said, said_at=now, event_ts=typed.event_ts)
                Replies(db).put_version(new)
                return HeardWords(None)
            written = datetime.fromtimestamp(float(typed.ts), UTC)
            if Replies(db).perhaps_asking(rep, typed.channel_id, written + SKEW):
                raise NotYet
            if (found := self._place(db, rep, typed, now)) is None:
                return None
            stands = self._keep(db, rep, found, typed._replace(text=said), now)
            return HeardWords(found.call if stands else None, found.fresh)

        return self._store.write(work)

    def keep_under(self, rep: Rep, call_id: int, typed: Typed) -> Call:
        """Keep a message that was answered as a question: its author says what it was meant as.
        Pressed again, nothing changes. Raises `WordsGone`."""
        now = self._clock.now()

        def work(db: Database) -> Call:
            call = Calls(db).get(rep.workspace_id, call_id)
            if call is None:
                raise WordsGone("That call is no longer kept.")
            if Replies(db).of_message(rep, typed.channel_id, typed.ts):
                Replies(db).stand_again(rep, typed.channel_id, typed.ts)
                self._answered(db, rep, call)
                return call
            asked = Replies(db).asking(rep, typed.channel_id, EVER)
            nudge = next((each for each in asked if each.call_id == call_id), None)
            kind = nudge.kind if nudge else "debrief"
            place = Place(call, nudge and nudge.nudge_id, _asked(kind, call), True, True)
            self._keep(db, rep, place, typed, now)
            return call

        return self._store.write(work)

    def was_a_question(self, rep: Rep, channel_id: str, ts: str) -> tuple[Reply, Call | None]:
        """Take a message out of the answers again, and ask anew what it had answered. Returns its
        newest version. Raises `WordsGone`."""
        now = self._clock.now()

        def work(db: Database) -> tuple[Reply, Call | None]:
            versions = Replies(db).of_message(rep, channel_id, ts)
            if not versions:
                raise WordsGone("I can't find that message any more.")
            Replies(db).take_out(rep, channel_id, ts)
            newest = versions[-1]
            found = Calls(db).get(rep.workspace_id, newest.call_id) if newest.call_id else None
            if found and rep == found.owner and not _is_answered(db, rep, found):
                hours = HoursKept(db).of(rep).in_zone(People(db).zone(rep))
                FollowUps(db).reopen(found, next_morning(now, hours))
            return newest, found

        return self._store.write(work)

    def remove(self, rep: Rep, channel_id: str, ts: str) -> None:
        """The rep deleted a message: it stands no more, and is kept until forgotten. One that is
        still to come will not stand either."""
        now = self._clock.now()
        self._store.write(lambda db: Replies(db).remove(rep, channel_id, ts, now))

    def may_help(self, rep: Rep) -> bool:
        """True now and then: whoever writes at length is not told the same each time. It is noted
        before it is said, so that a crash brings no second one."""
        now = self._clock.now()
        return self._store.write(lambda db: People(db).help(rep, now, HELPED_AGAIN))

    def _keep(self, db: Database, rep: Rep, place: Place, typed: Typed, now: datetime) -> bool:
        """Keep the words under the call; False where they don't stand: the message was deleted."""
        reply = Reply(
            0, rep, place.call.id, place.nudge_id, MESSAGE, place.asked, typed.text, "message", now,
            typed.channel_id, typed.ts, event_ts=typed.event_ts,
        )  # fmt: skip
        stands = Replies(db).put_version(reply)
        if stands:
            self._answered(db, rep, place.call)
        return stands

    def _answered(self, db: Database, rep: Rep, call: Call) -> None:
        """Its owner, once heard, is not asked again."""
        if rep == call.owner:
            FollowUps(db).drop(call, "answered")
            FollowUps(db).ask_no_more(call, IN_WORDS)

    def _place(self, db: Database, rep: Rep, typed: Typed, now: datetime) -> Place | None:
        """By its thread, else by a name in its words, else by the newest question that waits.

        What was written before a question is no answer to it, whenever it arrives.
        """
        every = Replies(db).asking(rep, typed.channel_id, EVER)
        asked = [each for each in every if float(each.said_ts) < float(typed.ts)]
        if typed.thread_ts:
            return self._of_thread(db, rep, typed, asked, now)
        lately = [each for each in asked if now - each.said_at <= ANSWERED_WITHIN]
        waiting = [each for each in lately if not _is_done(db, rep, each, now)]
        newest = [each for each in waiting if each.said_ts == waiting[0].said_ts]
        pairs = [p for p in _with_calls(db, rep, newest) if _wants_words(*p, now)]
        open_calls = {call.id for _, call in pairs}
        if call := _named(db, rep, typed.text, open_calls, now):
            return _place_of(db, rep, call, asked, now, told=True)
        if not pairs:
            return None
        call = max((call for _, call in pairs), key=lambda call: call.ends)
        return _place_of(db, rep, call, newest, now, told=False)

    def _of_thread(
        self, db: Database, rep: Rep, typed: Typed, asked: Sequence[Asking], now: datetime
    ) -> Place | None:
        """Under a question, whenever that was; or under a message that was kept itself."""
        here = [each for each in asked if each.said_ts == typed.thread_ts]
        pairs = _with_calls(db, rep, here)
        wanted = [pair for pair in pairs if _wants_words(*pair, now)]
        if wanted:
            said = " ".join(words(typed.text))
            named = [pair for pair in wanted if _says(pair[1].account, said)]
            call = max((call for _, call in named or wanted), key=lambda call: call.ends)
            return _place_of(db, rep, call, here, now, told=True)
        above = current(Replies(db).of_message(rep, typed.channel_id, typed.thread_ts))
        kept = Calls(db).get(rep.workspace_id, above[-1].call_id or 0) if above else None
        return _place_of(db, rep, kept, asked, now, told=True) if kept else None


def _place_of(
    db: Database, rep: Rep, call: Call, asked: Iterable[Asking], now: datetime, told: bool
) -> Place:
    nudge = next((each for each in asked if each.call_id == call.id), None)
    kind = nudge.kind if nudge else "debrief"
    fresh = not (nudge and _messages(db, rep, nudge))
    return Place(call, nudge and nudge.nudge_id, _asked(kind, call), told, fresh)


def _asked(kind: str, call: Call) -> str:
    return ASKED[kind].format(call.account)


def _with_calls(db: Database, rep: Rep, asked: Iterable[Asking]) -> list[tuple[Asking, Call]]:
    calls = ((each, Calls(db).get(rep.workspace_id, each.call_id)) for each in asked)
    return [(each, call) for each, call in calls if call is not None]


def _named(db: Database, rep: Rep, text: str, first: set[int], now: datetime) -> Call | None:
    """The rep's call whose account stands in the text: one that is asked about, else the latest.

    A name that is a word of every day ("target") is one only where it is written like it, unless
    its call waits for an answer.
    """
    said = " ".join(words(text))
    held = [c for c in Calls(db).latest(rep, before=now) if c.state in ("planned", "held")]
    named = [call for call in held if _says(call.account, said)]
    if waiting := [call for call in named if call.id in first]:
        return max(waiting, key=lambda call: call.ends)
    sure = (call for call in named if " ".join(call.account.split()) in " ".join(text.split()))
    return next(sure, None)


def _says(account: str, said: str) -> bool:
    """Whether an account stands in words, whole. `said` is folded."""
    name = " ".join(words(account))
    return bool(name) and f" {name} " in f" {said} "


def _wants_words(asking: Asking, call: Call, now: datetime) -> bool:
    """Whether there is something to say: the call took place, and the question was not skipped."""
    if asking.kind != "debrief":
        return True
    took_place = call.state not in ("moved", "cancelled") and call.starts <= now
    return took_place and asking.outcome != SKIPPED


def _is_done(db: Database, rep: Rep, asking: Asking, now: datetime) -> bool:
    """Whether the nudge has its answer: a debrief, or a message some time ago."""
    if asking.kind == "debrief" and Debriefs(db).get(rep, asking.call_id):
        return True
    said = _messages(db, rep, asking)
    return bool(said) and now - said[-1].said_at > IN_ONE_BREATH


def _is_answered(db: Database, rep: Rep, call: Call) -> bool:
    """Whether anything that the rep said about the call stands."""
    return bool(current(Replies(db).of_call(rep, call.id)) or Debriefs(db).get(rep, call.id))


def _messages(db: Database, rep: Rep, asking: Asking) -> list[Reply]:
    """The plain messages that answered the nudge, and stand."""
    said = current(Replies(db).of_call(rep, asking.call_id)) if asking.call_id else []
    return [r for r in said if r.nudge_id == asking.nudge_id and r.question == MESSAGE]
