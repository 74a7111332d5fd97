"""What a manager can do with posts that came: have them looked at, imported, or left."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.audit.table import Audit
from bot.clock.now import Clock
from bot.errors import CoachError
from bot.imports._reading import (
    NothingInIt,
    left_in,
    opened,
    posts_of,
    summary,
    why_nothing,
)
from bot.imports.feed import source_of
from bot.imports.feeds_table import Feeds
from bot.imports.offer import KEPT, MOST_BYTES, MOST_WAITING, Dropped, NotOffered, Offer, State
from bot.imports.table import Offers, packed
from bot.imports.telling import plan_telling
from bot.library.library import Library
from bot.outbox.kind import Kind
from bot.outbox.manners import Skip
from bot.outbox.message import AT_ONCE, OutboxMessage
from bot.people.rep import Rep
from bot.search.indexing import Indexing
from bot.storage.database import Database
from bot.storage.store import Store

log = logging.getLogger(__name__)

# What may be decided: somebody may press before it is known that they were asked.
ASKED: tuple[State, ...] = ("found", "asked")
AGAIN = timedelta(minutes=1)  # until what could not be done is tried once more
ROWS_KEPT = timedelta(days=30)  # so that an old button still gets a sentence
_TIDIED_EVERY = timedelta(minutes=10)
_OVER: dict[State, str] = {
    "accepted": "They are being imported.",
    "imported": "They are in the library already.",
    "done": "They are in the library already.",
    "left": "You left these. Drop the file again to change that.",
}


class OfferKind(Kind):
    """What is in a file or a feed; `about` is the offer's id."""

    at_once = True
    title = "what is in a file or a feed"

    def still_wanted(self, db: Database, message: OutboxMessage, now: datetime) -> Skip | None:
        offer = Offers(db).get(message.recipient.workspace_id, int(message.about))
        told = offer is not None and offer.state in ("found", "refused")
        return None if told else Skip("there is nothing to decide any more")

    def said(self, db: Database, message: OutboxMessage, now: datetime) -> None:
        """Whoever was quick has decided already: then it stays as they decided."""
        offer = Offers(db).get(message.recipient.workspace_id, int(message.about))
        if offer and message.said:
            Offers(db).set_message(offer.id, message.said[0], message.said[1] or "")
            asks = offer.state == "found" and offer.found.changes > 0
            told = Offers(db).move(offer.id, ["found", "refused"], "asked" if asks else "done")
            if told and not asks:
                Offers(db).drop_content(offer.id)

    def refused(self, db: Database, message: OutboxMessage, now: datetime) -> None:
        Offers(db).move(int(message.about), ["found", "refused"], "gone")
        Offers(db).drop_content(int(message.about))


class ImportService:
    """Offers, from the file that is dropped to the posts that are in the library."""

    def __init__(self, store: Store, clock: Clock, library: Library, indexing: Indexing) -> None:
        self._store, self._clock = store, clock
        self._library, self._indexing = library, indexing
        self._tidied: datetime | None = None

    def receive(self, rep: Rep, file: Dropped) -> bool:
        """Keep that a file was dropped, for it to be looked at soon; False if that is known."""
        now = self._clock.now()
        return self._store.write(lambda db: Offers(db).receive(rep, file, now))

    def next(self, *states: State) -> Offer | None:
        """The oldest offer with which something is to be done."""
        return Offers(self._store.read).due(states, self._clock.now())

    # Looking ------------------------------------------------------------------------------

    def begin(self, offer: Offer) -> OutboxMessage | None:
        """None if it is to be looked at; a file at which a process ended may end the next one, too,
        and is refused."""
        until = self._clock.now() + AGAIN
        if self._store.write(lambda db: Offers(db).begin(offer.id, until)):
            return None
        return self.refuse(offer, "I was interrupted while I looked at it. Drop it again.")

    def look(self, offer: Offer, data: bytes) -> OutboxMessage:
        """See what is in a file, and keep it until somebody decides; what tells of it."""
        try:
            return self._keep(offer, data)
        except CoachError as error:
            return self.refuse(offer, str(error))
        except Exception:
            log.exception("a file could not be looked at", extra={"offer": offer.id})
            return self.refuse(offer, "I stumbled over it. Whoever runs me can import it by hand.")

    def _keep(self, offer: Offer, data: bytes) -> OutboxMessage:
        if len(data) > MOST_BYTES:
            raise NothingInIt(
                f"It is larger than {MOST_BYTES // 1_000_000} MB. Whoever runs me can import it:"
                " python -m bot import."
            )
        found = opened(data, offer.name, self._clock.now().date())
        posts = posts_of(found, source_of(offer.name))
        stay_out = [each.name for each in self._library.still_in(left_in(found), posts)]
        if not posts and not stay_out:
            raise NothingInIt(why_nothing(found))
        told = summary(found, posts, self._library.plan(posts), stay_out)
        content = packed(posts) if told.changes else b""
        db = self._store.read
        if Offers(db).waiting_bytes(offer.rep.workspace_id) + len(content) > MOST_WAITING:
            raise NothingInIt(
                "Other files still wait for your word, and there is no more room. Decide about"
                " those, then drop this one again."
            )
        now = self._clock.now()

        def work(db: Database) -> OutboxMessage:
            Offers(db).set_content(offer.id, content, told)
            Offers(db).put_off(offer.id, now)
            return plan_telling(db, offer, now + AT_ONCE)

        return self._store.write(work)

    def refuse(self, offer: Offer, sentence: str) -> OutboxMessage:
        """Say why it is not taken; what tells that."""
        now = self._clock.now()

        def work(db: Database) -> OutboxMessage:
            Offers(db).refuse(offer.id, sentence)
            return plan_telling(db, offer, now + AT_ONCE)

        return self._store.write(work)

    # Telling ------------------------------------------------------------------------------

    def of(self, message: OutboxMessage) -> Offer | None:
        """What a message tells of; None if that is gone."""
        return Offers(self._store.read).get(message.recipient.workspace_id, int(message.about))

    def reported(self, offer: Offer) -> None:
        self._store.write(lambda db: Offers(db).move(offer.id, ["imported"], "done"))

    # Deciding -----------------------------------------------------------------------------

    def accept(self, rep: Rep, offer_id: int) -> Offer:
        """Have it imported soon. Raises NotOffered, with what became of it."""
        offer = self._waiting(rep, offer_id)
        now = self._clock.now()

        def work(db: Database) -> bool:
            accepted = Offers(db).move(offer.id, ASKED, "accepted")
            if accepted:
                Audit(db).put(rep, "import", now, f"posts={offer.found.changes}")
            return accepted

        if not self._store.write(work):
            raise self._over(self._waiting(rep, offer_id))
        return offer

    def leave(self, rep: Rep, offer_id: int) -> Offer:
        """Forget what came; what a feed brought is not offered again. Raises NotOffered."""
        offer = self._waiting(rep, offer_id)

        def work(db: Database) -> bool:
            left = Offers(db).move(offer.id, ASKED, "left")
            if left:
                Offers(db).drop_content(offer.id)
            if left and offer.feed_id is not None:
                Feeds(db).leave(offer.feed_id, offer.found.keys)
            return left

        if not self._store.write(work):
            raise self._over(self._waiting(rep, offer_id))
        return offer

    def _waiting(self, rep: Rep, offer_id: int) -> Offer:
        offer = Offers(self._store.read).get(rep.workspace_id, offer_id)
        if offer is None:
            raise NotOffered("That is gone. Drop the file again.")
        if offer.state not in ASKED:
            raise self._over(offer)
        return offer

    def _over(self, offer: Offer) -> NotOffered:
        if offer.state in _OVER:
            return NotOffered(_OVER[offer.state])
        if offer.feed_id is None:
            return NotOffered("I kept that for a day, and it is gone. Drop the file again.")
        feed_id, now = offer.feed_id, self._clock.now()
        self._store.write(lambda db: Feeds(db).look_again(feed_id, now))
        return NotOffered("That list is no longer the newest. I look at the feed again now.")

    # Importing ----------------------------------------------------------------------------

    def bring_in(self, offer: Offer) -> None:
        """Put the posts of an accepted offer into the library, and into its index.

        Raises `NotSaved`; it is tried again later.
        """
        now = self._clock.now()
        posts = Offers(self._store.read).posts(offer.id)
        if posts is None:
            self.refuse(offer, "I no longer have it. Drop it again.")
            return
        self._store.write(lambda db: Offers(db).put_off(offer.id, now + AGAIN))
        self._library.put_in_turns(posts, now)
        self._indexing.update()

        def work(db: Database) -> None:
            Offers(db).drop_content(offer.id)
            Offers(db).move(offer.id, ["accepted"], "imported")
            Offers(db).put_off(offer.id, now)

        self._store.write(work)

    # Tidying ------------------------------------------------------------------------------

    def tidy(self) -> None:
        """Forget, now and then, what nobody decided about."""
        now = self._clock.now()
        if self._tidied and now - self._tidied < _TIDIED_EVERY:
            return
        self._tidied = now
        self._store.later(lambda db: Offers(db).drop_old(now - KEPT, now - ROWS_KEPT))
