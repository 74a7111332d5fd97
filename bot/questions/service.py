"""What a rep can do in plain words: ask, and ask on in the same conversation."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot.clock.now import Clock
from bot.errors import CoachError
from bot.inbox.table import Inbox
from bot.outbox.kind import Kind
from bot.outbox.manners import Skip
from bot.outbox.message import OutboxMessage, Plan, Recipient
from bot.outbox.table import Outbox
from bot.people.rep import Rep
from bot.questions.meant import Meant, asks, tells_of_anybody
from bot.questions.question import (
    ANSWER,
    IN_TIME,
    KEPT_CHARS,
    LOOKED_UP_CHARS,
    Question,
    key_of,
    with_earlier,
)
from bot.questions.small_talk import talk_of
from bot.questions.table import Questions
from bot.search.ranking import sure, surest
from bot.search.small_talk import STANDS_ALONE, weight
from bot.storage.database import Database
from bot.storage.store import Store
from bot.tips.service import TipGone, TipService
from bot.tips.table import Tips
from bot.tips.tip import Answer, Tip

LIKELY = 0.35  # so sure that the library knows of it: then words are a question, and no answer


class QuestionGone(CoachError):
    """A question whose asker was forgotten."""


class AnswerKind(Kind):
    """The answer to a question; `about` is the question's id."""

    at_once = True

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        question = Questions(db).get(int(message.about))
        return None if question and question.words else Skip("the question was deleted")

    def said(self, db: Database, message: OutboxMessage, now: datetime) -> None:
        if message.said and (ts := message.said[1]):
            Questions(db).said(int(message.about), ts)


class QuestionService:
    """Questions, each answered once: kept when they come, together with what is to be said."""

    def __init__(self, store: Store, clock: Clock, tips: TipService) -> None:
        self._store, self._clock = store, clock
        self._tips = tips

    def ask(
        self,
        rep: Rep,
        channel_id: str,
        ts: str,
        thread_ts: str,
        words: str,
        keep_under: int | None = None,
    ) -> OutboxMessage | None:
        """Keep what a message asks, and that it is to be answered; None if it was deleted before
        it came. The same message a second time asks nothing new.

        `keep_under` is the call under which the answer offers to keep the words.
        """
        now, key = self._clock.now(), key_of(rep.workspace_id, channel_id, ts)
        question = Question(0, rep, channel_id, ts, thread_ts, words[:KEPT_CHARS], now)

        def work(db: Database) -> OutboxMessage | None:
            deleted = Inbox(db).was_deleted(rep, channel_id, ts)
            if not deleted and (id := Questions(db).put(question)):
                return Outbox(db).plan(Plan(
                    key, ANSWER, Recipient(rep.workspace_id, channel_id), now, now + IN_TIME,
                    rep.user_id, keep_under, str(id), thread=thread_ts, asked=True,
                ))  # fmt: skip
            return Outbox(db).by_key(key)

        return self._store.write(work)

    def has_situation(self, rep: Rep, words: str) -> bool:
        """Whether there is a situation in the words: one word alone has to be in the library."""
        found = weight(words)
        return len(found) > 1 or (bool(found) and self._finds(rep, words))

    def meant(self, rep: Rep, words: str, suggested: Collection[str] = ()) -> Meant:
        """What a message is meant as, by its form and by what the library has; `suggested` are the
        questions that the coach itself offered to ask."""
        said = words.strip()
        if said.casefold() in {each.casefold() for each in suggested}:
            return "question"
        if talk_of(said):
            return "talk"
        if form := asks(said):
            return form
        told = said[:LOOKED_UP_CHARS]
        return "perhaps" if tells_of_anybody(told) and self._answers(rep, told) else "words"

    def of_message(self, rep: Rep, channel_id: str, ts: str) -> Question | None:
        """What a message asked; None if it asked nothing."""
        return Questions(self._store.read).of_message(rep.workspace_id, channel_id, ts)

    def get(self, rep: Rep, question_id: int) -> Question:
        """The rep's own question. Raises `QuestionGone`."""
        found = Questions(self._store.read).get(question_id)
        if found is None or found.rep != rep or not found.words:
            raise QuestionGone("I can't find that message any more.")
        return found

    def _finds(self, rep: Rep, words: str) -> bool:
        return surest(self._tips.ranked(rep.workspace_id, words)) >= LIKELY

    def change(self, rep: Rep, channel_id: str, ts: str, words: str) -> None:
        """A message was edited, or deleted ("" then): nobody is answered twice, and what follows
        in the conversation leans on the words as they are now."""

        def work(db: Database) -> None:
            if question := Questions(db).of_message(rep.workspace_id, channel_id, ts):
                anew = Outbox(db).change(key_of(rep.workspace_id, channel_id, ts))
                Questions(db).reword(question, words[:KEPT_CHARS], anew)
                _reword_tips(db, question, words)

        self._store.write(work)

    def of(self, message: OutboxMessage) -> Question:
        """The question that a message of the outbox answers. Raises `QuestionGone`."""
        if (question := Questions(self._store.read).get(int(message.about))) is None:
            raise QuestionGone("That question is no longer kept.")
        return question

    def answer(self, question: Question, with_model: bool = False) -> Answer:
        """What the library says on it, in the light of what the rep asked before in the thread.

        For a second try it is the same tip.
        """
        rep, words = question.rep, question.words[:LOOKED_UP_CHARS]
        if tip := self.tip(question):
            return Answer(words, tip, 0, ())
        before = Questions(self._store.read).earlier(question)
        earlier = [said for said in before if not talk_of(said)]
        alone = len(weight(words)) >= STANDS_ALONE and self._answers(rep, words)
        looked_up = words if alone or not earlier else with_earlier(words, earlier)
        found = self._tips.answer(rep, looked_up, question.channel_id, with_model)
        kept = Questions(self._store.read).get(question.id)
        if kept and kept.words != question.words:  # changed while it was looked up
            self._store.write(lambda db: _reword_tips(db, question, kept.words))
        return replace(found, words=words)

    def choose(self, question: Question, tip: Tip) -> None:
        """It is to be the answer, however often that is tried."""
        self._store.write(lambda db: Questions(db).set_tip(question, tip.id))

    def tip(self, question: Question) -> Tip | None:
        """The tip that was chosen as its answer; None if there is none to be said."""
        with suppress(TipGone):
            return self._tips.again(question.rep, question.tip_id) if question.tip_id else None
        return None

    def _answers(self, rep: Rep, words: str) -> bool:
        return bool(sure(self._tips.ranked(rep.workspace_id, words)))


def _reword_tips(db: Database, question: Question, words: str) -> None:
    """What was looked up for a question follows its words."""
    if old := question.words[:LOOKED_UP_CHARS]:
        Tips(db).reword(question.rep, old, words[:LOOKED_UP_CHARS])
