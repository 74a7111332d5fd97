"""What a rep can do in plain words: ask, and ask on in the same conversation."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from bot.clock.now import Clock
from bot.inbox.table import Inbox
from bot.people.rep import Rep
from bot.questions.question import IN_TIME, KEPT_CHARS, Question, with_earlier
from bot.questions.small_talk import STANDS_ALONE, weight
from bot.questions.table import Questions
from bot.search.ranking import answers
from bot.storage.database import Database
from bot.storage.store import Store
from bot.tips.service import TipGone, TipService
from bot.tips.tip import Answer, Tip


class QuestionService:
    """Questions, each answered once: kept when they come, claimed before they are answered."""

    def __init__(self, store: Store, clock: Clock, tips: TipService) -> None:
        self._store, self._clock = store, clock
        self._tips = tips
        self._lock = threading.Lock()
        self._busy: set[int] = set()

    def ask(self, rep: Rep, channel_id: str, ts: str, thread_ts: str, words: str) -> bool:
        """Keep what a message asks, to be answered; False if it asks nothing.

        The same message a second time asks nothing new.
        """
        if not self._asks(rep, words):
            return False
        question = Question(
            0, rep, channel_id, ts, thread_ts, words[:KEPT_CHARS], secrets.token_hex(16),
            "pending", self._clock.now(),
        )  # fmt: skip

        def work(db: Database) -> None:
            if not Inbox(db).was_deleted(rep, channel_id, ts):
                Questions(db).put(question)

        self._store.write(work)
        return True

    def _asks(self, rep: Rep, words: str) -> bool:
        """Whether there is a situation in the words: one word alone has to be in the library."""
        found = weight(words)
        return len(found) > 1 or (bool(found) and self._answers(rep, words))

    def change(self, rep: Rep, channel_id: str, ts: str, words: str) -> None:
        """A message was edited, or deleted ("" then): nobody is answered twice, and what follows
        in the conversation leans on the words as they are now."""

        def work(db: Database) -> None:
            if question := Questions(db).of_message(rep.workspace_id, channel_id, ts):
                Questions(db).reword(question, words[:KEPT_CHARS])

        self._store.write(work)

    def take(self, work: Callable[[Question], bool]) -> None:
        """Hand each open question that nobody works on to `work`, which says whether it began.

        Whoever began calls `let_go`.
        """
        for question in Questions(self._store.read).open(self._clock.now()):
            with self._lock:
                if question.id in self._busy:
                    continue
                self._busy.add(question.id)
            if not work(question):
                self.let_go(question)

    def let_go(self, question: Question) -> None:
        with self._lock:
            self._busy.discard(question.id)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is under way."""
        with self._lock:
            return bool(self._busy)

    def is_late(self, question: Question) -> bool:
        return self._clock.now() - question.asked_at > IN_TIME

    def answer(self, question: Question) -> Answer:
        """What the library says on it, in the light of what the rep asked before in the thread.

        For a second try it is the same tip.
        """
        rep, words = question.rep, question.words
        if tip := self.tip(question):
            return Answer(words, tip, 0, ())
        earlier = Questions(self._store.read).earlier(question)
        alone = len(weight(words)) >= STANDS_ALONE and self._answers(rep, words)
        looked_up = words if alone or not earlier else with_earlier(words, earlier)
        return replace(self._tips.answer(rep, looked_up, question.channel_id), words=words)

    def tip(self, question: Question) -> Tip | None:
        """The tip that was to be its answer at the last try; None if there is none to be said."""
        with suppress(TipGone):
            return self._tips.again(question.rep, question.tip_id) if question.tip_id else None
        return None

    def _answers(self, rep: Rep, words: str) -> bool:
        return bool(answers(self._tips.ranked(rep.workspace_id, words)))

    # How far the answer has come ----------------------------------------------------------

    def claim(self, question: Question, settle: timedelta) -> bool:
        """Whether the answer may be said now, at its place; if Slack's word is lost, it is looked
        up after `settle`."""
        due = self._clock.now() + settle
        return self._store.write(lambda db: Questions(db).claim(question, due))

    def wait(self, question: Question, delay: timedelta) -> None:
        """Go on with it after `delay`, as far as it has come: it may have been said."""
        due = self._clock.now() + delay
        self._store.write(lambda db: Questions(db).wait(question, due))

    def said(self, question: Question, ts: str) -> None:
        self._store.write(lambda db: Questions(db).end(question, "sent", ts))

    def put_off(self, question: Question, delay: timedelta) -> None:
        """Nothing was said; it is tried again after `delay`."""
        due = self._clock.now() + delay
        self._store.write(lambda db: Questions(db).put_off(question, due))

    def give_up(self, question: Question, state: str) -> None:
        """It can't be said ("dead"), or nobody can tell whether it was ("unknown")."""
        self._store.write(lambda db: Questions(db).end(question, state, None))
