"""`make run` without tokens: the coach in a browser, without Slack."""

from __future__ import annotations

import errno
import logging

from bot.errors import CoachError
from bot.operations.single_process import only_one
from bot.settings import Settings
from handlers.serving.stopping import listen_for_the_end
from handlers.trial.page_server import Page
from handlers.trial.trial import Trial

TRIES = 20  # ports, from the wanted one on


def in_browser(settings: Settings) -> int:
    """Serve the trial until a signal comes; returns the exit code."""
    logging.getLogger().setLevel(logging.WARNING)
    trial = Trial(settings)
    with only_one(trial.path):
        page = _page(trial, settings.port)
        trial.start()
        page.start()
        until_told = listen_for_the_end()
        _greet(page, settings)
        until_told()
        page.stop()
        trial.stop()
    return 0


def _page(trial: Trial, wanted: int) -> Page:
    """A server on the wanted port, or on the next free one."""
    ports = range(wanted, min(wanted + TRIES, 65536))
    for port in ports:
        try:
            return Page(trial, port)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise CoachError(f"The ports {ports[0]} to {ports[-1]} are all taken. Set PORT to a free one.")


def _greet(page: Page, settings: Settings) -> None:
    if settings.port not in (0, page.server_port):
        print(f"Port {settings.port} is taken, so this is port {page.server_port}.")
    print(f"\nTry the coach here:  {page.address}\n")
    print("It is a trial without Slack. Nothing leaves this machine; Ctrl-C stops it.")
    print(f"What you do is kept in {page.trial.path}.", flush=True)
