"""Stems: the part of an English word that its forms share, good enough to compare two sentences."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

_ENDINGS = re.compile(
    r"(?:isation|ization|fulness|iveness|ation|ment|ingly|edly|ally|ness|able|ible|ity|"
    r"ing|ion|ied|ier|iest|er|or|est|ful|ous|ive|ed|ly|al|y|e)$"
)
_PLURAL = re.compile(r"(?<=[^sui])s$|(?<=ss|sh|ch)es$|(?<=x)es$")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a lower-case word without apostrophes. Short words stay as they are."""
    irregular = _irregular()
    word = irregular.get(word, word)
    word = re.sub(r"ies$", "y", word) if len(word) > 4 else word
    word = _PLURAL.sub("", word) if len(word) > 3 else word
    word = irregular.get(word, word)
    while len(word) > 4 and (found := _ENDINGS.search(word)):
        start = found.start()
        if start < 3 or not re.search(r"[aeiouy]", word[:start]):
            break
        word = word[:start]
    word = re.sub(r"(?<=...)e$", "", word)
    return re.sub(r"([b-df-hj-np-rtv-xz])\1$", r"\1", word)


@cache  # at first use: a start stems nothing
def _irregular() -> dict[str, str]:
    """The word of each form that no rule leads back to it."""
    import tomllib

    kept = Path(__file__).with_name("irregular_forms.toml").read_text(encoding="utf-8")
    return {form: word for word, forms in tomllib.loads(kept).items() for form in forms.split()}
