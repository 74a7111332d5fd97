"""The link to Slack by Socket Mode: kept open, replaced without a gap, ended without cutting off.

Slack asks for a new link every few hours. The old one is served until the new one was greeted, and
closed at once then; an answer whose link is gone leaves by the one that is there.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.errors import SlackClientNotConnectedError
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from handlers.serving._socket_link import (
    SWITCHED_OFF,
    TOO_MANY,
    USUAL,
    Link,
    NoLink,
    Patience,
    open_link,
)

log = logging.getLogger(__name__)

FINISH_S = 5  # how long requests under way may take when the coach stops
LATE_S = 1  # … and how long what Slack still sends then is taken in
FIRST_S = 10  # a start waits so long for the link; after that the coach works without it, and tries
ANSWERED_S = 0.5  # an old link is closed in a moment in which it owes nothing; waited for so long
ACK_S = 2  # an answer waits so long for a new link: Slack waits for three seconds
LONGEST_S = 60  # between two tries
STEADY_S = 10  # a link that lived so long shows that the trouble is over
SHORT_S = 1  # a link that is to be replaced so soon: the next one is not asked for at once


class SocketConnection:
    """One link to Slack, two while it is replaced. `threads` handle what comes over it."""

    def __init__(
        self,
        app: App,
        app_token: str,
        threads: int,
        patience: Patience = USUAL,
        opened: Callable[[], object] = bool,
        reopened: Callable[[], object] = bool,
    ) -> None:
        """`opened` is called when Slack has greeted the first link, before anything comes by it;
        `reopened` when there was none for a while, in which Slack could tell nothing."""
        self._app, self._token, self._patience = app, app_token, patience
        self._opened, self._reopened = opened, reopened
        self._workers = ThreadPoolExecutor(threads, thread_name_prefix="envelope")
        self._moved = threading.Condition()  # guards what follows, and the counts of the links
        self._link: Link | None = None
        self._under_way = 0
        self._starts = True  # somebody waits to hear whether it can be
        self._refused: NoLink | None = None
        self._was_open = False
        self._stops: float | None = None  # since when, on the monotonic clock
        self._keeper = threading.Thread(target=self._keep, name="link", daemon=True)

    def start(self, wait_s: float = FIRST_S) -> bool:
        """Keep a link open from now on; whether it was open within `wait_s`.

        Raises `NoLink` if the first try shows that no other one can help.
        """
        self._keeper.start()
        with self._moved:
            self._moved.wait_for(lambda: self._link or self._refused or self._stops, wait_s)
            self._starts = False
            if self._refused:
                raise self._refused
            return self._link is not None

    def stop(self) -> None:
        """Take in no more, let what is under way be answered, then hang up."""
        with self._moved:
            self._stops = time.monotonic()
            self._moved.notify_all()
            self._moved.wait_for(lambda: self._under_way == 0, FINISH_S)
            link = self._link
        if link:
            link.close()
        self._workers.shutdown(wait=False, cancel_futures=True)

    def age(self) -> float | None:
        """For how many seconds the link that is there has been open; None without one."""
        with self._moved:
            link = self._link
        return time.monotonic() - link.opened if link and link.alive else None

    # Keeping it open ------------------------------------------------------------------------

    def _keep(self) -> None:
        tries = 0
        while not self._stops:
            try:
                link = self._open()
            except NoLink as error:
                if error.for_good and self._refuse(error):
                    return
                tries += 1
                self._pause(error, tries)
                continue
            self._take(link)
            steady = self._until_needed(link)
            tries = 0 if steady else tries + 1
            if not steady and tries > 1:
                self._rest(_backoff(tries - 1))

    def _open(self) -> Link:
        """Raises `NoLink`, whatever goes wrong: this thread must not end."""
        try:
            return open_link(self._app.client, self._token, self._patience)
        except NoLink:
            raise
        except Exception as error:
            log.exception("the link could not be opened")
            raise NoLink("The link to Slack could not be opened.") from error

    def _refuse(self, error: NoLink) -> bool:
        """Tell whoever waits for the start; whether somebody does."""
        with self._moved:
            if self._starts:
                self._refused = error
                self._moved.notify_all()
            return self._starts

    def _pause(self, error: NoLink, tries: int) -> None:
        seconds = error.wait_s or _backoff(tries)
        say = log.error if error.for_good else log.warning
        say("%s Trying again in %d seconds.", error, round(seconds) or 1)
        self._rest(seconds)

    def _rest(self, seconds: float) -> None:
        with self._moved:
            self._moved.wait_for(lambda: self._stops, seconds)

    def _take(self, link: Link) -> None:
        """Serve the new link, then close the one that it replaces."""
        self._say_that_it_is_open(link)
        threading.Thread(target=self._read, args=(link,), name="reader", daemon=True).start()
        with self._moved:
            old, self._link = self._link, link
            self._moved.notify_all()
            late = self._stops is not None
        if old:
            threading.Thread(target=self._retire, args=(old,), name="retire", daemon=True).start()
        if late:
            link.close()

    def _say_that_it_is_open(self, link: Link) -> None:
        if not self._was_open:
            self._opened()
            if link.open_links > 1:
                log.info("%d links of this app are open: each hears a part", link.open_links)
        elif self._link is None:
            self._reopened()
            log.info("the link to Slack is open again")
        self._was_open = True

    def _until_needed(self, link: Link) -> bool:
        """Wait until another link is needed; whether this one was of use until then."""
        with self._moved:
            self._moved.wait_for(lambda: self._stops or link.leaving or link.gone)
            asked = link.leaving and not link.gone
        lived = time.monotonic() - link.opened
        if asked and lived < SHORT_S:
            self._rest(SHORT_S / 10)
        return asked or lived > STEADY_S

    def _retire(self, link: Link) -> None:
        with self._moved:
            self._moved.wait_for(lambda: link.under_way == 0, ANSWERED_S)
        link.close()

    # What comes over it ---------------------------------------------------------------------

    def _read(self, link: Link) -> None:
        said: dict[str, Any] | None = link.first
        while said is not None:
            if said.get("type") == "disconnect":
                self._is_asked_to_leave(link, str(said.get("reason")))
            else:
                self._receive(link, said)
            said = link.read()
        with self._moved:
            link.gone = True
            unexpected = link is self._link and not link.leaving and not self._stops
            if link is self._link:
                self._link = None
            self._moved.notify_all()
        if unexpected:
            log.warning("the link to Slack is gone; opening another one")
        link.close()

    def _is_asked_to_leave(self, link: Link, reason: str) -> None:
        """docs.slack.dev/apis/events-api/using-socket-mode, "Handle disconnects gracefully"."""
        trouble = {"link_disabled": SWITCHED_OFF, "too_many_websockets": TOO_MANY}.get(reason)
        if trouble:
            log.warning(trouble)
        else:
            log.info("Slack asks for a new link", extra={"reason": reason})
        with self._moved:
            link.leaving = True
            self._moved.notify_all()

    def _receive(self, link: Link, said: dict[str, Any]) -> None:
        try:
            request = SocketModeRequest.from_dict(said)
        except ValueError:
            request = None
        if request is None:  # a greeting, or what no version of the SDK knows
            return
        with self._moved:
            if self._stops and time.monotonic() > self._stops + LATE_S:
                return  # not answered: Slack sends events again, and tells a person at once
            link.under_way += 1
            self._under_way += 1
        try:
            self._workers.submit(self._handle, link, request)
        except RuntimeError:  # it stopped meanwhile
            self._handled(link)

    def _handle(self, link: Link, request: SocketModeRequest) -> None:
        try:
            answer = run_bolt_app(self._app, request)
            send_response(_Voice(self, link), request, answer, time.time())
        except SlackClientNotConnectedError:
            log.warning("an answer could not leave: there was no link")
        except Exception as error:  # nobody waits for this thread: else it would be silence
            log.error("an envelope was not handled", extra={"why": type(error).__name__})
        finally:
            self._handled(link)

    def _handled(self, link: Link) -> None:
        with self._moved:
            link.under_way -= 1
            self._under_way -= 1
            self._moved.notify_all()

    def send(self, link: Link, text: str) -> None:
        """Answer by the link that asked, or by the one that replaced it.

        Raises `SlackClientNotConnectedError` if there is none in time.
        """
        if link.send(text):
            return
        with self._moved:
            self._moved.wait_for(lambda: self._link not in (None, link), ACK_S)
            other = self._link
        if other is None or not other.send(text):
            raise SlackClientNotConnectedError("no link")


class _Voice(BaseSocketModeClient):
    """What Bolt answers an envelope through."""

    def __init__(self, connection: SocketConnection, link: Link) -> None:
        self._connection, self._link, self.logger = connection, link, log

    def send_message(self, message: str) -> None:
        self._connection.send(self._link, message)


def _backoff(tries: int) -> float:
    """Seconds: twice as long each time, and never in step with another coach."""
    longest: float = min(LONGEST_S, 2 ** min(tries - 1, 10))
    return longest * random.uniform(0.5, 1)
