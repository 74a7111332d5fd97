"""Exports written by hand: read as a team's would be, and held against what is right of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from bot.archives.archive import Archive
from bot.archives.bundle import Zip
from bot.archives.reader import joined, read_bundle, read_file
from bot.library.post import Post

TODAY = date(2026, 11, 23)
Files = Mapping[str, str | bytes]


def zipped(files: Files) -> bytes:
    """A zip file that holds these."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as whole:
        for name, text in files.items():
            whole.writestr(name, text)
    return packed.getvalue()


def read_all(files: Files) -> Archive:
    """One file by itself, several as a zip of them."""
    if len(files) == 1:
        ((name, text),) = files.items()
        return read_file(text.encode() if isinstance(text, str) else text, name, today=TODAY)
    return joined(read_bundle(Zip(zipped(files), "export.zip"), today=TODAY), "export.zip")


class Case(NamedTuple):
    """An export, what is right of its posts, and what stays out by its kind."""

    files: Files
    posts: tuple[Mapping[str, Any], ...]
    left: Mapping[str, int] | None


def check(
    cases: dict[str, Case], name: str, files: Files, *posts: Mapping[str, Any],
    left: Mapping[str, int] | None = None,
) -> None:  # fmt: skip
    """Add a case under its name."""
    assert name not in cases
    cases[name] = Case(files, posts, left)


def whole(title: str | None, body: str, **more: Any) -> dict[str, Any]:
    """What is right of a post whose whole text is known."""
    return {"title": title, "body": body, **more}


def wrong(
    files: Files, *posts: Mapping[str, Any], left: Mapping[str, int] | None = None
) -> list[str]:
    """What came in otherwise than it should: `posts` say of each what is right of it.

    `has` and `lacks` are words of its text; `body` is all of it; `left` counts what stays out.
    """
    archive = read_all(files)
    found = {str(post.title): post for post in archive.posts}
    faults = [f"also {title!r}: {found[title].body[:80]!r}"
              for title in found.keys() - {str(want["title"]) for want in posts}]  # fmt: skip
    for want in posts:
        post = found.get(str(want["title"]))
        faults += [f"no {want['title']!r}"] if post is None else _differences(post, want)
    if left is not None and archive.left_out_by_kind != left:
        faults.append(f"left out {archive.left_out_by_kind} for {left}")
    return faults


def _differences(post: Post, want: Mapping[str, Any]) -> list[str]:
    got = {
        "day": post.published.isoformat() if post.published else None,
        **{name: getattr(post, name) for name in ("author", "url", "blog", "teaser", "body")},
    }
    said = [f"{want['title']!r}: {name} is {got[name]!r} for {want[name]!r}"
            for name in got if name in want and got[name] != want[name]]  # fmt: skip
    said += [f"{want['title']!r} lacks {each!r}: {post.body!r}" for each in want.get("has", ())
             if each not in post.body]  # fmt: skip
    return said + [f"{want['title']!r} holds {each!r}: {post.body!r}"
                   for each in want.get("lacks", ()) if each in post.body]  # fmt: skip
