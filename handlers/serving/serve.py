"""The two ways into Slack: Socket Mode, and HTTP. Both stop cleanly on SIGTERM and Ctrl-C."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from bot.clock.now import SystemClock
from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.errors import SETTINGS_WRONG, UNAVAILABLE, CoachError
from bot.operations import health
from bot.operations.single_process import only_one
from bot.settings import Settings
from handlers.app import WORKERS, Bot
from handlers.serving._tokens import CantTell, WrongToken, known
from handlers.serving.stopping import hear, listen_for_the_end, work_begins
from handlers.serving.vital_signs import VitalSigns
from handlers.slack.client import QUICK_S, client

if TYPE_CHECKING:
    from handlers.serving.http_server import WebServer

log = logging.getLogger(__name__)

SLACK_PATH = "/slack/events"


class TokensMissing(CoachError):
    """Settings that this way into Slack needs; the message names all of them at once."""

    status = SETTINGS_WRONG


class NoPort(CoachError):
    """The coach can't listen where it was told to."""

    status = UNAVAILABLE


def by_socket(settings: Settings) -> int:
    """Serve until a signal comes; returns the exit code."""
    _need(settings, SLACK_BOT_TOKEN=settings.bot_token, SLACK_APP_TOKEN=settings.app_token)
    from handlers.serving._socket_mode import SocketConnection

    def opened() -> None:
        work_begins()
        log.info("the coach is in Slack by Socket Mode")

    hear()
    with _at_work(settings) as (bot, signs):
        missed = bot.coach.people.news_was_missed
        link = SocketConnection(
            bot.app, settings.app_token, WORKERS, opened=opened, reopened=missed
        )
        signs.door = link.age
        link.start()
        until_told = listen_for_the_end()
        _begin(bot)
        until_told()
        signs.stopping = True
        bot.wind_down()
        link.stop()
    return 0


def by_http(settings: Settings) -> int:
    """Serve at `/slack/events` of PORT until a signal comes; returns the exit code."""
    _need(
        settings, SLACK_BOT_TOKEN=settings.bot_token, SLACK_SIGNING_SECRET=settings.signing_secret
    )
    from slack_bolt.adapter.wsgi import SlackRequestHandler

    hear()
    with _at_work(settings) as (bot, signs):
        web = SlackRequestHandler(bot.app, path=SLACK_PATH)
        server = _listen(web, settings.port)
        until_told = listen_for_the_end()
        server.start()
        signs.is_open_from_now()
        _begin(bot)
        log.info("the coach listens for Slack", extra={"port": settings.port})
        until_told()
        signs.stopping = True
        bot.wind_down()
        server.stop()
    return 0


def _listen(web: Any, port: int) -> WebServer:
    from handlers.serving.http_server import WebServer

    try:
        return WebServer(web, "0.0.0.0", port, WORKERS)
    except OSError as error:
        raise _no_port(port, error, "PORT") from error


def _no_port(port: int, error: OSError, setting: str) -> NoPort:
    why = "is taken" if error.errno == errno.EADDRINUSE else f"can't be had ({error.strerror})"
    return NoPort(f"Port {port} {why}. Set {setting} to a free one.")


@contextmanager
def _at_work(settings: Settings) -> Iterator[tuple[Bot, VitalSigns]]:
    """The coach, ready to be asked; everything under way is finished at the end."""
    logging.getLogger("slack_bolt.App").addFilter(_worth_telling)
    try:
        team_id = _try_the_token(settings)
    except WrongToken:
        _erase_what_is_due(settings)
        raise
    with only_one(settings.db) as holds_lock:
        if noticed := health.look_at_file(settings.db):
            log.warning(noticed)
        yield from _working(settings, team_id, holds_lock)


def _working(
    settings: Settings, team_id: str, holds_lock: Callable[[], bool]
) -> Iterator[tuple[Bot, VitalSigns]]:
    with Coach(settings, SystemClock()) as coach:
        for fault in (*coach.library.faults, *coach.indexing.faults):
            log.warning(fault)
        coach.workspaces.is_here(team_id)
        coach.audit.take_in()
        coach.audit.started_with(settings)
        bot = Bot(coach, Scheduler(coach.clock))
        signs = VitalSigns(coach, bot.scheduler, holds_lock)
        try:
            with _watched(settings, bot, signs):
                yield bot, signs
        finally:
            bot.stop()


@contextmanager
def _watched(settings: Settings, bot: Bot, signs: VitalSigns) -> Iterator[None]:
    """With a page for whoever watches, where a port is set for it. Raises `NoPort`."""
    if not settings.health_port:
        yield
        return
    from handlers.serving._health_page import HealthPage, verdict
    from handlers.serving._metrics import CONTENT_TYPE, Page

    figures = Page(signs)
    bot.on_ack = figures.acked
    pages = {
        "/livez": lambda: verdict(signs.unwell()),
        "/readyz": lambda: verdict(signs.unready()),
        "/metrics": lambda: (HTTPStatus.OK, CONTENT_TYPE, figures.text()),
    }
    try:
        page = HealthPage(settings.health_host, settings.health_port, pages)
    except OSError as error:
        raise _no_port(settings.health_port, error, "COACH_HEALTH_PORT") from error
    with page:
        yield


def _try_the_token(settings: Settings) -> str:
    """The id of the workspace that it is for. Raises `WrongToken`. A Slack that is down says
    nothing of the token, and holds up nobody: then it is ""."""
    try:
        return known(client(settings.bot_token, settings.api_url, QUICK_S)).team_id
    except CantTell as error:
        log.warning(error)
        return ""


def _erase_what_is_due(settings: Settings) -> None:
    """A coach that was taken out of Slack can't start any more; what was promised then is done
    whenever somebody, or a supervisor, tries."""
    with suppress(CoachError):  # why it can't start is another thing, and is said
        if settings.db.is_file():
            with only_one(settings.db), Coach(settings, SystemClock()) as coach:
                coach.erasing.finish()


def _worth_telling(record: logging.LogRecord) -> bool:
    """Bolt finds the token in the environment, too, and warns that it is not needed twice."""
    return "`token` will be unused" not in record.getMessage()


def _begin(bot: Bot) -> None:
    """Start what works unasked. The door is open by then: whoever types is answered first."""
    _ = bot.coach.files  # read now, so that a faulty file is named at start
    bot.scheduler.start()
    bot.coach.meaning.start()


def _need(settings: Settings, **tokens: str) -> None:
    if missing := [name for name, value in tokens.items() if not value]:
        raise TokensMissing(f"Set {' and '.join(missing)} first. README.md shows where.")
