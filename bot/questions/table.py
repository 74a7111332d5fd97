"""The questions table: each message that asked something, and how far its answer has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.people.rep import Rep
from bot.questions.question import Question
from bot.storage.database import Database
from bot.storage.moments import from_text, to_text

_OPEN = "state IN ('pending', 'sending')"


class Questions:
    """Questions by message. An answer is tried by whoever claimed it, and by nobody else."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, question: Question) -> bool:
        """Keep a question; False if its message has asked already. `question.id` is ignored."""
        done = self._db.execute(
            "INSERT INTO questions (workspace_id, user_id, channel_id, message_ts, thread_ts,"
            " words, mark, asked_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (workspace_id, channel_id, message_ts) DO NOTHING",
            [*question.rep, question.channel_id, question.ts, question.thread_ts, question.words,
             question.mark, to_text(question.asked_at), to_text(question.asked_at)],
        )  # fmt: skip
        return done.rowcount == 1

    def of_message(self, workspace_id: str, channel_id: str, ts: str) -> Question | None:
        """What a message asked; None if it asked nothing."""
        found = self._many(
            "workspace_id = ? AND channel_id = ? AND message_ts = ?",
            [workspace_id, channel_id, ts],
        )
        return found[0] if found else None

    def earlier(self, question: Question) -> list[str]:
        """What the same rep asked before in this thread, oldest first; not what they deleted.

        The thread is named by its first message: a question, or the coach's answer to one.
        """
        rows = self._db.query(
            "SELECT words FROM questions WHERE workspace_id = ? AND user_id = ? AND channel_id = ?"
            " AND ? IN (thread_ts, message_ts, said_ts) AND message_ts < ? AND words <> ''"
            " ORDER BY message_ts",
            [*question.rep, question.channel_id, question.thread_ts, question.ts],
        )
        return [str(row["words"]) for row in rows] if question.thread_ts else []

    def reword(self, question: Question, words: str) -> None:
        """The message was edited, or with "" deleted: what was answered stays answered."""
        self._db.execute(
            "UPDATE questions SET words = ?,"
            " tip_id = CASE state WHEN 'pending' THEN NULL ELSE tip_id END WHERE id = ?",
            [words, question.id],
        )

    def open(self, now: datetime) -> list[Question]:
        """What has no answer yet and may be worked on, oldest first."""
        return self._many(f"{_OPEN} AND due_at <= ?", [to_text(now)])

    def claim(self, question: Question, look_up_at: datetime) -> bool:
        """From now on the answer may have been said; False if it is not to be said any more, or
        not to these words."""
        about = question.tip_id, question.said_in, question.said_under
        done = self._db.execute(
            "UPDATE questions SET state = 'sending', due_at = ?, tip_id = ?, said_in = ?,"
            " said_under = ? WHERE id = ? AND state = 'pending' AND words = ?",
            [to_text(look_up_at), *about, question.id, question.words],
        )
        return done.rowcount == 1

    def wait(self, question: Question, due_at: datetime) -> None:
        """Go on with it then, as far as it has come."""
        self._db.execute(
            "UPDATE questions SET due_at = ? WHERE id = ?", [to_text(due_at), question.id]
        )

    def put_off(self, question: Question, due_at: datetime) -> None:
        """Nothing was said; try again then."""
        self._db.execute(
            f"UPDATE questions SET state = 'pending', due_at = ? WHERE id = ? AND {_OPEN}",
            [to_text(due_at), question.id],
        )

    def end(self, question: Question, state: str, said_ts: str | None) -> None:
        """It was said (sent), can't be said (dead), or nobody can tell (unknown)."""
        self._db.execute(
            "UPDATE questions SET state = ?, said_ts = ? WHERE id = ?",
            [state, said_ts, question.id],
        )

    def _many(self, where: str, values: list[object]) -> list[Question]:
        rows = self._db.query(f"SELECT * FROM questions WHERE {where} ORDER BY id", values)
        return [_question(row) for row in rows]


def _question(row: dict[str, Any]) -> Question:
    return Question(
        id=row["id"],
        rep=Rep(row["workspace_id"], row["user_id"]),
        channel_id=row["channel_id"],
        ts=row["message_ts"],
        thread_ts=row["thread_ts"],
        words=row["words"],
        mark=row["mark"],
        state=row["state"],
        asked_at=from_text(row["asked_at"]),
        tip_id=row["tip_id"],
        said_in=row["said_in"] or "",
        said_under=row["said_under"] or "",
        said_ts=row["said_ts"],
    )
