"""What is one account, however it is spelled; a typed line is read by `understanding.py`."""

from __future__ import annotations

import unicodedata

_ALIKE = dict.fromkeys("‘’ʼ`´", "'") | dict.fromkeys("“”„«»", '"') | dict.fromkeys("‐‑‒–—−", "-")


def account_key(name: str) -> str:
    """The same for all spellings of one account: case, spaces, quotes, dashes, a final dot."""
    plain = "".join(_ALIKE.get(c, c) for c in name if unicodedata.category(c) != "Cf")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold())
    spaced = " ".join(folded.split())
    return spaced.rstrip(".,;:!? \"'") or spaced
