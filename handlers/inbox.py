"""Events: committed before Slack is told OK, then handled one after another on a thread apart."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bot.coach import Coach
from bot.reps import Rep
from handlers import parse
from handlers.say import Speaker

EventListener = Callable[[Mapping[str, Any], Rep, Coach, Speaker], None]


class Postman:
    """Takes events in and brings each to the feature that listens for its type."""

    def __init__(
        self, coach: Coach, speaker: Speaker, listeners: Mapping[str, EventListener]
    ) -> None:
        self._coach = coach
        self._speaker = speaker
        self._listeners = listeners
        self._one_at_a_time = threading.Lock()
        self._stopped = threading.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="inbox")

    def receive(self, body: Mapping[str, Any]) -> None:
        """Commit the event; it is handled soon. The same event a second time changes nothing."""
        taken = parse.event(body)
        if taken and self._coach.people.receive(*taken) and not self._stopped.is_set():
            self._thread.submit(self.drain)

    def drain(self) -> None:
        """Handle what waits. Runs at each waking too, for what a restart left behind."""
        with self._one_at_a_time:
            self._coach.people.drain(self._handle, self._stopped.is_set)

    def begin_nothing(self) -> None:
        """Events are still kept, and left for the next start."""
        self._stopped.set()

    def stop(self) -> None:
        """Finish the event under way and begin none."""
        self.begin_nothing()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _handle(self, body: dict[str, Any]) -> None:
        event, rep = parse.event_of(body)
        if listener := self._listeners.get(event["type"]):
            listener(event, rep, self._coach, self._speaker)
