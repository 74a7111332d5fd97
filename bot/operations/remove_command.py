"""`python -m bot remove`: takes imported posts out of the library."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.coach import Coach
from bot.library.entry import Entry

LISTED = 20


class Wanted(NamedTuple):
    """What an admin asked to take out: posts by slug, those of a file, those of a blog."""

    slugs: Sequence[str]
    file: str | None = None
    blog: str | None = None


def remove(coach: Coach, wanted: Wanted, sure: bool = False) -> int:
    """Take posts out, after a yes; 1 if there was nothing to take out, or no yes."""
    if not (wanted.slugs or wanted.file or wanted.blog):
        print("Say which posts: slugs, --from FILE or --blog NAME.", file=sys.stderr)
        return 1
    entries = coach.library.entries()
    found = {entry.slug: entry for entry in _found(entries.values(), wanted)}
    for slug in wanted.slugs:
        if slug not in found:
            print(_why_not(slug, entries.get(slug)), file=sys.stderr)
    if not found:
        print("Nothing was taken out. `python -m bot posts` lists what is there.", file=sys.stderr)
        return 1
    _list(list(found.values()))
    if not (sure or _yes(len(found))):
        print("Nothing was taken out.")
        return 1
    gone = coach.library.remove(found, coach.audit.by(None, "remove", "posts"))
    coach.indexing.update()
    print(f"{gone} {'post was' if gone == 1 else 'posts were'} taken out of the library.")
    return int(any(slug not in found for slug in wanted.slugs))


def _found(entries: Iterable[Entry], wanted: Wanted) -> Iterator[Entry]:
    blog = (wanted.blog or "").casefold()
    for entry in entries:
        post = entry.original
        if post is None:
            continue
        by_blog = bool(blog) and (post.blog or "").casefold() == blog
        if (
            entry.slug in wanted.slugs
            or by_blog
            or (wanted.file and _is_from(post.file, wanted.file))
        ):
            yield entry


def _is_from(file: str, asked: str) -> bool:
    """Whether a post came from a file, or from one in a folder or a zip."""
    whole = str(Path(asked).resolve())
    return (
        file == whole
        or file.startswith(f"{whole}/")
        or ("/" not in asked and asked in file.split("/"))
    )


def _why_not(slug: str, entry: Entry | None) -> str:
    if entry is None:
        return f"No post is called {slug}."
    return f"{slug} is one of the coach's own cards and was not imported; it stays."


def _list(found: Sequence[Entry]) -> None:
    for entry in found[:LISTED]:
        print(f"{entry.slug}  {entry.name}")
    if (more := len(found) - LISTED) > 0:
        print(f"and {more} more")


def _yes(many: int) -> bool:
    print(
        f"Take {'this post' if many == 1 else f'these {many} posts'} out of the library? (y/N) ",
        end="",
        flush=True,
    )
    return sys.stdin.readline().strip().lower() in ("y", "yes")
