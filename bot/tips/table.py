"""The tables about tips: what was said to whom, what they thought of it, what had no answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from bot.library.citation import Citation
from bot.people.rep import Rep
from bot.storage.database import Database, insert
from bot.storage.moments import from_text, to_text
from bot.writing import columns as written_rows
from bot.writing.statement import Written

EARLIER_CHARS = 500  # of a question, what a follow-up is looked up with


class SaidTip(NamedTuple):
    """A tip that was said: where, on which words, and the lesson and quote it consisted of.

    `instead_of` is the id of the tip for which another was wanted.
    """

    id: int
    channel_id: str | None
    words: str
    lesson: str
    citation: Citation
    written: Written | None = None
    instead_of: int | None = None


class Choice(NamedTuple):
    """A lesson of a post, by its slug, that was offered with others."""

    post: str
    lesson: str


class Choices(NamedTuple):
    """What was offered on which words."""

    words: str
    offered: tuple[Choice, ...]


class TipsHeard(NamedTuple):
    """What a rep or a channel was told: each lesson and each post, with the last time (UTC)."""

    lessons: dict[str, datetime]
    posts: dict[str, datetime]


class Tips:
    """Tips said, votes, choices and gaps."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, said: SaidTip, workspace_id: str, user_id: str | None, now: datetime) -> int:
        """Note a tip; `said.id` is ignored and the new id returned."""
        c = said.citation
        row: dict[str, Any] = {
            "workspace_id": workspace_id,
            "user_id": user_id,
            "channel_id": said.channel_id,
            "said_at": to_text(now),
            "kind": "daily" if user_id is None else "asked",
            "words": said.words,
            "post": c.post,
            "lesson": said.lesson,
            "quote_shelf": c.shelf,
            "quote_digest": c.digest,
            "quote_start": c.start,
            "quote_end": c.end,
            "instead_of": said.instead_of,
        }
        return insert(self._db, "tips_said", row)

    def get(self, workspace_id: str, tip_id: int) -> SaidTip | None:
        """A tip of this workspace; None if there is none, or it is another workspace's."""
        row = next(
            self._db.query(
                "SELECT * FROM tips_said WHERE workspace_id = ? AND id = ?", [workspace_id, tip_id]
            ),
            None,
        )
        return _said(row) if row else None

    def put_written(self, workspace_id: str, tip_id: int, written: Written) -> None:
        """Keep what a model wrote for a tip, by which prompt and from which posts."""
        self._db.execute(
            f"UPDATE tips_said SET {written_rows.SET} WHERE workspace_id = :w AND id = :id",
            written_rows.to_row(written) | {"w": workspace_id, "id": tip_id},
        )

    def said_to(self, rep: Rep) -> TipsHeard:
        """What this rep was told in private."""
        return self._heard("user_id = ?", rep)

    def said_in(self, workspace_id: str, channel_id: str) -> TipsHeard:
        """What the channel was told by day."""
        return self._heard("channel_id = ? AND user_id IS NULL", (workspace_id, channel_id))

    def _heard(self, where: str, key: tuple[str, str]) -> TipsHeard:
        rows = self._db.query(
            "SELECT lesson, post, max(said_at) AS at FROM tips_said"
            f" WHERE workspace_id = ? AND {where} GROUP BY lesson, post ORDER BY at",
            [*key],
        )
        heard = TipsHeard({}, {})
        for row in rows:
            heard.lessons[row["lesson"]] = heard.posts[row["post"]] = from_text(row["at"])
        return heard

    def vote(self, rep: Rep, tip_id: int, helpful: bool, now: datetime) -> None:
        """Keep the rep's last word on a tip."""
        insert(
            self._db,
            "feedback",
            {
                "workspace_id": rep.workspace_id,
                "user_id": rep.user_id,
                "tip_id": tip_id,
                "helpful": int(helpful),
                "at": to_text(now),
            },
            or_replace=True,
        )

    def put_choice(self, rep: Rep, words: str, offered: Sequence[Choice], now: datetime) -> int:
        """Keep what was offered, and return its id; the same again, not chosen from, is one."""
        row = {
            "workspace_id": rep.workspace_id,
            "user_id": rep.user_id,
            "words": words,
            "offered": json.dumps(offered),
        }
        again = "SELECT id FROM choices WHERE chosen IS NULL AND " + " AND ".join(
            f"{name} = :{name}" for name in row
        )
        if found := next(self._db.query(again, row), None):
            return int(found["id"])
        return insert(self._db, "choices", row | {"offered_at": to_text(now)})

    def choice(self, workspace_id: str, choice_id: int) -> Choices | None:
        """What was offered; None if that is not this workspace's, or is gone."""
        row = next(
            self._db.query(
                "SELECT words, offered FROM choices WHERE workspace_id = ? AND id = ?",
                [workspace_id, choice_id],
            ),
            None,
        )
        if row is None:
            return None
        return Choices(row["words"], tuple(Choice(*each) for each in json.loads(row["offered"])))

    def choose(self, workspace_id: str, choice_id: int, n: int, tip_id: int, now: datetime) -> None:
        """Keep which of those offered was opened last, and as which tip."""
        self._db.execute(
            "UPDATE choices SET chosen = :n, chosen_at = :at, tip_id = :tip"
            " WHERE workspace_id = :w AND id = :id",
            {"n": n, "at": to_text(now), "tip": tip_id, "w": workspace_id, "id": choice_id},
        )

    def put_gap(self, rep: Rep, question: str, now: datetime) -> None:
        """Keep a question that found no answer; asked again by the same rep, it is one."""
        self._db.execute(
            "INSERT INTO gaps (workspace_id, user_id, question, asked_at)"
            " SELECT :w, :u, :question, :at WHERE NOT EXISTS (SELECT 1 FROM gaps"
            " WHERE workspace_id = :w AND user_id = :u AND question = :question)",
            {"w": rep.workspace_id, "u": rep.user_id, "question": question, "at": to_text(now)},
        )

    def reword(self, rep: Rep, old: str, new: str) -> None:
        """What the rep once asked reads otherwise now, or with "" was deleted: no copy of the old
        words stays, in what was looked up for a follow-up neither."""
        head = old[:EARLIER_CHARS]
        found = (
            "workspace_id = :w AND user_id = :u AND instr(char(10) || {0} || char(10), :old) > 0"
        )
        values = {
            "w": rep.workspace_id,
            "u": rep.user_id,
            "old": f"\n{head}" if len(old) > len(head) else f"\n{old}\n",
            "whole": old,
            "new": new,
        }
        for table in ("tips_said", "choices"):
            self._db.execute(
                f"UPDATE {table} SET words = CASE words WHEN :whole THEN :new ELSE '' END"
                f" WHERE {found.format('words')}",
                values,
            )
        self._db.execute(f"DELETE FROM gaps WHERE {found.format('question')}", values)


def _said(row: dict[str, Any]) -> SaidTip:
    citation = Citation(
        row["post"], row["quote_shelf"], row["quote_digest"], row["quote_start"], row["quote_end"]
    )
    written = written_rows.from_row(row)
    return SaidTip(row["id"], row["channel_id"], row["words"], row["lesson"], citation, written)
