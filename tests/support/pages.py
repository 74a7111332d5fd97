"""Pages of plain text: what is to be seen of their posts, and the ways in which they are spoilt."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.archives.archive import Archive

# Words of dates, footers, tags and counts, none of which may stand in a text.
FURNITURE = re.compile(
    r"^(?:\w+day, \w+ \d+, \d{4}|\d\d\.\d\d\.\d{4}.*|\w+ \d+(?:st|nd|rd|th), \d{4}|RSS|\d+"
    r"|Technorati.*|tags:|Reblog.*|(?:No|\d+) Comments?:?|Comments Off.*|Archive for.*"
    r"|.*Read more…)$",
    re.I | re.M,
)


def folded(text: str) -> str:
    return " ".join(text.split())


def outline(archive: Archive) -> list[tuple[str | None, str | None, str]]:
    """Day, title and text of each post, white space evened out."""
    return [
        (str(post.published) if post.published else None, post.title, folded(post.body))
        for post in archive.posts
    ]


def assert_nothing_is_lost(archive: Archive, text: str) -> None:
    """Texts, titles and furniture, line by line, are the file."""
    bodies = iter([line for post in archive.posts for line in post.body.split("\n") if line])
    titles = iter([post.title for post in archive.posts if post.title])
    for line, kind in zip(text.split("\n"), archive.kinds, strict=True):
        if kind == "body":
            assert line.startswith(next(bodies))
        elif kind == "title":
            assert folded(line) == next(titles)
        else:
            assert (kind == "blank") == (not line.strip())
    assert next(bodies, None) is None and next(titles, None) is None


def plain_spaces(text: str) -> bytes:
    return text.replace("\xa0", " ").encode()


def utf8(change: Callable[[str], str]) -> Callable[[str], bytes]:
    return lambda text: change(text).encode()


def some_not_utf8(text: str) -> bytes:
    """As if two files had been joined: every other line is Windows-1252."""
    lines = text.split("\n")
    codes = ("utf-8", "cp1252")
    return b"\n".join(line.encode(codes[n % 2]) for n, line in enumerate(lines))


SPOILT: dict[str, Callable[[str], bytes]] = {
    "lines end as on Windows": utf8(lambda text: text.replace("\n", "\r\n")),
    "lines end as on old Macs": utf8(lambda text: text.replace("\n", "\r")),
    "lines end twice": utf8(lambda text: text.replace("\n", "\r\r\n")),
    "a byte-order mark stands first": lambda text: text.encode("utf-8-sig"),
    "it is UTF-16": lambda text: text.encode("utf-16"),
    "it is Windows-1252": lambda text: text.encode("cp1252"),
    "some lines are Windows-1252": some_not_utf8,
    "it ends in a line end": utf8(lambda text: text + "\n"),
    "it ends in blank lines": utf8(lambda text: text + "\n\n \n\n"),
    "it begins with blank lines": utf8(lambda text: "\n\n" + text),
    "lines end in spaces": utf8(lambda text: text.replace("\n", "  \n")),
    "no-break spaces are spaces": plain_spaces,
    "blank lines are doubled": utf8(lambda text: text.replace("\n\n", "\n\n\n")),
    "dates are in capitals": utf8(
        lambda text: re.sub(
            r"^(\w+day, \w+ \d+, \d{4}|[A-Z][a-z]{2})$", lambda m: m[0].upper(), text, flags=re.M
        )
    ),
}
