"""One SQLite file, one thread that writes it, and a reading connection for each other thread.

Why one writer: on this file eight writing threads reached 150 commits a second with waits past
Slack's three seconds; a queue in front of one thread, committing in groups, reached 618 with 18 ms
at the 99th percentile (our measurements, 6 ms fsync). It also keeps to a single checkpointing
connection, which the WAL-reset bug of SQLite before 3.51.3 needs two of (sqlite.org/wal.html).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TypeVar

from bot.errors import (
    BUSY,
    DATA_WRONG,
    DISK_TROUBLE,
    NO_FOLDER,
    NO_PLACE,
    NOT_ALLOWED,
    SETTINGS_WRONG,
)
from bot.storage import _schema as schema
from bot.storage._leftovers import Pages, empty_log, overwrite
from bot.storage.database import STOPPING, Database, NotSaved, sqlite3

log = logging.getLogger(__name__)

T = TypeVar("T")
GROUP = 64  # as many pieces of work may share one commit
# A second process may hold the file this long. Slack waits 3 s, and what a rep typed may stand in
# the queue behind one other piece of work that waits as long.
BUSY_MS = 1_200
SLOW_MS = 60_000  # … but at start and on the command line nobody is waiting on Slack
# So often is it tried to find the log without a reader, who takes milliseconds as a rule.
TRIES, BETWEEN_TRIES_S = 40, 0.025


class _Work(NamedTuple):
    run: Callable[[Database], Any]
    done: Future[Any]
    alone: bool = False  # outside of any transaction


class Engine:
    """Holds the connections open. `write` and `read` may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._work: SimpleQueue[_Work | None] = SimpleQueue()
        self._local = threading.local()
        self._readers: list[Database] = []
        self._riding: list[_Work] = []
        self._closed = False
        self._lock = threading.Lock()
        self._erasing = threading.Lock()
        self._pages: Pages | None = None
        schema.look_first(path)
        with suppress(OSError):  # it is there already, or what is wrong is said below
            path.touch(mode=0o600, exist_ok=False)  # for its owner's eyes alone
        db = _connect(path, SLOW_MS)
        try:
            schema.make(db.conn, path)
            db.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        except sqlite3.Error as error:
            db.close()
            raise _not_saved(error) from error
        except schema.OtherVersion:
            db.close()
            raise
        self._writer = threading.Thread(target=self._serve, args=(db,), name="writer", daemon=True)
        self._writer.start()

    def write(self, work: Callable[[Database], T]) -> T:
        """Run `work` in one transaction and return its result once that is on disk.

        What `work` raises is raised here, and undone. Raises `NotSaved` if the file can't be
        written. Must not be called from inside `work`.
        """
        return self.later(work).result()

    def later(self, work: Callable[[Database], T]) -> Future[T]:
        """Queue `work` without waiting. Work is done in the order in which it was queued."""
        done: Future[T] = Future()
        self._queue(_Work(work, done))
        return done

    def ride_along(self, work: Callable[[Database], object]) -> None:
        """Have `work` done just before whatever is written next, in the same commit.

        It costs nobody a wait for the disk. `flush` has it done when nothing else is written.
        """
        with self._lock:
            self._riding.append(_Work(work, Future()))

    def flush(self) -> None:
        """Write what only rides along, if there is any."""
        if self._riding:
            self.later(lambda db: None)

    def erase_leftovers(self) -> None:
        """Leave no byte of what was deleted: neither in the file, nor in the log beside it.

        It takes as long as reading the file, and holds up nobody for more than a few pages. Raises
        `NotSaved` while another process, or a reader, needs the log.
        """
        log_beside = Path(f"{self._path}-wal")
        with self._erasing:
            self._undisturbed(empty_log)
            pages = self._pages = self._pages or Pages(self._path)
            for found in pages.looked_at():
                self._still_open()
                if found:
                    work = partial(overwrite, pages=pages, numbers=found, log=log_beside)
                    self._undisturbed(work)
            self._undisturbed(empty_log)

    def _undisturbed(self, work: Callable[[Database], None]) -> None:
        """Have `work` done outside of any transaction, as soon as nobody reads from the log."""
        for left in reversed(range(TRIES)):
            done: Future[None] = Future()
            self._queue(_Work(work, done, alone=True))
            try:
                done.result()
                return
            except sqlite3.OperationalError as error:
                if not left:
                    raise _not_saved(error) from error
            time.sleep(BETWEEN_TRIES_S)

    def _queue(self, work: _Work) -> None:
        with self._lock:
            self._still_open()
            self._work.put(work)

    def _still_open(self) -> None:
        if self._closed:
            raise NotSaved(STOPPING)

    def reader(self) -> Database:
        """This thread's own reading connection. Raises `NotSaved` once the file is let go of."""
        db: Database | None = getattr(self._local, "db", None)
        if db is None:
            with self._lock:  # else one opened meanwhile would outlive the end, or be closed under
                self._still_open()  # its first statement, which takes the process with it
                db = _connect(self._path, BUSY_MS)
                db.execute("PRAGMA query_only=ON")
                self._readers.append(db)
            self._local.db = db
        return db

    def check(self) -> str:
        """`PRAGMA quick_check`: "ok", or its first complaint."""
        return str(self.reader().value("PRAGMA quick_check(1)"))

    def close(self) -> None:
        """Do what is queued, then let go of the file. Closing twice is fine."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            if self._riding:
                self._work.put(_Work(lambda db: None, Future()))
            self._work.put(None)
        self._writer.join()
        for db in self._readers:
            db.close()
        with self._erasing:
            if self._pages:
                self._pages.close()

    def _serve(self, db: Database) -> None:
        last = False
        while not last and (first := self._work.get()) is not None:
            refused = _begin(db)
            # Only now: what came while the file was busy must not wait as long once more.
            group, last = self._gather(first, None if refused else GROUP)
            if refused:
                _fail(group, refused)
                continue
            _commit(db, self._riders() + [work for work in group if not work.alone])
            for work in group:
                if work.alone:
                    _run_alone(db, work)
        db.close()

    def _riders(self) -> list[_Work]:
        with self._lock:
            taken, self._riding = self._riding, []
        return taken

    def _gather(self, first: _Work, limit: int | None) -> tuple[list[_Work], bool]:
        """What waits already joins `first`; the flag says that the end was among it."""
        group = [first]
        while limit is None or len(group) < limit:
            try:
                work = self._work.get_nowait()
            except Empty:
                break
            if work is None:
                return group, True
            group.append(work)
        return group, False


def _begin(db: Database) -> Exception | None:
    """Open the writing transaction; what stood in the way, if it can't be had in time."""
    try:
        db.conn.execute("BEGIN IMMEDIATE")
    except Exception as error:
        return error
    return None


def _commit(db: Database, group: list[_Work]) -> None:
    """All of `group` in the open transaction, each in a savepoint; results follow the commit."""
    try:
        outcomes = [_attempt(db, work) for work in group]
        db.conn.execute("COMMIT")
    except Exception as error:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        _fail(group, error)
        return
    for work, (result, failure) in zip(group, outcomes, strict=True):
        if failure is None:
            work.done.set_result(result)
        else:
            work.done.set_exception(failure)


def _fail(group: list[_Work], error: Exception) -> None:
    for work in group:
        work.done.set_exception(_not_saved(error))


def _run_alone(db: Database, work: _Work) -> None:
    try:
        work.done.set_result(work.run(db))
    except Exception as error:
        work.done.set_exception(error)


def _attempt(db: Database, work: _Work) -> tuple[Any, Exception | None]:
    try:
        with db.atomic():
            return work.run(db), None
    except sqlite3.OperationalError as error:
        if _is_ours(error):
            return None, error
        raise  # the disk or the file: nothing in this group can be kept
    except Exception as error:
        return None, error


def _is_ours(error: Exception) -> bool:
    """A mistake in our SQL, as opposed to trouble with the file."""
    return "no such" in str(error) or "syntax" in str(error)


_TROUBLE = {
    "locked": ("The database is busy.", BUSY),
    "full": ("The disk is full.", DISK_TROUBLE),
    "readonly": ("The database file is read-only.", NOT_ALLOWED),
    "malformed": ("The database file is damaged. Restore a backup.", DATA_WRONG),
    "not a database": ("The file is no database.", DATA_WRONG),
}
_OTHERWISE = ("The database can't be written.", DISK_TROUBLE)


def _trouble(error: BaseException) -> tuple[str, int]:
    """What it is in words, and the status of a process that ends with it."""
    return next((found for sign, found in _TROUBLE.items() if sign in str(error)), _OTHERWISE)


def _not_saved(error: BaseException) -> NotSaved:
    why = getattr(error, "sqlite_errorname", type(error).__name__)
    log.error("not saved", extra={"why": why})
    told, status = _trouble(error)
    return NotSaved(f"{told} Nothing was saved. Try again in a minute.", status)


def _connect(path: Path, busy_ms: int) -> Database:
    try:
        conn = sqlite3.connect(
            path, timeout=busy_ms / 1000, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise _unopened(path, error) from error
    try:
        _use_wal(conn, busy_ms)
        conn.execute("PRAGMA synchronous=FULL")
        conn.execute("PRAGMA secure_delete=ON")
        conn.execute("PRAGMA foreign_keys=ON")
    except sqlite3.Error as error:
        conn.close()  # else it holds the file until rubbish is collected: it refers to itself
        raise _unopened(path, error) from error
    return Database(conn)


def _unopened(path: Path, error: sqlite3.Error) -> NotSaved:
    if path.is_dir():
        why = f"{path} is a folder. Set COACH_DB to a file in it, such as {path / 'coach.db'}."
        return NotSaved(why, SETTINGS_WRONG)
    if not path.parent.is_dir():
        return NotSaved(NO_FOLDER.format(folder=path.parent), NO_PLACE)
    status = _trouble(error)[1]
    return NotSaved(_TO_DO[status].format(path=path, error=error), status)


_TO_DO = {
    BUSY: "{path} is held by another program. Stop that one, then start again.",
    NOT_ALLOWED: "{path} can only be read. Give the coach's user the right to write it.",
    DATA_WRONG: "{path} can't be opened as a database: {error}. Set COACH_DB to another file.",
    DISK_TROUBLE: "{path} can't be opened: the disk is full or in trouble ({error}). Make room on"
    " it, then start again; or set COACH_DB to another place.",
}


def _use_wal(conn: sqlite3.Connection, busy_ms: int) -> None:
    """Switch a new file to WAL. SQLite does not wait for its lock here, so several starts race."""
    deadline = time.monotonic() + busy_ms / 1000
    while conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            conn.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
