"""Which post of the library an imported one is: by lasting name, address, or day and title."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import NamedTuple, Protocol

from bot.library.post import Post
from bot.text.sentences import words

_ALIKE = 0.5  # of the runs of three words of the shorter text stand in the other
_NUMBERED = re.compile(r"-\d+$")


class Known(NamedTuple):
    """A post of the library, without its text; `published` as it is kept, `2011-03-11`."""

    slug: str
    title: str | None
    published: str | None
    url: str | None
    guid: str | None
    file: str
    blog: str | None
    digest: str


class Named(Protocol):
    """What something in a file is called, whether it is a post or was left out."""

    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...
    @property
    def guid(self) -> str | None: ...


def address_key(url: str | None) -> str | None:
    """An address for comparing: no scheme, `www.`, last slash or part of the page."""
    if not url:
        return None
    bare = re.sub(r"^https?://(?:www\.)?", "", url.strip().partition("#")[0], flags=re.I)
    host, slash, path = bare.partition("/")
    path = re.sub(r"/(?=\?|$)", "", path)
    return f"{host.lower()}{slash if path else ''}{path}" or None


def host_of(url: str | None) -> str | None:
    key = address_key(url)
    return re.split(r"[/?]", key)[0] if key else None


class Joiner:
    """Finds for each post of an import the one that it is already known as, each at most once."""

    def __init__(
        self, known: Iterable[Known], text: Callable[[str], str], digest: Callable[[str], str]
    ) -> None:
        """`text` gives the body of a known post by its slug."""
        self._text = text
        self._digest = digest
        self._all = list(known)
        self._by_guid: dict[str, list[Known]] = defaultdict(list)
        self._by_address: dict[str, list[Known]] = defaultdict(list)
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        self._by_file: dict[str, list[Known]] = defaultdict(list)
        for each in self._all:
            self._add(each)

    def _add(self, each: Known) -> None:
        if each.guid:
            self._by_guid[each.guid].append(each)
        if key := address_key(each.url):
            self._by_address[key].append(each)
        for name in {each.slug, _NUMBERED.sub("", each.slug)}:
            self._by_name[name].append(each)
        if each.file:
            self._by_file[each.file].append(each)

    def join(self, posts: Sequence[Post]) -> list[tuple[str, Known | None]]:
        """For each post its slug in the library, and the known post that it is, if there is one."""
        found: dict[int, Known] = {}
        taken: set[str] = set()
        alone = _alone_in_their_files(posts) if self._all else []
        for rule in (self._same_guid, self._same_address, self._same_name) if self._all else ():
            for n, post in enumerate(posts):
                if n not in found:
                    self._take(n, rule(post), found, taken)
        for n in alone:
            if n not in found:
                self._take(n, self._same_file(posts[n]), found, taken)
        used = {each.slug for each in self._all}
        return [self._slug(post, found.get(n), used) for n, post in enumerate(posts)]

    def _take(self, n: int, fit: Iterable[Known], found: dict[int, Known], taken: set[str]) -> None:
        each = next((each for each in fit if each.slug not in taken), None)
        if each:
            found[n] = each
            taken.add(each.slug)

    def _slug(self, post: Post, known: Known | None, used: set[str]) -> tuple[str, Known | None]:
        if known:
            return known.slug, known
        slug = post.slug
        if slug in used:
            base = slug
            slug = next(s for n in count(2) if (s := f"{base}-{n}") not in used)
        used.add(slug)
        return slug, None

    def left(self, one: Named) -> Known | None:
        """The known post that something is which must not come in."""
        if one.guid and one.guid in self._by_guid:
            return self._by_guid[one.guid][0]
        for each in self._by_address.get(address_key(one.url) or "", ()):
            if each.title == one.title:
                return each
        for each in self._by_name.get(one.slug, ()) if one.title else ():
            if each.slug == one.slug and not _other_host(each.url, one.url):
                return each
        return None

    # The rules, the surest first ------------------------------------------------------------

    def _same_guid(self, post: Post) -> Iterator[Known]:
        for each in self._by_guid.get(post.guid or "", ()):
            if not (_other_host(each.url, post.url) and each.title != post.title):
                yield each

    def _same_address(self, post: Post) -> Iterator[Known]:
        """Two posts may link to one page elsewhere: then their lasting names differ."""
        for each in self._by_address.get(address_key(post.url) or "", ()):
            apart = each.guid and post.guid and each.guid != post.guid
            if not apart or each.title == post.title or each.published == _day(post):
                yield each

    def _same_name(self, post: Post) -> Iterator[Known]:
        named = self._by_name.get(post.slug, []) + (
            self._by_name.get(_NUMBERED.sub("", post.slug), [])
            if _NUMBERED.search(post.slug)
            else []
        )
        for each in sorted(named, key=lambda k: (k.file != post.file, k.slug != post.slug)):
            if self._may_be(each, post):
                yield each

    def _may_be(self, each: Known, post: Post) -> bool:
        """Whether a post of the same day and title is the same post."""
        if _other_host(each.url, post.url) or (each.url and post.url and each.file != post.file
                                               and each.guid and post.guid):  # fmt: skip
            return False
        if each.file == post.file or each.digest == self._digest(post.body):
            return True
        if each.file and post.published is None:
            return False
        if each.blog and post.blog and each.blog.casefold() != post.blog.casefold():
            return False
        return self._alike(each, post)

    def _same_file(self, post: Post) -> Iterator[Known]:
        """The one post that a file held before, whose title or day was mended since."""
        before = self._by_file.get(post.file, [])
        if len(before) == 1 and self._alike(before[0], post):
            yield before[0]

    def _alike(self, each: Known, post: Post) -> bool:
        ours, theirs = _runs(self._text(each.slug)), _runs(post.body)
        return len(ours & theirs) >= _ALIKE * max(1, min(len(ours), len(theirs)))


def _alone_in_their_files(posts: Sequence[Post]) -> list[int]:
    held: dict[str, list[int]] = defaultdict(list)
    for n, post in enumerate(posts):
        if post.file:
            held[post.file].append(n)
    return [ns[0] for ns in held.values() if len(ns) == 1]


def _other_host(one: str | None, other: str | None) -> bool:
    ours, theirs = host_of(one), host_of(other)
    return bool(ours and theirs and ours != theirs)


def _day(post: Post) -> str | None:
    return post.published.isoformat() if post.published else None


def _runs(text: str) -> set[tuple[str, ...]]:
    said = words(text[:8_000])
    return set(zip(said, said[1:], said[2:], strict=False)) or {tuple(said)}
