"""Folders that a static site (Jekyll, Hugo, Eleventy and their kin) is made from: its posts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from bot.archives._matter import FaultyMatter
from bot.archives._names import author_of
from bot.archives._plain_text import decoded
from bot.archives._static_page import MARKDOWN, Page, read_page
from bot.archives.archive import Harvest, LeftOut, UnreadableArchive
from bot.archives.bundle import Bundle
from bot.library.post import Post

_PAGES = frozenset((*MARKDOWN, ".html", ".htm", ".textile"))
_CODE = frozenset(
    (
        "_layouts",
        "_includes",
        "layouts",
        "archetypes",
        "themes",
        "_templates",
        "templates",
        "_data",
        "_sass",
        "scaffolds",
        "partials",
        "components",
    )
)
_BUILT = frozenset(("_site", "public", "dist", "build", "resources", "static", "assets", "output"))
_DRAFTS = frozenset(("_drafts", "drafts", "draft"))
_SECTIONS = frozenset(("posts", "post", "blog", "articles", "article", "writing", "news", "notes",
                       "essays", "entries", "journal", "blogs", "weblog"))  # fmt: skip
_NOT_POSTS = frozenset(("pages", "page", "docs", "legal"))
_HUGO = re.compile(
    r"(?:^|/)(?:(?:config/[^/]+/)?(?:hugo|config)\.(?:toml|ya?ml|json)|archetypes/[^/]+)$"
)
_OTHER = re.compile(
    r"(?:^|/)(?:\.eleventy\.c?js|eleventy\.config\.\w+|astro\.config\.\w+|gatsby-config\.\w+"
    r"|docusaurus\.config\.\w+|next\.config\.\w+|pelicanconf\.py|conf\.py|gridsome\.config\.js)$"
)
_SETTINGS = re.compile(
    r"_config\.ya?ml|(?:config/_default/)?(?:hugo|config|params)\.(?:toml|ya?ml|json)"
    r"|(?:[^/]+/)?_data/(?:site|meta|metadata)\.json"
)
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[a-zA-Z]{2})?")


class Site(NamedTuple):
    """A site under `root`, which ends in "/" or is empty; `kind` is jekyll, hugo or other."""

    root: str
    kind: str


def sites(bundle: Bundle) -> Iterator[Site]:
    """The sites in a bundle; none in another."""
    found: dict[str, str] = {}
    for name in bundle.names:
        if at := re.search(r"(?:^|/)(_posts|_drafts)/", name):
            found.setdefault(_source(name[: at.start(1)], bundle), "jekyll")
    for name in bundle.names:
        if at := _HUGO.search(name):
            root = name[: at.start()] + ("/" if at[0].startswith("/") else "")
            if any(each.startswith(f"{root}content/") for each in bundle.names):
                found.setdefault(root, "hugo")
        elif at := _OTHER.search(name):
            found.setdefault(
                name[: at.start()] + ("/" if "/" in name[: at.end()] and at.start() else ""),
                "other",
            )
    taken: list[str] = []
    for root in sorted(found, key=len):
        if not any(root.startswith(each) for each in taken):
            taken.append(root)
            yield Site(root, found[root])


def _source(root: str, bundle: Bundle) -> str:
    """The root of a Jekyll or Hexo site: where its settings stand, above or beside its posts."""
    parts = root.split("/")
    for n in range(len(parts)):
        above = "/".join(parts[:n]) + ("/" if n else "")
        if f"{above}_config.yml" in bundle.names:
            return above
    return root


def read_site(bundle: Bundle, site: Site, harvest: Harvest, today: date) -> set[str]:
    """Add the published posts of a site; returns the files that were its own."""
    claimed = {name for name in bundle.names if name.startswith(site.root)}
    facts = _Facts(bundle, site)
    for name in sorted(claimed):
        where = name[len(site.root) :]
        suffix = PurePosixPath(name).suffix.lower()
        if suffix not in _PAGES:
            if suffix in (".xml", ".txt", ".json") and not _is_code(where):
                head = bundle.read(name)[:3]
                claimed -= {name} if head != b"---" else set()
            continue
        if kind := _kind(where, site, claimed):
            harvest.leave(LeftOut(kind, file=name))
            continue
        _take(bundle, name, harvest, facts, today, site)
    return claimed


def _is_code(where: str) -> bool:
    folders = where.split("/")[:-1]
    return any(part in _CODE or part in _BUILT for part in folders)


def _kind(where: str, site: Site, names: set[str]) -> str | None:
    """What a page is by the place where it stands; None for a post."""
    *folders, file = where.split("/")
    if any(part in _CODE for part in folders):
        return "templates"
    if folders and folders[0] in _BUILT:
        return "built files"
    if any(part in _DRAFTS for part in folders):
        return "drafts"
    if site.kind == "jekyll":
        return None if "_posts" in folders else "pages"
    if PurePosixPath(file).stem.lower() in ("_index", "readme", "license", "changelog", "404",
                                            "contributing", "search"):  # fmt: skip
        return "pages"
    if site.kind == "hugo":
        return _in_hugo(folders, file, site, names)
    if any(part in _NOT_POSTS for part in folders):
        return "pages"
    if file == "index.html" or PurePosixPath(file).suffix.lower() not in MARKDOWN:
        return "pages"
    return None if any(part in _SECTIONS or part == "content" for part in folders) else "pages"


def _in_hugo(folders: list[str], file: str, site: Site, names: set[str]) -> str | None:
    if not folders or folders[0] != "content":
        return "pages"
    inside = [part for n, part in enumerate(folders[1:]) if n or not _LANGUAGE.fullmatch(part)]
    index = f"{site.root}{'/'.join(folders)}/index.md"
    if not inside or inside[0] in _NOT_POSTS:
        return "pages"
    if len(inside) == 1 and file.startswith("index.") and inside[0] not in _SECTIONS:
        return "pages"
    if not file.startswith("index.") and index in names:
        return "attachments"
    sections = {part for name in names for part in name[len(site.root) :].split("/")[1:3]}
    if sections & _SECTIONS and not any(part in _SECTIONS for part in inside):
        return "pages"
    return None


def _take(
    bundle: Bundle, name: str, harvest: Harvest, facts: _Facts, today: date, site: Site
) -> None:
    try:
        lines, _ = decoded(bundle.read(name), name)
        page = Page(name, "\n".join(lines), today, facts.authors, facts.blog)
        found = read_page(page, site=True)
    except UnreadableArchive as error:
        harvest.doubts.append(str(error))
        return
    except FaultyMatter as fault:
        harvest.doubts.append(f"{name}, line {fault.line}: {fault.reason}")
        return
    harvest.doubts += [f"{name}, {doubt}" for doubt in found.doubts]
    if isinstance(found.what, LeftOut):
        harvest.leave(found.what)
        return
    author = found.what.author or facts.author
    harvest.add(_by(found.what, author))


def _by(post: Post, author: str | None) -> Post:
    return replace(post, author=author)


class _Facts:
    """What a site's settings say: its name, its author, and the names of its authors by key."""

    def __init__(self, bundle: Bundle, site: Site) -> None:
        self.authors: dict[str, str] = {}
        self.blog: str | None = None
        self.author: str | None = None
        for name in bundle.names:
            where = name[len(site.root) :]
            if not name.startswith(site.root):
                continue
            if re.search(
                r"(?:^|/)_?data/authors(?:/[^/]+)?\.(?:ya?ml|toml|json)$|(?:^|/)authors\.ya?ml$",
                where,
            ) or re.search(r"(?:^|/)data/authors/[^/]+$", where):
                self._learn(_table(bundle, name), PurePosixPath(name).stem)
            elif _SETTINGS.fullmatch(where):
                self._settings(_table(bundle, name))

    def _learn(self, table: Mapping[str, Any], stem: str) -> None:
        if isinstance(named := table.get("name"), str):
            table = {stem: {"name": named}}
        for key, value in table.items():
            said = (
                value.get("name") or value.get("display_name")
                if isinstance(value, Mapping)
                else value
            )
            if isinstance(said, str) and (name := author_of(said)):
                self.authors[str(key).casefold()] = name

    def _settings(self, table: Mapping[str, Any]) -> None:
        title = table.get("title") or table.get("name")
        self.blog = self.blog or (" ".join(title.split()) if isinstance(title, str) else None)
        params = table.get("params")
        said = table.get("author") or (
            params.get("author") if isinstance(params, Mapping) else None
        )
        if isinstance(said, Mapping):
            said = said.get("name")
        if isinstance(said, list):
            said = said[0] if said else None
        self.author = self.author or author_of(
            self.authors.get(str(said).casefold(), said), login=True
        )


def _table(bundle: Bundle, name: str) -> Mapping[str, Any]:
    """A file of settings as a table; an empty one if it can't be read."""
    import json
    import tomllib

    import yaml

    try:
        text = bundle.read(name).decode("utf-8", errors="replace")
        if name.endswith(".toml"):
            found: Any = tomllib.loads(text)
        elif name.endswith(".json"):
            found = json.loads(text)
        else:
            found = yaml.load(text, Loader=yaml.BaseLoader)
    except (UnreadableArchive, ValueError, yaml.YAMLError):
        return {}
    if isinstance(found, list):
        return {str(e.get("key") or e.get("name")): e for e in found if isinstance(e, Mapping)}
    return found if isinstance(found, Mapping) else {}
