"""A folder or a zip file as names and bytes: nothing is unpacked, and everything is bounded."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol

from bot.archives.archive import UnreadableArchive

MOST_FILES = 50_000
MOST_BYTES = 500_000_000  # of one file, unpacked
MOST_IN_ALL = 2_000_000_000  # of all files that are read of one zip
SKIPPED = frozenset(("node_modules", "__MACOSX", "__pycache__", "vendor", "bower_components"))


class Bundle(Protocol):
    """Files under one name, by their paths in it, with "/" between folders."""

    @property
    def name(self) -> str: ...

    @property
    def names(self) -> Sequence[str]: ...

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises UnreadableArchive."""


@dataclass(frozen=True)
class Folder:
    """A folder on disk, with what stands in the folders in it."""

    path: Path
    names: Sequence[str]

    @property
    def name(self) -> str:
        return str(self.path)

    @classmethod
    def open(cls, path: Path) -> Folder:
        found = (p for p in path.rglob("*") if p.is_file())
        names = sorted(p.relative_to(path).as_posix() for p in found)
        return cls(path, [name for name in names if _wanted(name)])

    def read(self, name: str) -> bytes:
        path = self.path / name
        try:
            if path.stat().st_size > MOST_BYTES:
                raise _too_big(name)
            return path.read_bytes()
        except OSError as error:
            raise UnreadableArchive(name, 1, f"it can't be opened: {error.strerror}.") from error


class Zip:
    """A zip file, read where it stands. Raises UnreadableArchive if it is damaged or too big."""

    def __init__(self, source: Path | bytes, name: str) -> None:
        self.name = name
        stream: Path | IO[bytes] = BytesIO(source) if isinstance(source, bytes) else source
        try:
            self._zip = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            reason = (
                "this zip file is damaged or cut off."
                " Download it again, or unpack it and import the folder."
            )
            raise UnreadableArchive(name, 1, reason) from error
        infos = [i for i in self._zip.infolist() if not i.is_dir() and _wanted(i.filename)]
        if len(infos) > MOST_FILES:
            reason = (
                f"there are more than {MOST_FILES} files in this zip."
                " Unpack it and import the folder of the posts."
            )
            raise UnreadableArchive(name, 1, reason)
        self._infos = {i.filename.replace("\\", "/"): i for i in infos}
        self.names: Sequence[str] = sorted(self._infos)
        self._left = MOST_IN_ALL

    def read(self, name: str) -> bytes:
        info = self._infos[name]
        if info.flag_bits & 1:
            reason = "it is locked with a password. Unpack the zip file and import the folder."
            raise UnreadableArchive(name, 1, reason)
        most = min(MOST_BYTES, self._left)
        try:
            with self._zip.open(info) as file:
                data = file.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
            reason = "it is damaged in the zip file. Download the zip again, or unpack it."
            raise UnreadableArchive(name, 1, reason) from error
        if len(data) > most:
            raise _too_big(name)
        self._left -= len(data)
        return data


def _too_big(name: str) -> UnreadableArchive:
    return UnreadableArchive(name, 1, f"it is larger than {MOST_BYTES // 1_000_000} MB.")


def _wanted(name: str) -> bool:
    """Whether a file may be somebody's: no program's own folder, no hidden one."""
    *folders, last = name.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") or part in SKIPPED for part in folders)
    return not hidden and (not last.startswith(".") or last.startswith(".eleventy"))
