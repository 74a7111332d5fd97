"""The apps that are compared, each served in a process of its own."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.clock.now import SystemClock
from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.settings import Settings
from handlers.app import WORKERS, Bot
from handlers.serving.http_server import WebServer
from handlers.serving.serve import SLACK_PATH
from handlers.slack.client import client


def empty(settings: Settings) -> App:
    """A Bolt app that acknowledges and does nothing else."""
    app = _bare(settings)
    app.command("/tip")(lambda ack: ack())
    app.command("/huddle")(lambda ack: ack())
    app.action("huddle.tick")(lambda ack: ack())
    return app


def committing(settings: Settings) -> App:
    """A Bolt app that commits one row at synchronous=FULL, then acknowledges."""
    import sqlite3

    local = threading.local()

    def commit(ack: Any) -> None:
        if not hasattr(local, "db"):
            local.db = sqlite3.connect(settings.db, isolation_level=None, timeout=10)
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                local.db.execute(f"PRAGMA {pragma}")
            local.db.execute("CREATE TABLE IF NOT EXISTS rows (at TEXT)")
        local.db.execute("INSERT INTO rows VALUES ('now')")
        ack()

    app = _bare(settings)
    app.command("/huddle")(commit)
    app.action("huddle.tick")(commit)
    return app


def coach(settings: Settings) -> App:
    """The coach itself."""
    return Bot(Coach(settings, SystemClock()), Scheduler(SystemClock())).app


def _bare(settings: Settings) -> App:
    from concurrent.futures import ThreadPoolExecutor

    return App(
        name="bench",
        client=client(settings.bot_token, settings.api_url),
        signing_secret=settings.signing_secret,
        token_verification_enabled=False,
        listener_executor=ThreadPoolExecutor(WORKERS),
    )


APPS = {"empty": empty, "committing": committing, "coach": coach}


def main(name: str) -> None:
    """Serve until standard input closes; prints the port."""
    settings = Settings.from_env(os.environ)
    Path(settings.db).parent.mkdir(exist_ok=True)
    web = SlackRequestHandler(APPS[name](settings), path=SLACK_PATH)
    server = WebServer(web, "127.0.0.1", 0, WORKERS)
    server.start()
    print(server.port, flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
