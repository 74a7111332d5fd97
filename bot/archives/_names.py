"""Names of authors as they may stand under a quote: never an address, a login or a machine."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ADDRESS = r"[^\s<>()\[\],;:]+@[^\s<>()\[\],;:]+"
_IN_FRONT = re.compile(rf"^(?P<name>.*?)\s*[<(\[]\s*(?:mailto:)?{_ADDRESS}\s*[>)\]]$")
_BEHIND = re.compile(rf"^{_ADDRESS}\s*\((?P<name>[^)]*)\)$")
_BY = re.compile(
    r"^par\s+|^(?:(?:posted|written|published|story|words)\s+)?by:?\s+|^author:\s*", re.I
)
_NOBODY = frozenset(
    [
        "admin",
        "administrator",
        "author",
        "unknown",
        "anonymous",
        "noreply",
        "no-reply",
        "editor",
        "webmaster",
        "root",
        "guest",
        "user",
        "none",
        "null",
        "undefined",
        "wordpress",
        "blogger",
        "contributor",
        "staff",
    ]
)


def author_of(text: object, login: bool = False) -> str | None:
    """The name in `Ben Ruiz (noreply@blogger.com)` and the like; None if it holds none.

    `login` says that the field often holds a login: then one word in small letters is no name.
    """
    said = " ".join(str(text or "").split())
    for form in (_IN_FRONT, _BEHIND):
        if found := form.match(said):
            said = found["name"]
    said = _BY.sub("", said).strip(' ,;|·•–—-"')
    if not said or "@" in said or re.match(r"(?:https?:)?//", said) or not re.search(r"\w", said):
        return None
    if said.casefold().strip("()") in _NOBODY or said.casefold() in ("(author unknown)",):
        return None
    if re.fullmatch(r"[a-z0-9]+(?:[._][a-z0-9]+)+", said):
        return None
    if login and re.fullmatch(r"[a-z0-9][a-z0-9._-]*", said):
        return None
    return said if len(said) <= 120 else None


def authors_of(found: Iterable[object], login: bool = False) -> str | None:
    """All names, each once, in their order: `Pia Strand, Jon Berg`."""
    names = [name for each in found if (name := author_of(each, login))]
    return ", ".join(dict.fromkeys(names)) or None
