"""What a rep sees of huddles: the card, what is known of the account, the calls of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.local_time import local_day
from bot.clock.now import Clock
from bot.debriefs.debrief import Debrief
from bot.debriefs.table import Debriefs
from bot.huddles import account_memory
from bot.huddles.account_memory import Memory
from bot.huddles.card_locks import Coalescer, KeyedLock
from bot.huddles.huddle import Huddle
from bot.huddles.play import Play, Plays
from bot.huddles.table import Huddles
from bot.library.library import Library, Source
from bot.nudges.table import Nudges
from bot.people.rep import Rep
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.store import Store


class Card(NamedTuple):
    """All that a card shows. `zone` is its owner's, for readers whose Slack shows no local time.

    `seen` is what can be read on it but for the items; `sources` are those of the items that a
    model worded.
    """

    huddle: Huddle
    play: Play | None
    memory: Memory | None
    zone: str
    seen: str
    sources: tuple[Source, ...]


class CardService:
    """Cards: what they show, where they stand, and whether they show the truth yet."""

    def __init__(self, store: Store, clock: Clock, library: Library, plays: Plays) -> None:
        self._store, self._clock, self._library, self._plays = store, clock, library, plays
        self.drawings = Coalescer()
        self.posting = KeyedLock()

    def card(self, rep: Rep, call_id: int, channel_id: str | None = None) -> Card:
        """What the card shows now where it stands, or would show in another channel."""
        from bot.huddles import rewording  # late: with what it stands on it takes 10 ms of a start

        huddle = Huddles(self._store.read).find(rep, call_id)
        if channel_id is not None:
            huddle = replace(
                huddle, channel_id=channel_id, private=channel_id.startswith("D")
            )  # fmt: skip
        play, memory = self._plays().get(huddle.call.play), self._memory(huddle)
        seen = rewording.seen(huddle.call, play, memory)
        items, sources = rewording.standing(huddle.items, seen, self._library.entries())
        zone = self.zone(huddle.call.owner)
        return Card(replace(huddle, items=items), play, memory, zone, seen, sources)

    def zone(self, rep: Rep) -> str:
        """The rep's zone as far as it is known, else UTC."""
        kept = People(self._store.read).profile(rep)
        return kept[0].zone if kept else "UTC"

    def mark(self, call: Call, user_id: str = "") -> str:
        """What a card bears unseen, so that it is found in a conversation's history; and the
        message that tells somebody of it."""
        whose = f":{user_id}" if user_id else ""
        key = f"{call.owner.workspace_id}:card:{call.id}{whose}"
        return Nudges(self._store.read).nonce(key)

    def news_mark(self, rep: Rep, trigger_id: str) -> str:
        """What the news of a change bears, which came with that trigger."""
        return Nudges(self._store.read).nonce(f"{rep.workspace_id}:news:{trigger_id}")

    def begun(self, call: Call) -> None:
        """The card is about to be posted. Until it is `placed`, nobody knows whether it was."""
        now = self._clock.now()
        self._store.write(lambda db: Huddles(db).begin(call, now))

    def not_posted(self, call: Call) -> None:
        """Slack said that it was not."""
        self._store.write(lambda db: Huddles(db).begin(call, None))

    def placed(self, card: Card, channel_id: str, ts: str, private: bool) -> None:
        """The card stands there, drawn like this."""
        huddle = card.huddle

        def work(db: Database) -> None:
            Huddles(db).place(huddle.call, channel_id, ts, private)
            Huddles(db).drawn(huddle.call, huddle.version)

        self._store.write(work)

    def drawn(self, card: Card) -> None:
        """The card shows this much. Lost in a crash, it is drawn once more."""
        call, version = card.huddle.call, card.huddle.version
        self._store.later(lambda db: Huddles(db).drawn(call, version))

    def to_draw(self) -> list[Call]:
        """Calls whose card is behind, after a crash or because Slack did not take it."""
        return Huddles(self._store.read).to_draw()

    def _memory(self, huddle: Huddle) -> Memory | None:
        calls, debriefs = self._known(huddle)
        return account_memory.on_card(huddle, calls, debriefs, huddle.channel_id or "")

    def own_memory(self, rep: Rep, call_id: int) -> Memory | None:
        """What this rep alone knows of the account's last call."""
        huddle = Huddles(self._store.read).find(rep, call_id)
        return account_memory.for_rep(huddle, *self._known(huddle), rep)

    def _known(self, huddle: Huddle) -> tuple[list[Call], list[Debrief]]:
        where, db = huddle.call.owner.workspace_id, self._store.read
        key = huddle.call.account_key
        return Calls(db).of_account(where, key), Debriefs(db).of_account(where, key)

    # Telling --------------------------------------------------------------------------------

    def tell(self, rep: Rep, call_id: int, user_ids: Sequence[str]) -> list[str]:
        """Who of these has to be told in a message; from now on they count as told."""
        now = self._clock.now()

        def work(db: Database) -> list[str]:
            huddle = Huddles(db).find(rep, call_id)
            if huddle.call.state == "cancelled":
                return []
            told = [
                p.user_id
                for p in huddle.people
                if p.user_id in user_ids and not p.told and p.user_id != rep.user_id
            ]
            Huddles(db).set_told(huddle.call, told, now)
            Huddles(db).set_told_where(huddle.call, told, _where(huddle))
            return told

        return self._store.write(work)

    def tell_where(self, rep: Rep, call_id: int) -> list[str]:
        """Who was told of a private card that is in a channel now; from now on they know."""

        def work(db: Database) -> list[str]:
            huddle = Huddles(db).find(rep, call_id)
            if (where := _where(huddle)) is None:
                return []
            told = [p.user_id for p in huddle.people if p.told and p.told_where is None]
            Huddles(db).set_told_where(huddle.call, told, where)
            return told

        return self._store.write(work)

    def not_told_where(self, call: Call, user_id: str) -> None:
        """The message did not reach them after all."""
        self._store.write(lambda db: Huddles(db).set_told_where(call, [user_id], None))

    def not_told(self, call: Call, user_id: str) -> None:
        """The message did not reach them after all."""
        self._store.write(lambda db: Huddles(db).set_told(call, [user_id], None))

    def tell_closed(self, huddle: Huddle) -> bool:
        """Whether the owner has to be told that the card tells nothing new where it stands; from
        now on they count as told."""
        return self._store.write(lambda db: Huddles(db).tell_closed(huddle))

    def not_told_closed(self, huddle: Huddle) -> None:
        """The message did not reach them after all."""
        self._store.write(lambda db: Huddles(db).not_told_closed(huddle))

    def today(self, rep: Rep) -> list[Huddle | Call]:
        """The rep's calls of this local day that are not cancelled; a huddle where there is one."""
        now, zone, db = self._clock.now(), self.zone(rep), self._store.read
        span = timedelta(days=1)
        calls = Calls(db).of_rep(rep, now - span, now + span)
        mine = [c for c in calls if local_day(c.starts, zone) == local_day(now, zone)]
        return [
            Huddles(db).get(rep.workspace_id, call.id) or call
            for call in mine
            if call.state != "cancelled"
        ]


def _where(huddle: Huddle) -> str | None:
    """The channel in which the card stands, for all who come along."""
    return huddle.channel_id if huddle.ts and not huddle.private else None
