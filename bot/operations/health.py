"""What `doctor` can tell without Slack: settings, the database, its disk, the library."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from platform import python_version
from typing import Literal, NamedTuple

from bot.clock.local_time import ZONE_DATA
from bot.coach import Coach
from bot.errors import DATA_WRONG, CoachError
from bot.model.budget_table import Ended
from bot.model.endpoint import CODES
from bot.model.local_embedding import HOW, LocalEmbedding
from bot.model.prompts import JUDGE
from bot.search.index_table import Index
from bot.settings import NO_MODEL, Settings
from bot.storage.database import sqlite3
from bot.version import version

# sqlite.org/wal.html#walresetbug: from 3.7.0 on, mended in 3.51.3.
WAL_RESET_MENDED = (3, 51, 3)
BUSY_S = 5  # for another process that holds the file
# Hosts that give a process a new disk at each deploy or restart, by a variable that they set.
FRESH_DISKS = {
    "DYNO": "Heroku",
    "RENDER": "Render (without a disk of its own)",
    "FLY_APP_NAME": "Fly.io (without a volume)",
    "K_SERVICE": "Cloud Run",
    "AWS_LAMBDA_FUNCTION_NAME": "Lambda",
}


class Finding(NamedTuple):
    """One thing looked at. "mend" must be mended, "note" should be known."""

    state: Literal["ok", "note", "mend"]
    sentence: str


def examine(settings: Settings, coach: Coach, env: Mapping[str, str]) -> Iterator[Finding]:
    """Everything that can be told from here."""
    yield Finding("ok", f"This is Huddle Coach {version()}, with Python {python_version()}.")
    yield from _tokens(settings)
    yield from _database(settings.db, coach)
    yield from who_may_read(settings.db)
    yield from _disk(settings.db, env)
    yield from _library(coach)
    yield from _zones()
    yield from _model(coach)
    yield from _meaning(coach)
    yield from _calendars(coach)


class Damaged(CoachError):
    """The file is no database, or not a whole one; the message says what to do."""

    status = DATA_WRONG


DAMAGED = (
    "{path} is damaged ({why}). Stop the coach, keep that file, and put a backup in its place;"
    " `python -m bot backup` makes such copies."
)


def look_at_file(path: Path) -> str:
    """What should be known of the database before it is opened: "", or one sentence.

    It must be held by `only_one`. Raises `Damaged` rather than write into a broken file.
    """
    if not path.exists():
        begins = f"{path} is not there yet, so a new database begins. If you had one, set COACH_DB."
        return begins if path.parent.is_dir() else ""
    if path.stat().st_size == 0:
        return (
            f"{path} is empty, so a new database begins in it. If it held something, stop the coach"
            " and put a backup in its place."
        )
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S)) as db:
            verdict = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError:
        return ""  # busy, or not to be read: opening it says so
    except sqlite3.DatabaseError as error:
        raise Damaged(DAMAGED.format(path=path, why=error)) from error
    if verdict != "ok":
        raise Damaged(DAMAGED.format(path=path, why=" ".join(verdict.split())))
    return ""


def _tokens(settings: Settings) -> Iterator[Finding]:
    if not settings.bot_token:
        yield Finding("mend", "SLACK_BOT_TOKEN is not set: the coach can't speak in Slack.")
    if not (settings.app_token or settings.signing_secret):
        yield Finding(
            "mend", "Set SLACK_APP_TOKEN for Socket Mode or SLACK_SIGNING_SECRET for HTTP."
        )
    if not settings.managers:
        yield Finding("note", "COACH_MANAGERS is empty: nobody sees gaps or what is stuck.")


def _database(path: Path, coach: Coach) -> Iterator[Finding]:
    verdict = coach.store.check()
    if verdict == "ok":
        shape = coach.store.read.value("PRAGMA user_version")
        yield Finding("ok", f"The database {path} is sound. Its schema is version {shape}.")
    else:
        yield Finding("mend", f"The database {path} is damaged ({verdict}). Restore a backup.")
    version = sqlite3.sqlite_version_info
    if version < WAL_RESET_MENDED:
        yield Finding(
            "note",
            f"SQLite {sqlite3.sqlite_version} has the WAL-reset bug (mended in 3.51.3): two"
            " connections that write at once can, very rarely, damage the file. The coach has one."
            " So stop it before you import, and let no other program write the file.",
        )


def who_may_read(path: Path) -> Iterator[Finding]:
    """Whether the file, and what SQLite keeps beside it, is for its owner alone."""
    files = [path, *(Path(f"{path}{end}") for end in ("-wal", "-shm"))]
    modes = {file: stat.S_IMODE(file.stat().st_mode) for file in files if file.exists()}
    open_ones = [file for file, mode in modes.items() if mode & 0o077]
    if not open_ones:
        yield Finding("ok", "Only its owner may read the database (mode 0600).")
        return
    names = " ".join(map(str, open_ones))
    anybody = any(modes[file] & 0o007 for file in open_ones)
    who = "Everybody on this machine" if anybody else "A group"
    state: Literal["mend", "note"] = "mend" if anybody else "note"
    yield Finding(state, f"{who} may read what reps told the coach. Type: chmod 600 {names}")


def _zones() -> Iterator[Finding]:
    data = ZONE_DATA
    host = f"the host's are {data.host}" if data.host else "the host's have no version"
    yield Finding("ok", f"Zones are those of tzdata {data.used}; {host}, ours {data.pinned}.")


def _disk(path: Path, env: Mapping[str, str]) -> Iterator[Finding]:
    place = path.resolve().parent
    for variable, host in FRESH_DISKS.items():
        if env.get(variable):
            yield Finding(
                "note",
                f"This looks like {host}, where files vanish at each restart. Put COACH_DB on a"
                " disk that stays, or every reply will be lost.",
            )
    if _filesystem(place) in ("tmpfs", "overlay", "ramfs"):
        yield Finding(
            "note",
            f"{place} is on a {_filesystem(place)} file system, which is often thrown away with"
            " its container. Put COACH_DB on a disk that stays.",
        )
    if not os.access(place, os.W_OK):
        yield Finding("mend", f"{place} can't be written. Give the coach's user the right to.")


def _filesystem(place: Path) -> str:
    """The type of the file system that holds `place` (Linux); "" where it can't be told."""
    try:
        mounts = Path("/proc/mounts").read_text().splitlines()
    except OSError:
        return ""
    best = ("", "")
    for line in mounts:
        _, point, kind, *_ = line.split(" ")
        if place.is_relative_to(point) and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1]


def _library(coach: Coach) -> Iterator[Finding]:
    entries = coach.library.entries().values()
    originals = sum(entry.original is not None for entry in entries)
    yield Finding("ok", f"The library holds {len(entries)} posts, {originals} of them imported.")
    if not originals:
        yield Finding(
            "note",
            "No archive was imported, so tips quote our notes. `python -m bot import PATH` lets"
            " them quote the posts.",
        )
    for fault in (*coach.library.faults, *coach.indexing.faults, *coach.files.faults):
        yield Finding("mend", fault)


def _model(coach: Coach) -> Iterator[Finding]:
    settings, writer = coach.settings, coach.model
    if not settings.model:
        yield Finding("ok", "No model is set: answers are quotations, which is all it needs.")
        return
    if not writer.on:
        yield Finding("mend", "COACH_MODEL is set; set OPENAI_API_KEY or OPENAI_BASE_URL as well.")
        return
    if settings.model_judge and JUDGE not in coach.prompts:
        yield Finding(
            "mend",
            f"prompts/{JUDGE}.md is missing or faulty, so no model is asked. Mend it, or set"
            " COACH_MODEL_JUDGE=no.",
        )
        return
    last = writer.last()
    if last is None:
        yield Finding("ok", f"The model {settings.model} may write. It was not asked yet.")
    elif not last.code:
        yield Finding("ok", f"The model {settings.model} wrote, last at {last.at:%d %b %H:%M} UTC.")
    else:
        yield Finding("note", _why(last))


def _meaning(coach: Coach) -> Iterator[Finding]:
    settings, name = coach.settings, coach.settings.embed_model
    if name in ("", NO_MODEL):
        yield Finding("note", "COACH_EMBED_MODEL is none: search goes by words alone.")
        return
    if settings.embeds_here and not LocalEmbedding.installed():
        yield Finding("note", f"The local model is not here, so search goes by words alone. {HOW}")
        return
    if not settings.may_embed:
        yield Finding(
            "mend", "COACH_EMBED_MODEL is set; set OPENAI_API_KEY or OPENAI_BASE_URL as well."
        )
        return
    entries = coach.library.entries()
    kept = Index(coach.store.read).embedded(coach.meaning.name)
    posts, known = len(entries), len(entries.keys() & kept)
    late = "" if known == posts else " The others follow while the coach runs."
    yield Finding("ok", f"Search knows the meaning of {known} of {posts} posts ({name}).{late}")
    last = None if settings.embeds_here else coach.model.last(embedding=True)
    if last and last.code:
        yield Finding("note", f"Texts are not embedded. {_why(last)}")


def _calendars(coach: Coach) -> Iterator[Finding]:
    """How their addresses are kept; none of them is told."""
    count, clear, lost = coach.calendars.kept_how()
    if lost:
        yield Finding(
            "mend",
            f"COACH_SECRET_KEY opens {count - lost} of {count} calendars' addresses. Add the key"
            " that sealed the others, or have their reps paste them again.",
        )
    elif clear:
        yield Finding(
            "note",
            f"The private addresses of {clear} calendars are in the database in clear. Set"
            " COACH_SECRET_KEY and start the coach again: it seals them.",
        )
    elif count:
        yield Finding("ok", f"The private addresses of {count} calendars are sealed.")


def _why(last: Ended) -> str:
    return f"{CODES.get(last.code, last.code)} ({last.at:%d %b %H:%M} UTC)"
