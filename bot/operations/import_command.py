"""`python -m bot import`: files, folders and zips into the library, and what is said about each."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import NamedTuple

from bot.archives.archive import Archive, LeftOut, NotRead, UnreadableArchive, counted
from bot.archives.bundle import Folder, Zip
from bot.archives.reader import SUFFIXES, Opened, read_bundle, read_file
from bot.coach import Coach
from bot.library.post import Post
from bot.operations.library_commands import embedded

READABLE = f"These are read: {', '.join(sorted(SUFFIXES))}."
FORM = 1  # raise it when a reader changes, so that files are read again
TOLD_EVERY = 100  # posts
NAMED = 8  # files of one kind that were not read are named, and doubts of one file shown in full
DOUBTS = 200


def import_archives(coach: Coach, paths: Iterable[str], dry_run: bool = False) -> int:
    """Import every archive among `paths`, and in folders and zips; 1 if one was refused."""
    refused, told = 0, _progress()
    for name in paths:
        refused |= _import(coach, Path(name), told, dry_run)
    if dry_run:
        print("Nothing was kept: this only shows what would come in.")
        return refused
    coach.indexing.update()
    if coach.meaning.waits_for_import and (missing := coach.meaning.catch_up(embedded)):
        print(f"{missing} texts have no vector yet; the coach goes on with them when it runs.")
    return refused


def _import(coach: Coach, path: Path, told: Callable[[], None], dry_run: bool) -> int:
    """Import what stands at a path; 1 if any of it was refused."""
    try:
        seen = Seen.of(path)
        if not dry_run and seen and (lines := coach.library.as_before(seen.name, seen.digest)):
            print(lines)
            return 0
        opened = _opened(coach, path, told)
    except UnreadableArchive as error:
        print(f"{path}: refused. {error}")
        return 1
    except OSError as error:
        print(f"{path}: refused. It can't be opened: {error.strerror}.")
        return 1
    if path.is_dir() and not opened.archives and not opened.refused:
        print(f"{path}: nothing to read in here. {READABLE}")
    posts = [post for archive in opened.archives for post in _placed(archive, path)]
    outcomes = _kept(coach, posts, dry_run)
    if not dry_run and any(outcome != "same" for outcome in outcomes):
        coach.audit.machine_did("import", f"posts={len(outcomes)}")
    still_in = _still_in(coach, opened, posts)
    print("\n".join([*_lines(path, opened, outcomes), *still_in]))
    if seen and not dry_run and not still_in and not opened.refused and _lasts(opened):
        lines = "\n".join(_lines(path, opened, ["same"] * len(posts)))
        coach.library.note(seen.name, seen.digest, lines)
    return int(bool(opened.refused))


class Seen(NamedTuple):
    """A file as it is now: if it is so again, and no post was reworked since, it is not read."""

    name: str
    digest: str

    @classmethod
    def of(cls, path: Path) -> Seen | None:
        """None for a folder. Raises OSError."""
        if path.is_dir():
            return None
        whole = hashlib.sha256(str(FORM).encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                whole.update(block)
        return cls(str(path.resolve()), whole.hexdigest()[:32])


def _lasts(opened: Opened) -> bool:
    """Whether another day would not change what comes in."""
    passing = ("scheduled posts", "expired posts")
    return not any(each.kind in passing for a in opened.archives for each in a.left_out)


def _opened(coach: Coach, path: Path, told: Callable[[], None]) -> Opened:
    today = coach.now().date()
    if path.is_dir():
        return read_bundle(Folder.open(path), told, today)
    with path.open("rb") as file:
        zipped = file.read(4) == b"PK\x03\x04"
    if zipped and not _is_office(path):
        return read_bundle(Zip(path, path.name), told, today)
    return Opened([read_file(path.read_bytes(), path.name, told, today)], [], [])


def _is_office(path: Path) -> bool:
    """Whether a zip is a document of an Office program; `read_file` says what to do with those."""
    names = Zip(path, path.name).names
    return any(name in ("word/document.xml", "xl/workbook.xml", "content.xml") for name in names)


def _placed(archive: Archive, path: Path) -> list[Post]:
    """The posts with the file that each came from."""
    root = str(path.resolve())
    inner = archive.name if path.is_dir() and not archive.name.startswith(str(path)) else ""
    return [
        replace(post, file="/".join(filter(None, (root, post.file or inner))))
        for post in archive.posts
    ]


def _kept(coach: Coach, posts: Sequence[Post], dry_run: bool) -> list[str]:
    if dry_run:
        return coach.library.plan(posts)
    return coach.library.put(posts, coach.now()) if posts else []


def _progress() -> Callable[[], None]:
    """To be called after each post; says so every hundred of them."""
    posts = count(1)

    def told() -> None:
        if (n := next(posts)) % TOLD_EVERY == 0:
            print(f"{n} posts read", file=sys.stderr)

    return told


# What is said ---------------------------------------------------------------------------------


def _lines(path: Path, opened: Opened, outcomes: Sequence[str]) -> Iterator[str]:
    """What is said about a path and what was in it."""
    at, many = 0, path.is_dir() or len(opened.archives) != 1
    for archive in opened.archives:
        said = outcomes[at : at + len(archive.posts)]
        at += len(archive.posts)
        yield from _of_one(_where(path, archive.name), archive, said)
    for error in opened.refused:
        yield f"{_where(path, error.name)}: refused. {error}"
    if many and (opened.archives or opened.refused):
        yield _sum(path, opened, outcomes)
    yield from _not_read(path, opened.not_read)


def _where(path: Path, name: str) -> str:
    if name in (path.name, str(path)):
        return str(path)
    return name if name.startswith(f"{path}/") else f"{path}/{name}"


def _of_one(where: str, archive: Archive, outcomes: Sequence[str]) -> Iterator[str]:
    yield f"{where}: {_summary(archive, outcomes)}"
    if archive.left_out:
        yield f"  left out, for they are no published posts: {_kinds(archive.left_out)}"
    for doubt in archive.doubts[:DOUBTS]:
        yield f"  doubt: {doubt}"
    if (more := len(archive.doubts) - DOUBTS) > 0:
        yield f"  and {more} doubts more."


def _summary(archive: Archive, outcomes: Sequence[str]) -> str:
    posts = archive.posts
    counts = [
        f"{len(posts)} posts",
        f"{sum(p.teaser for p in posts)} teasers",
        f"{sum(p.published is None for p in posts)} undated",
        f"{sum(p.title is None for p in posts)} untitled",
        f"{len(archive.doubts)} doubts",
    ]
    changes = _changes(outcomes) or "nothing comes in"
    if not archive.kinds:  # a page or a feed has elements, not lines
        return f"{', '.join(counts)}; {changes}"
    lines = ", ".join(f"{n} {where}" for where, n in archive.lines.items())
    return f"{', '.join(counts)}; {changes}; {len(archive.kinds)} lines: {lines}"


def _changes(outcomes: Sequence[str]) -> str:
    said = Counter(outcomes)
    return ", ".join(f"{said[word]} {word}" for word in ("new", "changed", "same") if said[word])


def _kinds(left_out: Iterable[LeftOut]) -> str:
    counts = Counter(each.kind for each in left_out)
    return ", ".join(f"{n} {counted(kind, n)}" for kind, n in counts.items())


def _sum(path: Path, opened: Opened, outcomes: Sequence[str]) -> str:
    left = [each for archive in opened.archives for each in archive.left_out]
    parts = [f"{len(outcomes)} posts in {len(opened.archives)} files", _changes(outcomes)]
    parts += [f"{len(opened.refused)} files refused"] if opened.refused else []
    parts += [f"left out: {_kinds(left)}"] if left else []
    return f"{path}, in all: {'; '.join(filter(None, parts))}"


def _not_read(path: Path, files: Sequence[NotRead]) -> Iterator[str]:
    """By the reason, with the first names of each: a folder may hold a thousand pictures."""
    by_why: dict[str, list[str]] = {}
    for file in files:
        by_why.setdefault(file.why, []).append(file.name)
    for why, names in by_why.items():
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        yield f"{path}, not read: {', '.join(names[:NAMED])}{more} ({why})"


def _still_in(coach: Coach, opened: Opened, posts: Sequence[Post]) -> list[str]:
    """What came in before anybody knew that it must not, and how to take it out."""
    left = [each for archive in opened.archives for each in archive.left_out]
    found = coach.library.still_in(left, posts) if left else []
    if not found:
        return []
    named = [f"    {entry.slug}  {entry.name}" for entry in found]
    slugs = " ".join(entry.slug for entry in found)
    first = "  These were imported before, and would be left out today:"
    return [first, *named, f"  To take them out: python -m bot remove {slugs}"]
