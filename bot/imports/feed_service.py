"""Following feeds: each is looked at once a day, and what is new in it is offered."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from bot.audit.table import Audit
from bot.clock.now import Clock
from bot.errors import CoachError, WrongField
from bot.fetching.address import NotFetched
from bot.fetching.fetcher import Fetched, Fetcher
from bot.imports._reading import NothingInIt, opened, posts_of, summary, wanted
from bot.imports.feed import EVERY, Feed, feed_links
from bot.imports.feeds_table import Feeds
from bot.imports.offer import Found
from bot.imports.table import Offers, packed
from bot.imports.telling import plan_telling
from bot.inbox.table import Inbox
from bot.library.library import Library
from bot.library.post import Post
from bot.people.rep import Rep
from bot.people.service import PeopleService
from bot.storage.database import Database
from bot.storage.store import NotSaved, Store

log = logging.getLogger(__name__)

MOST_FEEDS = 50  # of one workspace
MOST_FIRST = 100_000  # characters of a page in which its feeds are named
_BEFORE = re.compile(rb"\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*)*", re.S)  # the first element
_FEED = (b"<rss", b"<feed", b"<rdf:rdf", b"{")
CLAIMED = timedelta(minutes=15)  # a look that ended with the process is made once more after that


class Brought(NamedTuple):
    """What a feed holds now; its posts without those that were left before."""

    feed: Feed
    came: Fetched
    posts: list[Post]
    found: Found


class FeedService:
    """The feeds of a workspace."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        library: Library,
        people: PeopleService,
        fetcher: Fetcher,
        managers: Collection[str],
    ) -> None:
        self._store, self._clock, self._library = store, clock, library
        self._people, self._fetcher, self._managers = people, fetcher, managers

    def follow(self, rep: Rep, typed: str, field: str = "", form_id: str = "") -> None:
        """Have an address looked at soon, and once a day from then on; a form that is sent again
        changes nothing. Raises WrongField."""
        try:
            address = self._fetcher.read(typed)
        except NotFetched as error:
            raise WrongField(field, str(error)) from error
        if address.login:
            raise WrongField(field, "Leave name and password out: I keep none for a feed.")
        if len(self.all(rep)) >= MOST_FEEDS:
            raise WrongField(field, f"{MOST_FEEDS} feeds are the most. Stop following one first.")
        now = self._clock.now()

        def work(db: Database) -> bool:
            inbox = Inbox(db)
            if form_id and inbox.made_by(rep.workspace_id, form_id) == address.url:
                return True
            new = Feeds(db).follow(rep, address.url, now)
            if new:
                Audit(db).put(rep, "settings", now, "feed_followed")
            if form_id and new:
                inbox.put_made(rep.workspace_id, form_id, address.url, now)
            return new

        if not self._store.write(work):
            raise WrongField(field, "That address is followed already.")

    def all(self, rep: Rep) -> list[Feed]:
        return Feeds(self._store.read).of(rep.workspace_id)

    def end(self, rep: Rep, feed_id: int) -> bool:
        """Look at it no more; its posts stay. False if nobody followed it."""
        now = self._clock.now()

        def work(db: Database) -> bool:
            ended = Feeds(db).end(rep.workspace_id, feed_id)
            if ended:
                Audit(db).put(rep, "settings", now, "feed_ended")
            return ended

        return self._store.write(work)

    def look_at_next(self) -> bool:
        """Look at the feed that is due; False if none is."""
        now = self._clock.now()
        if (feed := Feeds(self._store.read).due(now)) is None:
            return False
        self._store.write(lambda db: Feeds(db).put_off(feed.id, now + CLAIMED))
        try:
            self._look(feed)
        except NotSaved:
            raise  # the feed is not to blame; it is looked at again when the claim is over
        except CoachError as error:
            self._failed(feed, str(error))
        except Exception:
            log.exception("a feed could not be looked at", extra={"feed": feed.id})
            self._failed(feed, "I stumbled over what is in it.")
        return True

    def _look(self, feed: Feed) -> None:
        now = self._clock.now()
        came = self._fetcher.get(feed.url, seen=feed.seen)
        if came.unchanged:
            until = now + EVERY
            self._store.write(lambda db: Feeds(db).looked(feed.id, feed.seen, "", now, until))
            return
        where, came, posts, found = self._read(feed, came)
        told_to, first = self._told_to(feed), feed.looked_at is None
        content = packed(posts)

        def work(db: Database) -> None:
            if where.url != feed.url and not Feeds(db).move(feed.id, where.url):
                raise NothingInIt("The feed of that page is followed already.")
            title = next(iter(found.blogs), "")
            Feeds(db).looked(feed.id, came.seen, title, now, now + EVERY)
            if told_to and (found.new or first):
                offer = Offers(db).of_feed(told_to, feed.host, feed.id, content, found, now)
                plan_telling(db, offer, now)

        self._store.write(work)

    def _read(self, feed: Feed, came: Fetched) -> Brought:
        """What came, or what is at the feed that it names, if it is a page. Raises CoachError."""
        if _is_page(came):
            page = came.body[:MOST_FIRST].decode("utf-8", "replace")
            if not (links := feed_links(page, came.url)):
                raise NothingInIt(
                    "There is a page and no feed, and the page names none. Its address often ends"
                    " in /feed or /rss."
                )
            feed = replace(feed, url=self._fetcher.read(links[0]).url)
            came = self._fetcher.get(feed.url)
            if _is_page(came):
                raise NothingInIt("What the page calls its feed is another page.")
        today = self._clock.now().date()
        found = opened(came.body, feed.host, today)
        posts = wanted(posts_of(found, feed.source), feed.unwanted)
        return Brought(feed, came, posts, summary(found, posts, self._library.plan(posts)))

    def _failed(self, feed: Feed, sentence: str) -> None:
        """Told once; a feed that never came is not followed."""
        now, told_to, first = self._clock.now(), self._told_to(feed), feed.looked_at is None
        log.info("a feed did not come", extra={"feed": feed.id, "first": first})
        end = "I do not follow it." if first else "I try again every day."

        def work(db: Database) -> None:
            if first:
                Feeds(db).end(feed.rep.workspace_id, feed.id)
            else:
                Feeds(db).failed(feed.id, sentence, now + EVERY)
            if told_to and not feed.failing:
                news = Offers(db).news(told_to, feed.title or feed.host, f"{sentence} {end}", now)
                plan_telling(db, news, now)

        self._store.write(work)

    def _told_to(self, feed: Feed) -> Rep | None:
        """Whoever follows it, while they manage; else another manager."""
        if self._people.is_manager(feed.rep):
            return feed.rep
        other = next(iter(sorted(self._managers)), None)
        return Rep(feed.rep.workspace_id, other) if other else None


def _is_page(came: Fetched) -> bool:
    """Whether it is HTML, whatever it is called: feeds are served as text/html, too."""
    start = (
        _BEFORE.sub(b"", came.body[:2_000].removeprefix(b"\xef\xbb\xbf"), count=1).lstrip().lower()
    )
    if start.startswith((b"<!doctype html", b"<html")):
        return True
    return came.content_type == "text/html" and not start.startswith(_FEED)
