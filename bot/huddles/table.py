"""The tables of huddles: the card and where it stands, its people and its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.huddles.huddle import PARTS, Huddle, HuddleGone, Item, Part, Person
from bot.people.rep import Rep
from bot.storage.database import Database, Value, insert, update
from bot.storage.moments import from_text, to_text
from bot.storage.nouns import noun


class Huddles:
    """Huddles by their call. Whatever changes one makes its card due for drawing."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._calls = Calls(db)

    def start(
        self, call: Call, people: Mapping[str, Part], items: Sequence[Item], now: datetime
    ) -> Huddle:
        """Keep the huddle of a new call; its card stands nowhere yet."""
        insert(
            self._db,
            "huddles",
            {
                "call_id": call.id,
                "workspace_id": call.owner.workspace_id,
                "private": 0,
                "started_at": to_text(now),
            },
        )
        self.set_people(call, people)
        self.set_items(call, items)
        return self.open(call.owner, call.id)

    def get(self, workspace_id: str, call_id: int) -> Huddle | None:
        """The huddle of a call of this workspace, if it has one."""
        call = self._calls.get(workspace_id, call_id)
        row = self._one("SELECT * FROM huddles WHERE call_id = ?", [call_id]) if call else None
        if call is None or row is None:
            return None
        return Huddle(
            call,
            bool(row["private"]),
            row["channel_id"],
            row["ts"],
            row["version"],
            self._people(call_id),
            self._items(call_id),
        )

    def started_at(self, call: Call) -> datetime:
        """When the huddle of a call that has one was started."""
        sql = "SELECT started_at FROM huddles WHERE call_id = ?"
        return from_text(self._db.value(sql, [call.id]))

    def find(self, rep: Rep, call_id: int) -> Huddle:
        """The huddle, cancelled or not. Raises `HuddleGone`."""
        if (huddle := self.get(rep.workspace_id, call_id)) is None:
            raise HuddleGone("I can't find that huddle any more. Type `/huddle` for a new one.")
        return huddle

    def open(self, rep: Rep, call_id: int) -> Huddle:
        """A huddle that can be worked on. Raises `HuddleGone`."""
        huddle = self.find(rep, call_id)
        if huddle.call.state == "cancelled":
            raise HuddleGone("This call was cancelled, so its card stays as it is.")
        return huddle

    def item(self, rep: Rep, call_id: int, item_id: int) -> tuple[Huddle, Item]:
        """An item that can be worked on, with its huddle. Raises `HuddleGone`."""
        huddle = self.open(rep, call_id)
        if (item := huddle.item(item_id)) is None:
            raise HuddleGone("That item is not on the card any more: the play was changed.")
        return huddle, item

    # The card -------------------------------------------------------------------------------

    def place(self, call: Call, channel_id: str, ts: str, private: bool) -> None:
        """The card stands there now. A private one belongs to no channel."""
        where: dict[str, Value] = {"channel_id": channel_id, "ts": ts, "private": int(private)}
        update(self._db, "huddles", call.id, where, by="call_id")
        update(self._db, "calls", call.id, {"channel_id": None if private else channel_id})

    def drawn(self, call: Call, version: int) -> None:
        """The card shows this version, unless a newer one was noted already."""
        self._db.execute(
            "UPDATE huddles SET drawn = max(drawn, ?) WHERE call_id = ?", [version, call.id]
        )

    def to_draw(self) -> list[Call]:
        """Calls whose card shows less than what is true, twenty at most."""
        rows = self._db.query(
            "SELECT workspace_id, call_id FROM huddles"
            " WHERE drawn < version AND ts IS NOT NULL ORDER BY call_id LIMIT 20"
        )
        calls = [self._calls.get(r["workspace_id"], r["call_id"]) for r in rows]
        return [call for call in calls if call]

    # People ---------------------------------------------------------------------------------

    def set_people(self, call: Call, people: Mapping[str, Part]) -> None:
        """Those who come along are these, with these parts."""
        gone = [p.user_id for p in self._people(call.id) if p.user_id not in people]
        for user_id in gone:
            self._db.execute(
                "DELETE FROM huddle_people WHERE call_id = ? AND user_id = ?", [call.id, user_id]
            )
        for user_id, part in people.items():
            self._db.execute(
                "INSERT INTO huddle_people (call_id, workspace_id, user_id, part)"
                " VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET part = excluded.part",
                [call.id, call.owner.workspace_id, user_id, part],
            )
        self._calls.touch(call.id)

    # Items ----------------------------------------------------------------------------------

    def set_items(self, call: Call, items: Sequence[Item]) -> None:
        """The card holds these items: known ones keep what was put into them, others go."""
        kept = {item.id for item in items if item.id}
        for item in self._items(call.id):
            if item.id not in kept:
                self._db.execute("DELETE FROM huddle_items WHERE id = ?", [item.id])
        for item in items:
            if item.id:
                update(self._db, "huddle_items", item.id, {"n": item.n})
            else:
                self._add(call, item)
        self._calls.touch(call.id)

    def set_item(
        self, call: Call, item: Item, done: bool, answer: str | None, by: Rep, now: datetime
    ) -> None:
        """Somebody ticked or answered; the card is due even if it says so already."""
        before, after = _held(item), _held(replace(item, done=done, answer=answer))
        if before != after:
            self._calls.note(call, f"item {item.id}", before, after, by, now)
            update(
                self._db,
                "huddle_items",
                item.id,
                {"done": int(done), "answer": answer, "by_id": by.user_id, "at": to_text(now)},
            )
        self._db.execute("UPDATE huddle_items SET turn = turn + 1 WHERE id = ?", [item.id])
        self._calls.touch(call.id)

    def set_wordings(
        self, call: Call, offered: Sequence[Item], wordings: Mapping[int, str], prompt: str
    ) -> bool:
        """Word the items that were offered like this, and no others; False if nothing changed.

        What somebody put a hand to since they were offered stays as it is.
        """
        turns = {item.id: item.turn for item in offered}
        changed = [
            item
            for item in self._items(call.id)
            if turns.get(item.id) == item.turn and not item.touched
            if item.wording != wordings.get(item.id)
        ]
        for item in changed:
            worded = {"wording": wordings.get(item.id), "worded_by": prompt}
            update(self._db, "huddle_items", item.id, worded)
        if changed:
            self._calls.touch(call.id)
        return bool(changed)

    def _add(self, call: Call, item: Item) -> None:
        insert(
            self._db,
            "huddle_items",
            {
                "workspace_id": call.owner.workspace_id,
                "call_id": call.id,
                "n": item.n,
                "text": item.text,
                "kind": item.kind,
                "post": item.post,
                "rests_on": item.rests_on,
                "added_by": item.added_by,
            },
        )

    def _people(self, call_id: int) -> tuple[Person, ...]:
        rows = self._db.query(
            "SELECT user_id, part FROM huddle_people WHERE call_id = ? ORDER BY id", [call_id]
        )
        people = [Person(r["user_id"], r["part"]) for r in rows]
        return tuple(sorted(people, key=lambda person: PARTS.index(person.part)))

    def _items(self, call_id: int) -> tuple[Item, ...]:
        rows = self._db.query(
            "SELECT * FROM huddle_items WHERE call_id = ? ORDER BY n, id", [call_id]
        )
        return tuple(_item(row) for row in rows)

    def _one(self, sql: str, values: list[object]) -> dict[str, Any] | None:
        return next(self._db.query(sql, values), None)


def _held(item: Item) -> str:
    """What an item holds, as the table of changes shows it."""
    return item.answer or ("ready" if item.done else "open")


def _item(row: dict[str, Any]) -> Item:
    return noun(Item, row)
