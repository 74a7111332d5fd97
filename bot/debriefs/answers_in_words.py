"""What a rep can do about replies: answer a nudge in plain words, take them back, be greeted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.now import Clock
from bot.debriefs.follow_up import IN_WORDS, SKIPPED
from bot.debriefs.follow_up_table import FollowUps
from bot.debriefs.replies_table import Asking, Replies
from bot.debriefs.reply import KEPT_CHARS, MESSAGE, Reply
from bot.debriefs.table import Debriefs
from bot.errors import NotYet
from bot.people.rep import Rep
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.store import Store
from bot.text.sentences import words

ANSWERED_WITHIN = timedelta(days=3)  # a message later than this answers no nudge
IN_ONE_BREATH = timedelta(minutes=15)  # what follows an answer so soon belongs to it
REMEMBERED = timedelta(days=60)  # for so long a thread is known as that of a nudge
SKEW = timedelta(minutes=1)  # between Slack's clock and ours: to wait for nothing does no harm
HELPED_AGAIN = timedelta(hours=20)  # how often somebody is told what the coach can do

ASKED = {"debrief": "How did {} go?", "next_step": "The next step with {}"}


class Typed(NamedTuple):
    """A direct message of a rep's, as it was at Slack's moment `event_ts`. `thread_ts` is ""
    outside of a thread."""

    channel_id: str
    ts: str
    thread_ts: str
    text: str
    event_ts: str


class HeardWords(NamedTuple):
    """A message that was kept. `answer`: under which call, to be told to the rep; None where there
    is nothing to tell: it is known, or deleted, or goes on from one that was answered just now."""

    answer: Call | None


class AnswersInWords:
    """Plain messages in the DM."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

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
                return HeardWords(_keep(db, new))
            written = datetime.fromtimestamp(float(typed.ts), UTC)
            if Replies(db).perhaps_asking(rep, typed.channel_id, written + SKEW):
                raise NotYet
            if (found := self._answered(db, rep, typed, now)) is None:
                return None
            asking, call = found
            if rep == call.owner:
                FollowUps(db).drop(call, "answered")
                FollowUps(db).ask_no_more(call, IN_WORDS)
            asked = ASKED[asking.kind].format(call.account)
            return HeardWords(_keep(db, Reply(
                0, rep, call.id, asking.nudge_id, MESSAGE, asked, said, "message", now,
                typed.channel_id, typed.ts, event_ts=typed.event_ts,
            )))  # fmt: skip

        return self._store.write(work)

    def remove(self, rep: Rep, channel_id: str, ts: str) -> None:
        """The rep deleted a message: it stands no more, and is kept until forgotten. One that is
        still to come will not stand either."""
        now = self._clock.now()
        self._store.write(lambda db: Replies(db).remove(rep, channel_id, ts, now))

    def is_under_a_nudge(self, rep: Rep, typed: Typed) -> bool:
        """Whether a message stands in the thread of a question of the coach's own."""
        since = self._clock.now() - REMEMBERED
        asked = Replies(self._store.read).asking(rep, typed.channel_id, since)
        return typed.thread_ts in {each.said_ts for each in asked}

    def may_help(self, rep: Rep) -> bool:
        """True now and then: whoever writes at length is not told the same each time. It is noted
        before it is said, so that a crash brings no second one."""
        now = self._clock.now()
        return self._store.write(lambda db: People(db).help(rep, now, HELPED_AGAIN))

    def _answered(
        self, db: Database, rep: Rep, typed: Typed, now: datetime
    ) -> tuple[Asking, Call] | None:
        """The nudge a message answers: that of its thread, else the newest that waits for one.

        What was written before a question is no answer to it, whenever it arrives.
        """
        asked = Replies(db).asking(rep, typed.channel_id, now - ANSWERED_WITHIN)
        asking = [each for each in asked if float(each.said_ts) < float(typed.ts)]
        if typed.thread_ts:
            waiting = [each for each in asking if each.said_ts == typed.thread_ts]
        else:
            open_ones = [each for each in asking if not _is_done(db, rep, each, now)]
            waiting = [each for each in open_ones if each.said_ts == open_ones[0].said_ts]
        calls = [Calls(db).get(rep.workspace_id, each.call_id) for each in waiting]
        pairs = [(a, c) for a, c in zip(waiting, calls, strict=True) if c is not None]
        heard = [pair for pair in _named(pairs, typed.text) if _wants_words(*pair, now)]
        if not heard:
            return None
        return max(heard, key=lambda pair: pair[1].ends)


def _keep(db: Database, new: Reply) -> Call | None:
    """Keep a version of a message; the call under which it was kept if the rep is to be told."""
    others = [r for r in _messages(db, new.rep, new) if r.message_ts != new.message_ts]
    stands = Replies(db).put_version(new)
    if not stands or others or new.call_id is None:
        return None
    return Calls(db).get(new.rep.workspace_id, new.call_id)


def _named(pairs: Sequence[tuple[Asking, Call]], text: str) -> Sequence[tuple[Asking, Call]]:
    """Of several calls in one nudge, those whose account stands in the text, else all."""
    said = " ".join(words(text))
    named = [pair for pair in pairs if " ".join(words(pair[1].account)) in said]
    return named or pairs


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


def _messages(db: Database, rep: Rep, about: Asking | Reply) -> list[Reply]:
    """The plain messages that answered the same nudge."""
    said = Replies(db).of_call(rep, about.call_id) if about.call_id else []
    return [r for r in said if r.nudge_id == about.nudge_id and r.question == MESSAGE]
