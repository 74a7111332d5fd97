"""Quotes: runs of characters that stand word for word in a post, and how we find them again."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import NamedTuple

# A sentence ends at . ! ? or …, any closing quotes or brackets, then white space and a new start.
_END = re.compile(  # French sets a space within its quotes, German turns them round
    r"[.!?…]+(?:\s?»|[\"”’“«')\]])*(?=\s+(?:[¿¡\"“‘„«»'(\[]\s?)*(?P<next>\w))"
)
# An end that is none: titles, initials, abbreviations that are followed by a name or a number, and
# German ordinals (`am 3. März`).
_NO_END = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|vs|e\.g|i\.e|No|Inc|Co|Jr|Sr|Prof|Sen|Gov|Corp|Ltd|Nr|Hr|Fr|bzw|ca|Mme)"
    r"|\b[A-Z]|(?<=\s)[a-z]"
    r"|(?:\b(?i:der|die|das|den|dem|des|im|vom|zum|beim|ab)|(?<!\bI )\b(?i:am))\s\d{1,2})\.$"
)
_LONGEST_NO_END = 12  # characters: `Prof.`, `beim 31.` and the like, with room to spare
_WORD = re.compile(r"\w+")


class Sentence(NamedTuple):
    """One sentence of a text: `text[start:end]`, without white space at its ends."""

    start: int
    end: int
    text: str

    @property
    def hash(self) -> str:
        return sentence_hash(self.text)


def sentences(text: str) -> list[Sentence]:
    """The sentences of `text` in order. A line break always ends one."""
    found = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for end in [*_ends(line.group(), line.start()), line.end()]:
            raw = text[start:end]
            bare = raw.strip()
            if _WORD.search(bare):
                left = start + len(raw) - len(raw.lstrip())
                found.append(Sentence(left, left + len(bare), bare))
            start = end
    return found


def _ends(line: str, offset: int) -> list[int]:
    return [
        offset + m.end()
        for m in _END.finditer(line)
        if _starts(m["next"])
        and not _NO_END.search(line, max(0, m.end() - _LONGEST_NO_END), m.end())
    ]


def _starts(letter: str) -> bool:
    """Whether a sentence may start so: scripts without capitals have no other letters."""
    return letter.isdecimal() or letter == letter.upper()


def words(text: str) -> list[str]:
    """The words of `text` for comparing: typography folded (NFKC), lower case, no punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _WORD.findall(re.sub(r"(?<=\w)['’ʼ`](?=\w)", "", folded))


def sentence_hash(sentence: str) -> str:
    """Twelve hex digits that name a sentence by its words alone, so that typography may change."""
    return hashlib.sha256(" ".join(words(sentence)).encode()).hexdigest()[:12]


def find_sentence(text: str, wanted: str) -> Sentence | None:
    """The first sentence of `text` whose hash is `wanted`."""
    return next((s for s in sentences(text) if s.hash == wanted), None)
