"""What a rep can do about replies: answer a nudge in plain words, take them back, be greeted."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.calls import Call
from bot.citations import words
from bot.coach.house import House
from bot.nudges import SKIPPED
from bot.replies import KEPT_CHARS, MESSAGE, Reply
from bot.reps import Rep
from bot.store import Tables
from bot.store.replies import Asking

ANSWERED_WITHIN = timedelta(days=3)  # a message later than this answers no nudge
IN_ONE_BREATH = timedelta(minutes=15)  # what follows an answer so soon belongs to it
HELPED_AGAIN = timedelta(hours=20)  # how often somebody is told what the coach can do

ASKED = {"debrief": "How did {} go?", "next_step": "The next step with {}"}


class Typed(NamedTuple):
    """A direct message of a rep's. `thread_ts` is "" outside of a thread."""

    channel_id: str
    ts: str
    thread_ts: str
    text: str


class Heard(NamedTuple):
    """A message that was kept. `more`: it goes on from one that was answered just now."""

    call: Call
    more: bool


class ReplyDesk:
    """Plain messages in the DM."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = threading.Lock()
        self._helped: dict[Rep, datetime] = {}

    def hear(self, rep: Rep, typed: Typed) -> Heard | None:
        """Keep a message as the answer to the nudge it is about; None if it answers none.

        The same message a second time is kept once.
        """
        now = self._house.clock.now()

        def work(t: Tables) -> Heard | None:
            if (found := self._answered(t, rep, typed, now)) is None:
                return None
            asking, call, more = found
            if not t.replies.of_message(rep, typed.channel_id, typed.ts):
                asked = ASKED[asking.kind].format(call.account)
                t.replies.put(Reply(
                    0, rep, call.id, asking.nudge_id, MESSAGE, asked, typed.text[:KEPT_CHARS],
                    "message", now, typed.channel_id, typed.ts,
                ))  # fmt: skip
            if rep == call.owner:
                t.nudges.drop(call, "answered")
            return Heard(call, more)

        return self._house.store.write(work)

    def change(self, rep: Rep, typed: Typed) -> None:
        """The rep edited a message: the new words replace the old, and both are kept.

        An edit that comes before its message is heard in its place.
        """
        now = self._house.clock.now()

        def work(t: Tables) -> bool:
            versions = t.replies.of_message(rep, typed.channel_id, typed.ts)
            said = typed.text[:KEPT_CHARS]
            if versions and versions[-1].said != said:
                last = versions[-1]
                t.replies.put(replace(last, said=said, said_at=now, replaces=last.id))
            return bool(versions)

        if not self._house.store.write(work):
            self.hear(rep, typed)

    def remove(self, rep: Rep, channel_id: str, ts: str) -> None:
        """The rep deleted a message: it stands no more, and is kept until forgotten."""
        self._house.store.write(lambda t: t.replies.remove(rep, channel_id, ts))

    def may_help(self, rep: Rep) -> bool:
        """True now and then: whoever writes at length is not told the same each time."""
        now = self._house.clock.now()
        with self._lock:
            last = self._helped.get(rep)
            if last and now - last < HELPED_AGAIN:
                return False
            self._helped[rep] = now
            return True

    def _answered(
        self, t: Tables, rep: Rep, typed: Typed, now: datetime
    ) -> tuple[Asking, Call, bool] | None:
        """The nudge a message answers: that of its thread, else the newest that waits for one.

        What was written before a question is no answer to it, whenever it arrives.
        """
        asked = t.replies.asking(rep, typed.channel_id, now - ANSWERED_WITHIN)
        asking = [each for each in asked if float(each.said_ts) < float(typed.ts)]
        if typed.thread_ts:
            waiting = [each for each in asking if each.said_ts == typed.thread_ts]
        else:
            open_ones = [each for each in asking if not _is_done(t, rep, each, now)]
            waiting = [each for each in open_ones if each.said_ts == open_ones[0].said_ts]
        calls = [t.calls.get(rep.workspace_id, each.call_id) for each in waiting]
        pairs = [(a, c) for a, c in zip(waiting, calls, strict=True) if c is not None]
        heard = [pair for pair in _named(pairs, typed.text) if _wants_words(*pair, now)]
        if not heard:
            return None
        nudge, call = max(heard, key=lambda pair: pair[1].ends)
        more = any(said.message_ts != typed.ts for said in _messages(t, rep, nudge))
        return nudge, call, more


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


def _is_done(t: Tables, rep: Rep, asking: Asking, now: datetime) -> bool:
    """Whether the nudge has its answer: a debrief, or a message some time ago."""
    if asking.kind == "debrief" and t.debriefs.get(rep, asking.call_id):
        return True
    said = _messages(t, rep, asking)
    return bool(said) and now - said[-1].said_at > IN_ONE_BREATH


def _messages(t: Tables, rep: Rep, asking: Asking) -> list[Reply]:
    said = t.replies.of_call(rep, asking.call_id)
    return [r for r in said if r.nudge_id == asking.nudge_id and r.question == MESSAGE]
