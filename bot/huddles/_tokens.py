"""A line from Slack as tokens that keep what was typed: no word is ever lost."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

Kind = Literal["word", "mark", "quoted", "person", "group"]

# As Slack escapes what was typed: docs.slack.dev/messaging/formatting-message-text
_RAW = re.compile(
    r"(?P<mention><[@#!][^<>]*>)"
    r"|<(?P<link>[a-z][a-z+.-]*:[^<>|]*)(?:\|(?P<label>[^<>]+))?>"
    r"|[\"“”„«](?P<quoted>\s*[^\s\"“”„«»][^\"“”„«»]*)[\"“”»]"
    r"|(?P<word>(?:(?!<[@#!][^<>]*>)\S)+)"
)
_SINGLE_QUOTES = re.compile(r"\s*['‘](?=\S)([^'‘’]*)['’](?=\s|$)")
_APOSTROPHE_INSIDE = re.compile(r"\s*['‘](?=\S)([^\"<>]*?\S)['’](?=\s+\S*[0-9]|\s*$)")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")

# Said by keyboards and copied along, and seen by nobody.
_UNSEEN = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xAD]
)
_PLAIN = (
    dict.fromkeys(map(ord, "‘’ʼ`´′"), "'")
    | dict.fromkeys(map(ord, "“”„«»"), '"')
    | dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
    | {ord("→"): "->"}
)
_OPENING, _CLOSING = "([{", {")": "(", "]": "[", "}": "{"}
_BEHIND = ",;:!?…"
_NUMBERED = re.compile(r"[0-9]{1,2}\.(?:(?:0?[1-9]|1[0-2])\.)?")  # “27.” and “27.11.” are days
_EAST_DIGIT = re.compile(r"(?<=[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af])(?=[0-9０-９])")

_ZONED = re.compile(
    r"([0-9]{1,2}[:.][0-9]{2}(?:[ap]m)?|[0-9]{1,2}[ap]m)(z|[ecmp][sd]?t|cest|gmt|utc|bst|ist)\W?",
    re.I,
)
_NAME_AND_TIME = re.compile(
    r"([^\W\d_]+)[:;|,]([0-9]{1,2}(?::[0-9]{2}|[ap]m|:[0-9]{2}[ap]m))", re.I
)
_OPEN_RANGE = re.compile(r"([0-9]{1,2}(?:[:.h][0-9]{2})?(?:h|[ap]m)?)[-–—]", re.I)
_ISO_MOMENT = re.compile(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})(?::[0-9]{2})?(Z)?")


class Token(NamedTuple):
    """`text` as typed; `key` for comparing, "" where it can be no part of a phrase.

    `glued`: nothing stood between it and the token before. `mark` is a sign that stands alone;
    `person` has a Slack id for its text; `group` is any other mention, as it was shown.
    """

    text: str
    key: str
    kind: Kind = "word"
    glued: bool = False

    @property
    def is_title(self) -> bool:
        """Written as names are: with a capital, be it within (“iShares”)."""
        return self.kind == "quoted" or any(c.isupper() for c in self.text)

    @property
    def is_lower(self) -> bool:
        return self.text[:1].islower() and not self.is_title


def tokenize(line: str) -> list[Token]:
    """All of a line that Slack sent, escaped, in its order."""
    line = line.translate(_UNSEEN)
    tokens: list[Token] = []
    start = 0
    single = _SINGLE_QUOTES.match(line) or _APOSTROPHE_INSIDE.match(line)
    if single:
        tokens.append(Token(html.unescape(single[1]), "", "quoted"))
        start = single.end()
    end = start
    for raw in _RAW.finditer(line, start):
        glued = raw.start() == end and bool(tokens)
        end = raw.end()
        tokens += _tokens(raw, glued)
    return tokens


def joined(tokens: Sequence[Token]) -> str:
    """What was typed, with single spaces."""
    parts = [("" if t.glued and i else " ") + t.text for i, t in enumerate(tokens)]
    return "".join(parts).strip()


def _tokens(raw: re.Match[str], glued: bool) -> Iterator[Token]:
    if mention := raw["mention"]:
        if person := _PERSON.fullmatch(mention):
            yield Token(person[1], "", "person", glued)
        else:
            yield Token(_shown(mention), "", "group", glued)
    elif quoted := raw["quoted"]:
        yield Token(html.unescape(" ".join(quoted.split())), "", "quoted", glued)
    else:
        shown = (raw["label"] or "").strip() or raw["link"] or raw["word"] or raw[0]
        for n, word in enumerate(html.unescape(shown).split()):
            yield from _split(word, glued and not n)


def _shown(mention: str) -> str:
    """ "#general", "@sales", "@here": the label, where Slack sends one."""
    inner, _, label = mention.strip("<>").partition("|")
    sign = "#" if inner.startswith("#") else "@"
    return sign + html.unescape(label or inner.lstrip("@#!")).lstrip(sign)


def _split(word: str, glued: bool) -> Iterator[Token]:
    """A word without the signs around it, each of which is a token of its own."""
    plain = plain_key(word)
    if not any(c.isalnum() for c in plain):
        yield Token(word, plain, "mark", glued)
        return
    before: list[str] = []
    while len(word) > 1 and _leads(word):
        before.append(word[0])
        word = word[1:]
    behind: list[str] = []
    shorter = word.rstrip(_BEHIND + ".")
    if shorter[-1:] in _CLOSING and shorter.count(shorter[-1]) > shorter.count(
        _CLOSING[shorter[-1]]
    ):
        behind, word = [word[len(shorter) :]] * (shorter != word), shorter
    while word[-1] in _CLOSING and word.count(word[-1]) > word.count(_CLOSING[word[-1]]):
        behind.insert(0, word[-1])
        word = word[:-1]
    for n, sign in enumerate(before):
        yield Token(sign, plain_key(sign), "mark", glued or n > 0)
    for n, part in enumerate(_parted(word)):
        yield Token(part, _key(part), "word", bool(before) or n > 0 or glued)
    for sign in behind:
        yield Token(sign, plain_key(sign), "mark", True)


def _parted(word: str) -> list[str]:
    """Where a time and a zone, or a day and a time, are written in one: “15:00Z”, “明日15時”."""
    if zoned := _ZONED.fullmatch(word):
        return [zoned[1], zoned[2]]
    if moment := _ISO_MOMENT.fullmatch(word):
        return [moment[1], moment[2], *([moment[3]] if moment[3] else [])]
    if both := _NAME_AND_TIME.fullmatch(word):
        return [both[1], both[2]]
    if left := _OPEN_RANGE.fullmatch(word):  # “14:00- 15:00”
        return [left[1], "-"]
    return _EAST_DIGIT.split(word)


def _leads(word: str) -> bool:
    """Whether a word begins with a sign that does not belong to it: “(15:00)”, “@3pm”, “~3”."""
    if word[0] in _OPENING:
        closing = next(c for c, o in _CLOSING.items() if o == word[0])
        return (
            word.count(closing) < word.count(word[0]) or word.rstrip(_BEHIND + ".")[-1:] == closing
        )
    return (word[0] in "~@" and plain_key(word[1:2]).isdecimal()) or word[0] in "|•,;"


def plain_key(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_PLAIN)).translate(_PLAIN).casefold()


def _key(word: str) -> str:
    key = plain_key(word)
    bare = key.rstrip(_BEHIND + '"-')
    if bare.endswith("..."):
        bare = bare.rstrip(".")
    return bare if _NUMBERED.fullmatch(bare) else bare.rstrip(".") or bare or key
