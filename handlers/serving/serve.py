"""The two ways into Slack: Socket Mode, and HTTP. Both stop cleanly on SIGTERM and Ctrl-C."""

from __future__ import annotations

import errno
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from bot.clock.now import SystemClock
from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.errors import CoachError
from bot.operations.single_process import only_one
from bot.settings import Settings
from handlers.app import WORKERS, Bot

if TYPE_CHECKING:
    from handlers.serving.http_server import WebServer

log = logging.getLogger(__name__)

SLACK_PATH = "/slack/events"
FINISH_S = 8  # what is under way has so long after a signal; most hosts kill after ten seconds
WAKES_S = 1  # between two looks whether a signal came


class TokensMissing(CoachError):
    """Settings that this way into Slack needs; the message names all of them at once."""


class NoPort(CoachError):
    """The coach can't listen where it was told to."""


def by_socket(settings: Settings) -> int:
    """Serve until a signal comes; returns the exit code."""
    _need(settings, SLACK_BOT_TOKEN=settings.bot_token, SLACK_APP_TOKEN=settings.app_token)
    from handlers.serving.socket_mode import SocketConnection

    with _at_work(settings) as bot:
        link = SocketConnection(bot.app, settings.app_token, WORKERS)
        until_told = listen_for_the_end()
        link.start()
        _begin(bot)
        log.info("the coach is in Slack by Socket Mode")
        until_told()
        _wind_down(bot)
        link.stop()
    return 0


def by_http(settings: Settings) -> int:
    """Serve at `/slack/events` of PORT until a signal comes; returns the exit code."""
    _need(
        settings, SLACK_BOT_TOKEN=settings.bot_token, SLACK_SIGNING_SECRET=settings.signing_secret
    )
    from slack_bolt.adapter.wsgi import SlackRequestHandler

    with _at_work(settings) as bot:
        web = SlackRequestHandler(bot.app, path=SLACK_PATH)
        server = _listen(web, settings.port)
        until_told = listen_for_the_end()
        server.start()
        _begin(bot)
        log.info("the coach listens for Slack", extra={"port": settings.port})
        until_told()
        _wind_down(bot)
        server.stop()
    return 0


def _listen(web: Any, port: int) -> WebServer:
    from handlers.serving.http_server import WebServer

    try:
        return WebServer(web, "0.0.0.0", port, WORKERS)
    except OSError as error:
        why = "is taken" if error.errno == errno.EADDRINUSE else f"can't be had ({error.strerror})"
        raise NoPort(f"Port {port} {why}. Set PORT to a free one.") from error


@contextmanager
def _at_work(settings: Settings) -> Iterator[Bot]:
    """The coach, ready to be asked; everything under way is finished at the end."""
    logging.getLogger("slack_bolt.App").addFilter(_worth_telling)
    with only_one(settings.db), Coach(settings, SystemClock()) as coach:
        for fault in coach.library.faults:
            log.warning(fault)
        bot = Bot(coach, Scheduler(coach.clock))
        try:
            yield bot
        finally:
            bot.stop()


def _worth_telling(record: logging.LogRecord) -> bool:
    """Bolt finds the token in the environment, too, and warns that it is not needed twice."""
    return "`token` will be unused" not in record.getMessage()


def _begin(bot: Bot) -> None:
    """Start what works unasked. The door is open by then: whoever types is answered first."""
    _ = bot.coach.files  # read now, so that a faulty file is named at start
    bot.scheduler.start()
    bot.coach.meaning.start()


def listen_for_the_end() -> Callable[[], None]:
    """What waits until a signal says to stop. Listen before the door opens: one may come any time.

    Python hears a signal between two steps of its main thread. One that comes right before that
    thread falls asleep, or is handed to another one, does not wake it: so it wakes by itself, too.
    The handler may interrupt the waiting anywhere, which a queue of this kind bears.
    """
    told: SimpleQueue[int] = SimpleQueue()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda number, _: told.put(number))

    def until_told() -> None:
        while True:
            with suppress(Empty):
                told.get(timeout=WAKES_S)
                return

    return until_told


def _wind_down(bot: Bot) -> None:
    """From now on nothing begins, and the process ends in time whatever hangs."""
    bot.wind_down()
    last = threading.Timer(FINISH_S, _leave)
    last.daemon = True
    last.start()


def _leave() -> None:
    """Go, whatever hangs. A message under way is looked up at the next start, as after a crash."""
    log.warning("stopped while Slack had not answered yet")
    logging.shutdown()
    os._exit(0)


def _need(settings: Settings, **tokens: str) -> None:
    if missing := [name for name, value in tokens.items() if not value]:
        raise TokensMissing(f"Set {' and '.join(missing)} first. README.md shows where.")
