"""The questions table: each message that asked something, its tip, and where the answer stands."""

from __future__ import annotations

from typing import Any

from bot.questions.question import Question
from bot.storage.database import Database
from bot.storage.moments import to_text
from bot.storage.nouns import noun


class Questions:
    """Questions by message; how far an answer has come stands in the outbox."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, question: Question) -> int | None:
        """Keep a question; returns its id, None if its message has asked already. `question.id` is
        ignored."""
        done = self._db.query(
            "INSERT INTO questions (workspace_id, user_id, channel_id, message_ts, thread_ts,"
            " words, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (workspace_id, channel_id, message_ts) DO NOTHING RETURNING id",
            [*question.rep, question.channel_id, question.ts, question.thread_ts, question.words,
             to_text(question.asked_at)],
        )  # fmt: skip
        return next((row["id"] for row in done), None)

    def get(self, question_id: int) -> Question | None:
        found = self._many("id = ?", [question_id])
        return found[0] if found else None

    def of_message(self, workspace_id: str, channel_id: str, ts: str) -> Question | None:
        """What a message asked; None if it asked nothing."""
        found = self._many(
            "workspace_id = ? AND channel_id = ? AND message_ts = ?", [workspace_id, channel_id, ts]
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

    def reword(self, question: Question, words: str, anew: bool) -> None:
        """The message was edited, or with "" deleted; with `anew` another tip may fit."""
        tip = "tip_id = NULL, " if anew else ""
        self._db.execute(f"UPDATE questions SET {tip}words = ? WHERE id = ?", [words, question.id])

    def set_tip(self, question: Question, tip_id: int) -> None:
        """It is the answer to these words; what was edited meanwhile gets another."""
        self._db.execute(
            "UPDATE questions SET tip_id = ? WHERE id = ? AND words = ?",
            [tip_id, question.id, question.words],
        )

    def said(self, question_id: int, ts: str) -> None:
        """Its answer stands there."""
        self._db.execute("UPDATE questions SET said_ts = ? WHERE id = ?", [ts, question_id])

    def _many(self, where: str, values: list[object]) -> list[Question]:
        rows = self._db.query(f"SELECT * FROM questions WHERE {where} ORDER BY id", values)
        return [_question(row) for row in rows]


def _question(row: dict[str, Any]) -> Question:
    rep = (row["workspace_id"], row["user_id"])
    return noun(Question, row, rep=rep, ts=row["message_ts"])
