"""XML as blogs export it: small errors are mended and told, a file that is cut off is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from io import BytesIO
from typing import NamedTuple
from xml.etree.ElementTree import Element, iterparse
from xml.parsers.expat import ExpatError, ParserCreate

from bot.archives.archive import UnreadableArchive

_KNOWN = (  # what a namespace's address holds, and the prefix that it goes by here
    ("purl.org/rss/1.0/modules/content", "content"),
    ("purl.org/dc/", "dc"),
    ("/excerpt/", "excerpt"),
    ("wordpress.org/export", "wp"),
    ("purl.org/atom/app", "app"),
    ("www.w3.org/2007/app", "app"),
    ("www.w3.org/2005/atom", "atom"),
    ("purl.org/atom/ns", "atom"),
    ("purl.org/syndication/thread", "thr"),
    ("schemas.google.com/blogger", "blogger"),
    ("www.w3.org/1999/xhtml", "html"),
    ("feedburner", "feedburner"),
)
_ADDRESSES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": "http://wordpress.org/export/1.2/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
}
_BREAKS = re.compile(rb"[\x0b\x0c\x1c-\x1f]")
_CONTROL = re.compile(
    rb"[\x00-\x08\x0e-\x1b]|\xef\xbf[\xbe\xbf]|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])"
    rb"|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));"
)
_CDATA = re.compile(rb"(<!\[CDATA\[.*?\]\]>|<!--.*?-->)", re.S)
_ENTITY = re.compile(rb"&(?:([a-zA-Z][a-zA-Z0-9]*);|(?!#\d+;|#[xX][0-9a-fA-F]+;))")
_OWN = (b"amp", b"lt", b"gt", b"quot", b"apos")
_PREFIX = re.compile(rb"</?([A-Za-z][\w.-]*):[\w.-]|\s([A-Za-z][\w.-]*):[\w.-]+\s*=\s*[\"']")
_DECLARED = re.compile(rb"xmlns:([\w.-]+)\s*=")
_ROOT = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|RDF)\b")
_ENCODING = re.compile(rb"^(<\?xml[^>]*?)\s+encoding\s*=\s*[\"']([\w.-]+)[\"']")
_CUT_OFF = ("no element found", "unclosed")
EXPAT_KNOWS = ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1")


class Mended(NamedTuple):
    """Well-formed XML, and a doubt for each kind of error that was mended in it."""

    data: bytes
    doubts: tuple[str, ...]


def mended(data: bytes, name: str, what: str = "feed") -> Mended:
    """XML without its small errors. Raises UnreadableArchive if more than that is wrong."""
    data = _from_its_start(data)
    if fault(data) is None:
        return Mended(data, ())
    doubts: list[str] = []
    for mend in (_as_utf8, _without_control, _with_entities, _with_prefixes):
        data = mend(data, doubts)
        if (error := fault(data)) is None:
            return Mended(data, tuple(doubts))
    assert error is not None
    line, reason = error
    hint = ""
    if any(word in reason for word in _CUT_OFF):
        hint = " The file is cut off; export or download it again."
    raise UnreadableArchive(name, line, f"the {what} is not well-formed XML ({reason}).{hint}")


def fault(data: bytes) -> tuple[int, str] | None:
    """The line and the nature of the first error; None if it is well-formed."""
    try:
        ParserCreate(namespace_separator=" ").Parse(data, True)
    except ExpatError as error:
        return error.lineno, str(error).partition(":")[0]
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        return 1, str(error)
    return None


def _from_its_start(data: bytes) -> bytes:
    """Without blank lines and warnings of a server above the first element."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", errors="replace").encode()
        data = _ENCODING.sub(rb"\1", data.removeprefix(b"\xef\xbb\xbf"), count=1)
    start = re.search(rb"<\?xml|<!DOCTYPE|<!--|<(?:\w+:)?(?:rss|feed|RDF)\b", data[:4000])
    return data[start.start() :] if start else data


def _as_utf8(data: bytes, doubts: list[str]) -> bytes:
    declared = _ENCODING.match(data)
    code = declared[2].decode().lower() if declared else "utf-8"
    try:
        text = data.decode(code)
        if code in EXPAT_KNOWS:
            return data
    except LookupError:
        text = data.decode("cp1252", errors="replace")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        doubts.append(f"line {line}: this is not {code}; it was read as Windows-1252.")
        text = "\n".join(_either(each, code) for each in data.split(b"\n"))
    return _ENCODING.sub(rb"\1", text.encode(), count=1)


def _either(line: bytes, code: str) -> str:
    try:
        return line.decode(code)
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _without_control(data: bytes, doubts: list[str]) -> bytes:
    found = next(
        iter(sorted(m.start() for m in (_BREAKS.search(data), _CONTROL.search(data)) if m)), None
    )
    if found is None:
        return data
    line = data.count(b"\n", 0, found) + 1
    doubts.append(f"line {line}: a control character stands here; it was left out.")
    return _CONTROL.sub(b"", _BREAKS.sub(b" ", data))


def _with_entities(data: bytes, doubts: list[str]) -> bytes:
    """Names of HTML as their characters; an ampersand that opens nothing as one."""
    lines: list[int] = []
    pieces, line = [], 1
    for piece in _CDATA.split(data):
        if piece[:1] != b"<" or not piece.startswith((b"<![CDATA[", b"<!--")):
            changed = _ENTITY.sub(_spelled, piece)
            if changed != piece:
                lines.append(line + piece.count(b"\n", 0, _first_change(piece, changed)))
            pieces.append(changed)
        else:
            pieces.append(piece)
        line += piece.count(b"\n")
    if lines:
        doubts.append(f"line {lines[0]}: “&” that XML does not know was read as HTML has it.")
    return b"".join(pieces)


def _first_change(before: bytes, after: bytes) -> int:
    return next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)


def _spelled(found: re.Match[bytes]) -> bytes:
    name = found[1]
    if name in _OWN:
        return found[0]
    text = html5.get(f"{name.decode()};") if name else None
    if text:
        return "".join(f"&#{ord(each)};" for each in text).encode()
    return b"&amp;" + found[0][1:]


def _with_prefixes(data: bytes, doubts: list[str]) -> bytes:
    """The prefixes that a file uses and does not declare, declared at its root."""
    known = {*_DECLARED.findall(data), b"xml", b"xmlns"}
    outside = b" ".join(part for part in _CDATA.split(data) if not part.startswith(b"<!["))
    used = {found[0] or found[1] for found in _PREFIX.findall(outside)} - known
    root = _ROOT.search(data)
    if not used or not root:
        return data
    added = b"".join(
        b' xmlns:%s="%s"' % (each, _ADDRESSES.get(each.decode(), f"urn:{each.decode()}").encode())
        for each in sorted(used)
    )
    for each in sorted(used):
        at = re.search(rb"[<\s/]" + re.escape(each) + rb":", data)
        line = data.count(b"\n", 0, at.start()) + 1 if at else 1
        doubts.append(f"line {line}: “{each.decode()}:” is not declared in this file; it was read.")
    return data[: root.end()] + added + data[root.end() :]


# Elements ------------------------------------------------------------------------------------


class Node(NamedTuple):
    """An item of the file, or what stands about all of it; names are like `wp:status`."""

    name: str
    element: Element

    def text(self, name: str) -> str:
        """The text of the first child of this name; "" if there is none."""
        found = self.first(name)
        return (found.text or "").strip() if found is not None else ""

    def first(self, name: str) -> Element | None:
        return next((e for e in self.element if short(e.tag) == name), None)

    def all(self, name: str) -> list[Element]:
        return [e for e in self.element if short(e.tag) == name]


_SHORT: dict[str, str] = {}


def short(tag: str) -> str:
    """`{http://wordpress.org/export/1.2/}status` as `wp:status`, whatever the version."""
    known = _SHORT.get(tag)
    if known is None:
        known = _SHORT[tag] = _shortened(tag)
        if len(_SHORT) > 2_000:
            _SHORT.clear()
    return known


def _shortened(tag: str) -> str:
    address, _, name = tag.rpartition("}")
    prefix = next((p for part, p in _KNOWN if part in address.lower()), "")
    return f"{prefix}:{name}" if prefix else name


def nodes(data: bytes, *wanted: str) -> Iterator[Node]:
    """The elements of these names as they end; each is forgotten once the next is asked for.

    Elements inside one that is wanted are left in it.
    """
    depth = 0
    path: list[Element] = []
    for event, element in iterparse(BytesIO(data), events=("start", "end")):
        name = short(element.tag)
        if event == "start":
            path.append(element)
            depth += name in wanted
            continue
        path.pop()
        if name in wanted:
            depth -= 1
            if depth == 0:
                yield Node(name, element)
                if path:
                    path[-1].remove(element)
