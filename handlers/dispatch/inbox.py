"""What is committed before Slack is told OK, and handled afterwards, even by the next process."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.coach import Coach
from bot.inbox.event import Event
from bot.people.rep import Rep
from handlers.dispatch import errors
from handlers.dispatch.asked import Asked
from handlers.dispatch.listener import Listener, Then
from handlers.dispatch.outsiders import Membership
from handlers.slack import payloads
from handlers.slack.messenger import Messenger
from handlers.slack.payloads import Request

# Where what follows a command, a form or a button can't be said; it was committed before.
KEPT = "What you asked for is kept. Slack did not take what I had to say about it."
SAID = ("message", "app_mention", "app_home_opened")  # events that somebody's doing brings
EventListener = Callable[[Mapping[str, Any], Rep, Coach, Messenger], None]
# What a command, a form or a button does after its ack; it returns what of it has time. It was sent
# at that moment. Where it is done `again`, nothing must come of it twice.
Deed = Callable[[Asked, datetime], Then]
# What a form or a button commits before its ack, in one with the event, which it returns as it is
# kept: its deed goes on from what was begun.
Begin = Callable[[Asked, Event], Event]


class InboxWorker:
    """Takes in events, commands, forms and clicks, and brings each to its feature.

    Events go one after another on a thread apart. All else is done on the threads for what follows
    an ack; here only if the process that acked it did not come to that.
    """

    def __init__(
        self,
        coach: Coach,
        messenger: Messenger,
        listeners: Mapping[str, EventListener],
        deeds: Mapping[str, Deed],
        membership: Membership,
    ) -> None:
        self._coach = coach
        self._messenger = messenger
        self._listeners = listeners
        self._deeds = deeds
        self._membership = membership
        self._in_hand: set[str] = set()
        self._over: deque[str] = deque()  # of these, what does not wait any more
        self._one_at_a_time = threading.Lock()
        self._stopped = threading.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="inbox")

    def receive(self, body: Mapping[str, Any]) -> None:
        """Commit the event; it is handled soon. The same event a second time changes nothing."""
        taken = payloads.event(body, self._coach.now())
        if taken and self._coach.inbox.receive(*taken) and not self._stopped.is_set():
            self._thread.submit(self.drain)

    def keeper(self, name: str) -> Listener:
        """A listener that commits the command, acks, and has it done."""

        def on_command(asked: Asked) -> Then:
            line = payloads.command(asked, name, asked.now())
            return self._keep(asked.ack, line, partial(self._receive, line, asked.rep.user_id))

        return on_command

    def beginner(self, begin: Begin) -> Listener:
        """A listener that begins what a form or a button asks for, acks, and has it done. What
        stands in the way of its beginning is said in the form."""

        def on_sent(asked: Asked) -> Then:
            sent = payloads.sent(asked, asked.now())
            return self._keep(asked.ack, sent, lambda: begin(asked, sent))

        return on_sent

    def drain(self) -> None:
        """Handle what waits. Runs at each waking too, for what a restart left behind."""
        with self._one_at_a_time:
            while self._over:  # before the look: what is over by then is not seen in it
                self._in_hand.discard(self._over.popleft())
            for event in self._coach.inbox.waiting():
                if event.event_id not in self._in_hand and not self._stopped.is_set():
                    self._coach.inbox.handle(event, self._handle)

    def begin_nothing(self) -> None:
        """Events are still kept, and left for the next start."""
        self._stopped.set()

    def stop(self) -> None:
        """Finish the event under way and begin none."""
        self.begin_nothing()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _keep(self, ack: Any, event: Event, commit: Callable[[], Event]) -> Then:
        """Commit the event, which nobody else is to take up then, and ack."""
        self._in_hand.add(event.event_id)
        try:
            kept = commit()
        except Exception:
            self._in_hand.discard(event.event_id)
            raise
        ack()
        return lambda: self._do(kept)

    def _receive(self, line: Event, user_id: str) -> Event:
        self._coach.inbox.receive(line, user_id)
        return line

    def _do(self, kept: Event) -> Then:
        """Do what was acked; what of it has time is returned."""
        if rest := self._begin(kept):
            return lambda: self._finish(kept, rest)
        self._finish(kept, lambda: None)
        return None

    def _finish(self, kept: Event, rest: Callable[[], object]) -> None:
        """Do the rest. If that it is done can't be saved, the next start asks."""
        if self._coach.inbox.handle(kept, lambda _: rest()):
            self._over.append(kept.event_id)

    def _handle(self, event: Event) -> None:
        """What nobody has in hand: an event, or what was acked by a process that ended."""
        if rest := self._begin(event, again=True):
            rest()

    def _begin(self, event: Event, again: bool = False) -> Then:
        """Handle it, but for what has time: that is returned."""
        if request := payloads.asked(event.payload):
            return self._deed(replace(request, again=again), event)
        inner, rep = payloads.event_of(event.payload)
        listener = self._listeners.get(inner["type"])
        if listener and not self._is_outsiders(inner, rep):
            if inner["type"] in SAID:
                self._coach.workspaces.is_here(rep.workspace_id, event.received_at)
            listener(inner, rep, self._coach, self._messenger)
        return None

    def _is_outsiders(self, inner: Mapping[str, Any], rep: Rep) -> bool:
        """Of what people say and do to the coach; what Slack tells of people is another thing."""
        if inner["type"] not in SAID or payloads.is_notice(inner):
            return False
        first = not self._coach.people.knows(rep)
        return self._membership.turned_away(inner, rep, first)

    def _deed(self, request: Request, event: Event) -> Then:
        asked = Asked.of(request, self._coach, self._messenger)
        deed, at = self._deeds[asked.name], event.received_at
        rest = errors.run(lambda: deed(asked, at), asked)
        if rest is None:
            return None
        show = partial(errors.show, rest, KEPT, asked)
        return partial(errors.run, show, asked)
