"""The door to the street: `python -m bot`. It opens everything else, and nobody imports it."""

from __future__ import annotations

import sys

from handlers.serving.stopping import hear

if __name__ == "__main__" and (not sys.argv[1:] or sys.argv[1] in ("socket", "http", "trial")):
    hear()  # before all else is imported: a host may say stop at any moment

import argparse
import os
from collections.abc import Callable

from bot.clock.now import SystemClock
from bot.errors import SETTINGS_WRONG, CoachError
from bot.operations import logs
from bot.settings import Settings

MISSING = """\
With {here} alone the coach can't get into Slack. Set one of these pairs:

  Socket Mode (no public address needed):  SLACK_BOT_TOKEN and SLACK_APP_TOKEN
  HTTP (Slack calls your address):         SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET

Missing: {missing}. README.md shows where each is found.
Without any of them `python -m bot` opens a trial in the browser, as `python -m bot trial` does now.
"""


def main(words: list[str]) -> int:
    """Run one command; returns the exit code."""
    asked = _parser().parse_args(words)
    try:
        settings = Settings.from_env(os.environ)
        logs.begin(settings.log)
        run: Callable[[Settings, argparse.Namespace], int] = asked.run
        return run(settings, asked)
    except CoachError as error:
        print(error, file=sys.stderr)
        return error.status
    except BrokenPipeError:  # somebody piped us into `head`
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    about = "Without a command: the coach in Slack if tokens are set, else in the browser."
    parser = argparse.ArgumentParser(prog="python -m bot", description=about)
    parser.set_defaults(run=_choose)
    commands = parser.add_subparsers(metavar="command")

    def command(name: str, run: Callable[..., int], help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help)
        sub.set_defaults(run=run)
        return sub

    command("socket", _socket, "the coach in Slack, by Socket Mode")
    command("http", _http, "the coach in Slack, by HTTP")
    command("trial", _trial, "the coach in the browser, without Slack")
    importing = command("import", _import, "import archives of posts")
    importing.add_argument("paths", nargs="+", metavar="PATH")
    importing.add_argument(
        "--dry-run", action="store_true", help="say what would come in, and keep nothing"
    )
    removing = command("remove", _remove, "take imported posts out")
    removing.add_argument("slugs", nargs="*", metavar="SLUG")
    removing.add_argument("--from", dest="file", metavar="FILE", help="all that came from it")
    removing.add_argument("--blog", metavar="NAME", help="all posts of a blog")
    removing.add_argument("--yes", action="store_true", help="without asking")
    posts = command("posts", _posts, "list the library")
    posts.add_argument("--json", action="store_true")
    tip = command("tip", _tip, "the answer that /tip gives")
    tip.add_argument("words", help="a situation; - reads one question a line")
    tip.add_argument("--json", action="store_true")
    tip.add_argument("--no-model", action="store_true", help="ask no model, though one is set")
    reading = command("understand", _understand, "how a line after a command is read")
    reading.add_argument("line", help="as typed; - reads one JSON object a line")
    reading.add_argument("--command", default="/huddle", dest="slash")
    for name in ("--zone", "--now", "--locale"):
        reading.add_argument(name)
    reading.add_argument("--known", action="append", default=[], metavar="ACCOUNT")
    reading.add_argument("--open-call", action="append", default=[], dest="open_calls")
    reading.add_argument("--json", action="store_true")
    calendar = command("meetings", _meetings, "what an exported calendar holds")
    calendar.add_argument("file", metavar="FILE", help="an .ics file; - reads the standard input")
    for name in ("--zone", "--now"):
        calendar.add_argument(name)
    calendar.add_argument("--known", action="append", default=[], metavar="ACCOUNT")
    calendar.add_argument("--json", action="store_true")
    learning = command("learn", _learn, "what use tells about the library, and asks to add")
    learning.add_argument("--write", metavar="DIR", help="write the cards with these asks there")
    command("sentences", _sentences, "a post's sentences and hashes").add_argument("slug")
    command("manifest", _manifest, "the Slack app manifest")
    command("export", _export, "every table a team owns, as CSV").add_argument(
        "folder", metavar="DIR"
    )
    copying = command("backup", _backup, "a checked copy of the database, while the coach runs")
    copying.add_argument("file", metavar="FILE", help="or a folder: the copy is named by the time")
    copying.add_argument("--keep", type=int, metavar="N", help="of the folder's copies, the newest")
    acts = command("audit", _audit, "who did what: settings, exports, imports, forgetting …")
    acts.add_argument("--json", action="store_true")
    erasing = command("erase", _erase, "delete all of a workspace, while the coach is stopped")
    erasing.add_argument("workspace", metavar="WORKSPACE", help="its id, as in T0123456789")
    erasing.add_argument("--yes", action="store_true", help="without asking")
    command("sbom", _sbom, "what the coach is made of, as CycloneDX JSON")
    checks = command("doctor", _doctor, "check everything, and say what to do")
    checks.add_argument(
        "--slack", action="store_true", help="ask Slack itself about messages, forms and manifest"
    )
    checks.add_argument("--user", default="", metavar="U…", help="who sees a message come and go")
    return parser


def _choose(settings: Settings, asked: argparse.Namespace) -> int:
    if settings.bot_token and settings.app_token:
        return _socket(settings, asked)
    if settings.bot_token and settings.signing_secret:
        return _http(settings, asked)
    tokens = settings.bot_token, settings.app_token, settings.signing_secret
    if not any(tokens):
        return _trial(settings, asked)
    print(_missing(settings), file=sys.stderr)
    return SETTINGS_WRONG


def _missing(settings: Settings) -> str:
    """Which tokens are there, and which would make a pair of them."""
    if settings.bot_token:
        return MISSING.format(
            here="SLACK_BOT_TOKEN", missing="SLACK_APP_TOKEN or SLACK_SIGNING_SECRET"
        )
    both = {"SLACK_APP_TOKEN": settings.app_token, "SLACK_SIGNING_SECRET": settings.signing_secret}
    here = " and ".join(name for name, value in both.items() if value)
    return MISSING.format(here=here, missing="SLACK_BOT_TOKEN")


def _trial(settings: Settings, asked: argparse.Namespace) -> int:
    hear()
    from handlers.trial.serve import in_browser

    return in_browser(settings)


def _socket(settings: Settings, asked: argparse.Namespace) -> int:
    hear()
    from handlers.serving.serve import by_socket

    return by_socket(settings)


def _http(settings: Settings, asked: argparse.Namespace) -> int:
    hear()
    from handlers.serving.serve import by_http

    return by_http(settings)


def _import(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.coach import Coach
    from bot.operations.import_command import import_archives

    with Coach(settings, SystemClock()) as coach:
        return import_archives(coach, asked.paths, asked.dry_run)


def _remove(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.coach import Coach
    from bot.operations.remove_command import Wanted, remove

    with Coach(settings, SystemClock()) as coach:
        return remove(coach, Wanted(asked.slugs, asked.file, asked.blog), asked.yes)


def _posts(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.coach import Coach
    from bot.operations import library_commands

    with Coach(settings, SystemClock()) as coach:
        return library_commands.list_posts(coach, asked.json)


def _tip(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.coach import Coach
    from bot.operations import library_commands

    with Coach(settings, SystemClock()) as coach:
        return library_commands.tip(coach, asked.words, asked.json, not asked.no_model)


def _understand(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.operations import understand

    given = {"command": asked.slash, "zone": asked.zone, "now": asked.now, "locale": asked.locale}
    given |= {"known": asked.known, "open_calls": asked.open_calls}
    return understand.run(asked.line, given, asked.json)


def _meetings(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.calendars.customers import Known
    from bot.operations import meetings_command

    known = Known(asked.known, own_domains=settings.own_domains)
    return meetings_command.run(asked.file, asked.zone, asked.now, known, asked.json)


def _learn(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.coach import Coach
    from bot.operations.learn_command import learn

    with Coach(settings, SystemClock()) as coach:
        return learn(coach, asked.write)


def _sentences(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.coach import Coach
    from bot.operations import library_commands

    with Coach(settings, SystemClock()) as coach:
        return library_commands.list_sentences(coach, asked.slug)


def _manifest(settings: Settings, asked: argparse.Namespace) -> int:
    from handlers.slack.manifest import as_json

    print(as_json(settings))
    return 0


def _export(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.coach import Coach
    from bot.operations import library_commands

    with Coach(settings, SystemClock()) as coach:
        return library_commands.export(coach, asked.folder)


def _backup(settings: Settings, asked: argparse.Namespace) -> int:
    from pathlib import Path

    from bot.operations import backup_command

    return backup_command.run(settings, Path(asked.file), asked.keep, SystemClock().now())


def _audit(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.coach import Coach
    from bot.operations.audit_command import list_acts

    with Coach(settings, SystemClock()) as coach:
        return list_acts(coach, asked.json)


def _erase(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.coach import Coach
    from bot.operations.erase_command import erase
    from bot.operations.single_process import only_one

    with only_one(settings.db), Coach(settings, SystemClock()) as coach:
        return erase(coach, asked.workspace, asked.yes)


def _sbom(settings: Settings, asked: argparse.Namespace) -> int:
    from bot.operations import bill_of_materials

    return bill_of_materials.run()


def _doctor(settings: Settings, asked: argparse.Namespace) -> int:
    from handlers.serving.doctor import examine

    return examine(settings, asked.slack, asked.user)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
