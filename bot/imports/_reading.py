"""What is in a file or a feed: its posts, each with its place, and a summary of them all."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from bot.errors import CoachError
from bot.imports.offer import MOST_UNPACKED, Found
from bot.library.identity import address_key
from bot.library.post import Post

if TYPE_CHECKING:
    from bot.archives.archive import LeftOut, UnreadableArchive
    from bot.archives.reader import Opened

TITLES = 3  # of the new posts that are named
_OFFICE = ("word/document.xml", "xl/workbook.xml", "content.xml")
_ZIP = b"PK\x03\x04"


class NothingInIt(CoachError):
    """A file in which no post was found; the sentence says why, and what to do."""


def opened(data: bytes, name: str, today: date) -> Opened:
    """What a file holds. Raises NothingInIt."""
    from bot.archives.archive import UnreadableArchive  # late: 60 ms that no start should pay
    from bot.archives.bundle import Zip
    from bot.archives.reader import Opened, read_bundle, read_file

    try:
        if data.startswith(_ZIP) and not _is_office(data, name):
            return read_bundle(Zip(data, name), today=today)
        return Opened([read_file(data, name, today=today)], [], [])
    except UnreadableArchive as error:
        raise NothingInIt(_plainly(error)) from error


def posts_of(found: Opened, root: str) -> list[Post]:
    """All posts, each with the file that it came from; `root` names the whole."""
    return [
        replace(post, file="/".join(filter(None, (root, post.file))))
        for archive in found.archives
        for post in archive.posts
    ]


def summary(
    found: Opened, posts: Sequence[Post], outcomes: Sequence[str], stay_out: Sequence[str] = ()
) -> Found:
    """What a manager is told of it. `outcomes` are those of an import, in the order of `posts`;
    `stay_out` names what is in the library and would be left out today."""
    new = [post for post, said in zip(posts, outcomes, strict=True) if said == "new"]
    return Found(
        posts=len(posts),
        new=len(new),
        changed=list(outcomes).count("changed"),
        teasers=sum(post.teaser for post in posts),
        doubts=sum(len(archive.doubts) for archive in found.archives),
        blogs=tuple(dict.fromkeys(post.blog for post in posts if post.blog)),
        titles=tuple(post.title or post.body[:60] for post in new[:TITLES]),
        keys=tuple(key_of(post) for post in new),
        left_out=_left_out(found),
        refused=tuple(f"{error.name}: {error.reason}" for error in found.refused),
        stay_out=tuple(stay_out),
    )


def left_in(found: Opened) -> list[LeftOut]:
    """All that was left out of it."""
    return [each for archive in found.archives for each in archive.left_out]


def key_of(post: Post) -> str:
    """What names a post of a feed for as long as it stands there."""
    return post.guid or address_key(post.url) or post.slug


def wanted(posts: Sequence[Post], unwanted: Container[str]) -> list[Post]:
    """Without those that a manager left out before."""
    return [post for post in posts if key_of(post) not in unwanted]


def why_nothing(found: Opened) -> str:
    """Why no post of it can come in: what is in it instead."""
    if found.refused:
        return _plainly(found.refused[0])
    if left := _left_out(found):
        return f"There is no published post in it, only {', '.join(left)}."
    if found.not_read:
        return f"There is nothing in it that I read: {found.not_read[0].name} is no archive."
    return "There is nothing in it."


def _left_out(found: Opened) -> tuple[str, ...]:
    """What is no published post, with numbers: "2 drafts", "1 page"."""
    from bot.archives.archive import counted

    kinds = Counter(each.kind for each in left_in(found))
    return tuple(f"{n} {counted(kind, n)}" for kind, n in kinds.items())


def _plainly(error: UnreadableArchive) -> str:
    reason = error.reason[:1].upper() + error.reason[1:]
    return f"{reason} (line {error.line})" if error.line > 1 else reason


def _is_office(data: bytes, name: str) -> bool:
    """Whether a zip file is a document. Raises UnreadableArchive for one that is too big."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as file:
            infos = file.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False  # whoever reads it says what is wrong
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        from bot.archives.archive import UnreadableArchive

        reason = (
            f"unpacked it is larger than {MOST_UNPACKED // 1_000_000} MB, which is more than I"
            " take here. Whoever runs me can import it: python -m bot import."
        )
        raise UnreadableArchive(name, 1, reason)
    return any(info.filename in _OFFICE for info in infos)
