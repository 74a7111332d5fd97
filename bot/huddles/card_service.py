"""What a rep sees of huddles: the card, what is known of the account, the calls of today."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.clock.local_time import local_day
from bot.clock.now import Clock
from bot.debriefs.debrief import Debrief
from bot.debriefs.table import Debriefs
from bot.huddles import account_memory, card_message
from bot.huddles._card_locks import Coalescer, KeyedLock
from bot.huddles.account_memory import Memory
from bot.huddles.huddle import Huddle
from bot.huddles.play import Play, Plays
from bot.huddles.table import Huddles
from bot.library.library import Library
from bot.library.source import Source
from bot.outbox.message import OutboxMessage
from bot.people.rep import Rep
from bot.people.table import People
from bot.storage.database import Database
from bot.storage.store import Store


class Card(NamedTuple):
    """All that a card shows. `zone` is its owner's, for readers whose Slack shows no local time.

    `seen` is what can be read on it but for the items; `sources` are those of the items that a
    model worded. `ownerless`: whoever has the call left the workspace.
    """

    huddle: Huddle
    play: Play | None
    memory: Memory | None
    zone: str
    seen: str
    sources: tuple[Source, ...]
    ownerless: bool = False


class CardService:
    """Cards: what they show, how they get to a channel, and whether they show the truth yet."""

    def __init__(self, store: Store, clock: Clock, library: Library, plays: Plays) -> None:
        self._store, self._clock, self._library, self._plays = store, clock, library, plays
        self.drawings = Coalescer()
        self.posting = KeyedLock()

    def card(self, rep: Rep, call_id: int, channel_id: str | None = None) -> Card:
        """What the card shows now where it stands, or would show in another channel."""
        from bot.huddles import (
            _rewording as rewording,  # late: with what it stands on it takes 10 ms of a start
        )

        huddle = Huddles(self._store.read).find(rep, call_id)
        if channel_id is not None:
            huddle = replace(
                huddle, channel_id=channel_id, private=channel_id.startswith("D")
            )  # fmt: skip
        play, memory = self._plays().get(huddle.call.play), self._memory(huddle)
        seen = rewording.seen(huddle.call, play, memory)
        items, sources = rewording.standing(huddle.items, seen, self._library.entries())
        zone = self.zone(huddle.call.owner)
        ownerless = People(self._store.read).has_left(huddle.call.owner)
        items_shown = replace(huddle, items=items)
        return Card(items_shown, play, memory, zone, seen, sources, ownerless)

    def zone(self, rep: Rep) -> str:
        """The rep's zone as Slack last told it."""
        return People(self._store.read).zone(rep)

    def wanted(
        self, rep: Rep, call_id: int, channel_id: str, looked: bool = False
    ) -> OutboxMessage:
        """The message that brings the card to a channel: one that may stand there already, or else
        a new one. Who has `looked` knows that it does not."""
        now = self._clock.now()

        def work(db: Database) -> OutboxMessage:
            call = Huddles(db).find(rep, call_id).call
            last = card_message.last(db, call)
            if last and (last.state == "sending" or (last.state == "unknown" and not looked)):
                return last
            return card_message.plan(db, call, channel_id, rep, last, now)

        return self._store.write(work)

    def drawn(self, card: Card) -> None:
        """The card shows this much. Lost in a crash, it is drawn once more."""
        call, version = card.huddle.call, card.huddle.version
        self._store.later(lambda db: Huddles(db).drawn(call, version))

    def to_draw(self) -> list[Call]:
        """Calls whose card is behind, after a crash or because Slack did not take it."""
        return Huddles(self._store.read).to_draw()

    def _memory(self, huddle: Huddle) -> Memory | None:
        calls, debriefs = self._known(huddle)
        return account_memory.on_card(
            huddle, calls, debriefs, huddle.channel_id or "", self._clock.now()
        )

    def own_memory(self, rep: Rep, call_id: int) -> Memory | None:
        """What this rep alone knows of the account's last call."""
        huddle = Huddles(self._store.read).find(rep, call_id)
        return account_memory.for_rep(huddle, *self._known(huddle), rep, self._clock.now())

    def _known(self, huddle: Huddle) -> tuple[list[Call], list[Debrief]]:
        where, db = huddle.call.owner.workspace_id, self._store.read
        key = huddle.call.account_key
        return Calls(db).of_account(where, key), Debriefs(db).of_account(where, key)

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
