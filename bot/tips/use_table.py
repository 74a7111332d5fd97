"""What use tells: questions without an answer, tips that were turned down or chosen.

Words that a rep gave as an answer about a call, or wrote where the coach had asked for one, are not
among them, and no tip of a debrief.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.storage.database import Database

NEWEST = 1_000  # questions of a kind that are looked at


class Asked(NamedTuple):
    """What somebody asked. `post` is the one that they then found to fit; "" if none."""

    user_id: str
    words: str
    post: str = ""


class LessonUse(NamedTuple):
    """How many people turned a lesson down, or chose it, and how often."""

    post: str
    lesson: str
    people: int
    times: int


_PRIVATE = """
    WITH private AS (
        SELECT workspace_id, user_id, said AS words FROM replies WHERE removed = 0
        UNION ALL SELECT q.workspace_id, q.user_id, q.words FROM questions q JOIN outbox o
            ON o.kind = 'answer' AND q.id = CAST(o.about AS INTEGER) AND o.call_id IS NOT NULL
    ),
    tips AS (
        SELECT * FROM tips_said
        WHERE id NOT IN (SELECT tip_id FROM debriefs WHERE tip_id IS NOT NULL)
    ),
    turned_down AS (
        SELECT tip_id AS id, user_id FROM feedback WHERE helpful = 0
        UNION SELECT instead_of, user_id FROM tips_said AS other WHERE instead_of IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM feedback WHERE tip_id = instead_of AND helpful = 1
                AND user_id = other.user_id)
    )
"""
_OPEN_WORDS = """
    {0} <> '' AND NOT EXISTS (SELECT 1 FROM private WHERE private.workspace_id = asked.workspace_id
        AND private.user_id = asked.user_id AND private.words <> ''
        AND instr(char(10) || {0} || char(10), char(10) || private.words || char(10)) > 0)
"""
_GAPS = f"""
    SELECT user_id, question AS words, '' AS post FROM gaps AS asked
    WHERE workspace_id = ? AND {_OPEN_WORDS.format("question")} ORDER BY id DESC LIMIT ?
"""
_PASSED_OVER = f"""
    SELECT user_id, words, '' AS post FROM choices AS asked
    WHERE workspace_id = ? AND chosen IS NULL AND {_OPEN_WORDS.format("words")}
    ORDER BY id DESC LIMIT ?
"""
# What was opened of three and not turned down then, and what helped instead of another.
_FOUND = f"""
    SELECT asked.user_id, asked.words, tips.post FROM choices AS asked JOIN tips
    ON tips.id = asked.tip_id WHERE asked.workspace_id = :w
    AND tips.id NOT IN (SELECT id FROM turned_down) AND {_OPEN_WORDS.format("asked.words")}
    UNION SELECT asked.user_id, asked.words, asked.post FROM tips AS asked JOIN feedback
    ON feedback.tip_id = asked.id AND helpful = 1 AND feedback.user_id = asked.user_id
    WHERE asked.workspace_id = :w AND asked.instead_of IS NOT NULL
    AND {_OPEN_WORDS.format("asked.words")} ORDER BY 2, 1 LIMIT :most
"""
_BY_LESSON = """
    SELECT post, lesson, count(DISTINCT {0}.user_id) AS people, count(*) AS times
    FROM tips JOIN {0} ON {1} WHERE tips.workspace_id = ? GROUP BY post, lesson
    ORDER BY people DESC, times DESC, post, lesson
"""


class Use:
    """What one workspace's use tells; nothing is written here."""

    def __init__(self, db: Database, workspace_id: str) -> None:
        self._db, self._workspace_id = db, workspace_id

    def gaps(self, most: int = NEWEST) -> list[Asked]:
        """Questions that the library had no answer to, the newest first."""
        return self._asked(_GAPS, [self._workspace_id, most])

    def passed_over(self) -> list[Asked]:
        """Questions of which none of the three was opened, the newest first."""
        return self._asked(_PASSED_OVER, [self._workspace_id, NEWEST])

    def found(self) -> list[Asked]:
        """Questions that were not answered at once, with the post that fitted."""
        return self._asked(_FOUND, {"w": self._workspace_id, "most": NEWEST})

    def turned_down(self) -> list[LessonUse]:
        """Lessons that people voted down, or wanted another for and did not vote up."""
        return self._by_lesson("turned_down", "turned_down.id = tips.id")

    def chosen(self) -> list[LessonUse]:
        """Lessons that were opened of the three."""
        return self._by_lesson("choices", "choices.tip_id = tips.id")

    def names(self) -> list[str]:
        """What accounts and people are called."""
        rows = self._db.query(
            "SELECT account AS name FROM calls WHERE workspace_id = :w"
            " UNION SELECT name FROM reps WHERE workspace_id = :w",
            {"w": self._workspace_id},
        )
        return [row["name"] for row in rows]

    def _asked(self, sql: str, values: Sequence[object] | dict[str, object]) -> list[Asked]:
        return [Asked(*row) for row in self._db.rows(_PRIVATE + sql, values)]

    def _by_lesson(self, table: str, on: str) -> list[LessonUse]:
        rows = self._db.rows(_PRIVATE + _BY_LESSON.format(table, on), [self._workspace_id])
        return [LessonUse(*row) for row in rows]


def workspaces(db: Database) -> list[str]:
    """The workspaces in which anything was asked."""
    rows = db.query("SELECT workspace_id FROM tips_said UNION SELECT workspace_id FROM gaps"
                    " UNION SELECT workspace_id FROM choices")  # fmt: skip
    return [row["workspace_id"] for row in rows]
