"""The table of meetings: what is ahead in each rep's calendar, and what it became."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.calendars.customers import YOU_SAID_SO, Choice
from bot.calendars.kept import KeptMeeting, News
from bot.calendars.meeting import Attendee
from bot.people.rep import Rep
from bot.storage.database import Database, insert, update
from bot.storage.moments import to_text
from bot.storage.nouns import noun, values_of

_COLUMNS = (
    *("key", "series", "title", "starts", "ends", "all_day", "busy", "away", "cancelled"),
    *("zone_unsure", "verdict", "account", "why", "missed", "call_id"),
)


class Meetings:
    """Meetings by id, or by the rep and the key of the calendar."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, rep: Rep) -> list[KeptMeeting]:
        """All that is kept of the rep's calendar, by their start."""
        return self._many("workspace_id = ? AND user_id = ?", [*rep])

    def get(self, rep: Rep, id: int) -> KeptMeeting | None:
        """A meeting of this rep's calendar."""
        found = self._many("workspace_id = ? AND user_id = ? AND id = ?", [*rep, id])
        return next(iter(found), None)

    def of_call(self, workspace_id: str, call_id: int) -> list[KeptMeeting]:
        """The meetings that are this call, of whoever has it in the calendar."""
        return self._many("workspace_id = ? AND call_id = ?", [workspace_id, call_id])

    def like(self, meeting: KeptMeeting) -> list[KeptMeeting]:
        """The same meeting in the calendars of others of the workspace: its id and start match."""
        return self._many(
            "workspace_id = ? AND series = ? AND starts = ? AND user_id <> ? AND cancelled = 0",
            [meeting.rep.workspace_id, meeting.series, to_text(meeting.starts),
             meeting.rep.user_id],
        )  # fmt: skip

    def away(self, rep: Rep, at: datetime) -> list[KeptMeeting]:
        """What says of that moment that the rep is not at work: see `Meeting.away`."""
        return self._many(
            "workspace_id = ? AND user_id = ? AND away = 1 AND cancelled = 0"
            " AND starts <= ? AND ends > ?",
            [*rep, to_text(at), to_text(at)],
        )

    def put(self, meetings: Iterable[KeptMeeting]) -> None:
        for meeting in meetings:
            row = _row(meeting)
            if meeting.id:
                update(self._db, "meetings", meeting.id, row)
            else:
                insert(self._db, "meetings", row)

    def drop(self, meetings: Iterable[KeptMeeting]) -> None:
        for meeting in meetings:
            self._db.execute("DELETE FROM meetings WHERE id = ?", [meeting.id])

    def take(self, news: News) -> None:
        """What a look brought."""
        self.drop(news.gone)
        self.put(news.put)

    def drop_all(self, rep: Rep) -> None:
        self._db.execute("DELETE FROM meetings WHERE workspace_id = ? AND user_id = ?", [*rep])

    def decide(self, meeting: KeptMeeting, choice: Choice) -> None:
        """What the rep said of the whole series."""
        self._db.execute(
            "UPDATE meetings SET verdict = ?, account = ?, why = ?"
            " WHERE workspace_id = ? AND user_id = ? AND series = ?",
            ["customer" if choice.customer else "none", choice.account, YOU_SAID_SO,
             *meeting.rep, meeting.series],
        )  # fmt: skip

    def became(self, meeting: KeptMeeting, call_id: int | None) -> None:
        """It is that call, or none any more."""
        self._db.execute("UPDATE meetings SET call_id = ? WHERE id = ?", [call_id, meeting.id])

    def _many(self, where: str, values: Sequence[object]) -> list[KeptMeeting]:
        rows = self._db.query(
            f"SELECT * FROM meetings WHERE {where} ORDER BY starts, id", list(values)
        )
        return [_meeting(row) for row in rows]


def _row(meeting: KeptMeeting) -> dict[str, Any]:
    who = {"workspace_id": meeting.rep.workspace_id, "user_id": meeting.rep.user_id}
    people = [[person.address, person.name, person.answer] for person in meeting.people]
    told = {"people": json.dumps(people, ensure_ascii=False)}
    return who | told | values_of(meeting, _COLUMNS)


def _meeting(row: dict[str, Any]) -> KeptMeeting:
    people = tuple(Attendee(*person) for person in json.loads(row["people"]))
    who = (row["workspace_id"], row["user_id"])
    return noun(KeptMeeting, {k: v for k, v in row.items() if k != "people"}, rep=who,
                people=[vars(person) for person in people])  # fmt: skip
