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


WORDS = 64


# Words that say nothing about a sales situation.
_STOP = frozenset(
    """
    a about actually after again all almost already also although always am among an and another any
    anybody anyone anything are as at be became because become been before being between bit both
    but by came can come comes could did do does doing during each either else even ever every
    everybody everyone everything five for four from get gets getting go goes going got had happen
    happened happens has have having he her here herself him himself his how however i if im in into
    is it its itself just kind knew know knows least let like lot lots made make makes making many
    maybe me might mine more most much my myself nearly neither no not now of off often on one only
    or our ours out over own perhaps put quite rather really said say says seem seems several she
    should simply since so some somebody someone something sort still such takes than that the their
    theirs them themselves then there these they thing things think thinks this though thought three
    through to told too took toward towards two until up upon us usual usually very want wanted
    wants was we well were what when where whether which while who whom whose why will with within
    would yet you your
    """.split()  # noqa: SIM905 - a paragraph is easier to read than a list of ninety strings
)


_SLACK = re.compile(r"<[@#!][^>]*>|<(?:https?|mailto):[^>]*>|&(?:amp|lt|gt);")


# don't, we're, that's: the part after the apostrophe goes; n't goes whole, and so do can't, won't
_SHORT = re.compile(r"\b(?:ca|wo)n't\b|n't\b|'(?:s|re|ve|ll|d|m)\b")


def query_words(text: str) -> list[str]:
    """The words of a question that may be searched for: no markup, no stop words, each once."""
    words = [w for w in dict.fromkeys(_spoken(text)) if w not in _STOP and len(w) > 1]
    return words[:WORDS]


def stems_of(text: str) -> frozenset[str]:
    """The stems of its words, to compare two texts by: no stop words."""
    return frozenset(stem(word) for word in query_words(text))


def _spoken(text: str) -> list[str]:
    bare = re.sub(r"[’ʼ`]", "'", _SLACK.sub(" ", text)).casefold()
    return re.findall(r"[^\W_]+", _SHORT.sub(" ", bare))
