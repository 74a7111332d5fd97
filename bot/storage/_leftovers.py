"""What deleted rows leave behind in the file, found and overwritten.

`secure_delete` overwrites a row where it stands. But a page that is divided, or that gives rows to
its neighbour, may keep a copy of a row that moved away: in the space between its cell pointers and
its cells, which nobody reads (sqlite.org/fileformat2.html#b_tree_pages). Of rows that were deleted
later such copies stood in our files, one in a hundred. VACUUM gets rid of them by writing the whole
file anew, and nobody else can write meanwhile; this writes zeros over that space alone.

It goes past SQLite, so it may only be done while nobody can change the file: see `overwrite`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bot.storage.database import Database, sqlite3

_CHUNK = 1 << 20  # bytes that are looked at in one go
_HEADER = 100  # bytes of the first page that are the file's own
# The kinds of a page of a b-tree, and how long the head of such a page is. The first byte of any
# other page is that of a page number: 0, in a file of less than `LARGEST` bytes.
_HEADS = {0x02: 12, 0x05: 12, 0x0A: 8, 0x0D: 8}
LARGEST = 0x02000000 * 512


class Pages:
    """The file beside SQLite. Opened once and closed last: in a process that closes any handle of a
    file, the locks go that SQLite holds on it by another (sqlite.org/howtocorrupt.html, §2.2)."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR)
        head = os.pread(self._handle, _HEADER, 0)
        size = int.from_bytes(head[16:18], "big")
        self.size = 65536 if size == 1 else size
        self._usable = self.size - head[20]

    def close(self) -> None:
        os.close(self._handle)

    def looked_at(self) -> Iterator[list[int]]:
        """For each stretch of the file the pages, by number from 0, in which something was left.

        Looked at without a lock: `overwrite` looks again.
        """
        per_chunk = max(1, _CHUNK // self.size)
        total = min(os.fstat(self._handle).st_size, LARGEST) // self.size
        for first in range(0, total, per_chunk):
            raw = os.pread(self._handle, per_chunk * self.size, first * self.size)
            yield [
                first + n
                for n in range(len(raw) // self.size)
                if self._left(raw[n * self.size : (n + 1) * self.size], first + n)
            ]

    def clear(self, number: int) -> None:
        page = os.pread(self._handle, self.size, number * self.size)
        if len(page) == self.size and (left := self._left(page, number)):
            os.pwrite(self._handle, bytes(len(left)), number * self.size + left.start)

    def to_disk(self) -> None:
        os.fsync(self._handle)

    def _left(self, page: bytes, number: int) -> range | None:
        """Where in the page something was left; None if nothing was."""
        at = 0 if number else _HEADER
        if (head := _HEADS.get(page[at])) is None:
            return None
        cells, content = (int.from_bytes(page[at + n : at + n + 2], "big") for n in (3, 5))
        start = at + head + 2 * cells
        if not start < (content or 65536) <= self._usable or not page[start:content].strip(b"\0"):
            return None
        return range(start, content)


def overwrite(db: Database, pages: Pages, numbers: list[int], log: Path) -> None:
    """Write zeros where these pages hold what nobody reads.

    The log is empty, and the right to write is ours, so nobody writes a page, nor brings one over
    from the log; who reads, reads other bytes of it. Then each copy in memory is given up: this
    connection's by the pragma, that of any other by a commit, as the page might be written from it.
    Raises sqlite3's `OperationalError` while somebody else needs the log.
    """
    empty_log(db)
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        if log.exists() and log.stat().st_size:  # another process wrote in between
            raise sqlite3.OperationalError("database is locked")
        for number in numbers:
            pages.clear(number)
        pages.to_disk()
        db.conn.execute("PRAGMA shrink_memory")
        db.execute("DELETE FROM notes WHERE name = 'cleared'")
        db.execute("INSERT INTO notes (name, value) VALUES ('cleared', '')")
        db.conn.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            db.conn.execute("ROLLBACK")
        raise


def empty_log(db: Database) -> None:
    """Bring the log over and cut it off. Waits for nobody: those who write wait for this thread."""
    (patience,) = db.conn.execute("PRAGMA busy_timeout").fetchone()
    db.conn.execute("PRAGMA busy_timeout=0")
    try:
        busy, *_ = db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        db.conn.execute(f"PRAGMA busy_timeout={patience}")
    if busy:
        raise sqlite3.OperationalError("database is locked")
