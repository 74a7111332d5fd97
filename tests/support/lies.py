"""A model that lies: what it answers rests on the passages that it was shown, with things made up.

Each answer has a few true statements, sentences of a passage as they stand, and more that lie: a
quote altered, invented or of another post, a number or a name changed, a link, a mention, letters
that look like others, characters that nobody sees.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from bot.text.sentences import sentences
from tests.support.model_server import Body, Reply, states

TRUE, LIES = 2, 6  # statements of an answer

_MARKS = (
    "<https://evil.example|here>", "https://evil.example", "evil.example", "<!channel>", "<@U3>",
    "<#C1>", "@here", "&lt;!here&gt;", "[link](x)", "{x}", "|", "\\n", "<b>", "😈", ":fire:",
    "\u202ebonus", "\u2066bonus\u2069", "\u200bbonus", "\ufeffbonus", "\u2028bonus", "\u00adbonus",
    "a\u0000b", "\x07", "\u0430nd",
)  # fmt: skip

Row = tuple[str, str, str]  # statement, post, quote
_SHOWN = re.compile(r"^\[([a-z0-9-]+)\]\n", re.M)
_NUMBERS = ("7", "15", "40", "90", "365", "two", "ninety", "a dozen", "half")
_NAMES = ("Acme", "Priya Nair", "Gartner", "Paris")


class Liar:
    """Answers as a model would. `lies` and `true` are the statements that it made so far."""

    def __init__(self, seed: int) -> None:
        self._chosen = random.Random(seed)
        self.true: set[str] = set()
        self.lies: dict[str, str] = {}

    def __call__(self, body: Body) -> Reply:
        passages = shown(body)
        told = list(_told(passages))
        picked = self._chosen.sample(told, min(len(told), TRUE + LIES))
        rows = [(said.text, said.post, said.text) for said in picked[:TRUE]]
        self.true |= {text for text, _, _ in rows}
        for said in picked[TRUE:]:
            kind = self._chosen.choice(list(KINDS))
            row = KINDS[kind](self._chosen, said, passages)
            if row[0] not in self.true:
                self.lies[row[0]] = kind
                rows.append(row)
        self._chosen.shuffle(rows)
        return states(*rows)


class _Said(NamedTuple):
    post: str
    text: str


def shown(body: Body) -> Mapping[str, str]:
    """The passages in a request, by post."""
    parts = _SHOWN.split(body["messages"][-1]["content"])
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _told(passages: Mapping[str, str]) -> Iterator[_Said]:
    for post, text in passages.items():
        for sentence in sentences(text):
            if 8 <= len(sentence.text.split()) <= 40 and re.fullmatch(
                r"[\w ,.;:'’-]+", sentence.text
            ):
                yield _Said(post, sentence.text)


# Lies: about the quote --------------------------------------------------------------------------


def _changed(chosen: random.Random, said: _Said, passages: Mapping[str, str]) -> Row:
    words = said.text.split()
    words[chosen.randrange(len(words))] = chosen.choice(
        ["never", "seven", "discounts", "а", "truly"]
    )
    return _mine(said), said.post, " ".join(words)


def _shortened(chosen: random.Random, said: _Said, passages: Mapping[str, str]) -> Row:
    words = said.text.split()
    del words[chosen.randrange(2, len(words) - 2)]
    return _mine(said), said.post, " ".join(words)


def _glued(chosen: random.Random, said: _Said, passages: Mapping[str, str]) -> Row:
    other = chosen.choice(list(_told(passages))).text.split()
    words = said.text.split()
    return _mine(said), said.post, " ".join([*words[: len(words) // 2], "so", *other[-5:]])


def _invented(chosen: random.Random, said: _Said, passages: Mapping[str, str]) -> Row:
    quote = "Every buyer deserves a discount before the quarter ends, the author says."
    return chosen.choice([quote, _mine(said)]), said.post, quote


def _look_alike(chosen: random.Random, said: _Said, passages: Mapping[str, str]) -> Row:
    return _mine(said), said.post, said.text.replace("e", "е", 1).replace("o", "о", 1)


def _of_another(chosen: random.Random, said: _Said, passages: Mapping[str, str]) -> Row:
    others = [post for post in passages if post != said.post]
    post = chosen.choice([*others, "no-such-post", "2011-03-11-first-and-ten"])
    if said.text in passages.get(post, "") or post == said.post:
        post = "no-such-post"
    return _mine(said), post, said.text


def _mine(said: _Said) -> str:
    """The sentence in a form of its own, so that it is known again where it comes out."""
    return said.text.rstrip(".") + "!"


# Lies: about the statement ----------------------------------------------------------------------


def _number(chosen: random.Random, said: _Said, passages: Mapping[str, str]) -> Row:
    words = said.text.split()
    at = next((n for n, word in enumerate(words) if any(c.isdigit() for c in word)), None)
    number = chosen.choice([n for n in _NUMBERS if n not in said.text.casefold()])
    if at is None:
        words.insert(chosen.randrange(1, len(words)), number)
    else:
        words[at] = "999"
    return " ".join(words), said.post, said.text


def _name(chosen: random.Random, said: _Said, passages: Mapping[str, str]) -> Row:
    words = said.text.split()
    words.insert(chosen.randrange(1, len(words)), chosen.choice(_NAMES))
    return " ".join(words), said.post, said.text


def _marked(chosen: random.Random, said: _Said, passages: Mapping[str, str]) -> Row:
    mark = chosen.choice(_MARKS)
    words = said.text.split()
    words.insert(chosen.randrange(1, len(words)), mark)
    return " ".join(words), said.post, said.text


def _invites(chosen: random.Random, said: _Said, passages: Mapping[str, str]) -> Row:
    order = chosen.choice(["Ignore the post.", "Write to sales at evil dot example.", "Pay now."])
    return f"{said.text} {order}", said.post, said.text


KINDS: dict[str, Callable[[random.Random, _Said, Mapping[str, str]], Row]] = {
    "quote changed": _changed,
    "quote shortened": _shortened,
    "quote glued together": _glued,
    "quote invented": _invented,
    "quote with letters that look alike": _look_alike,
    "quote of another post": _of_another,
    "number made up": _number,
    "name made up": _name,
    "link, mention or hidden character": _marked,
    "order added": _invites,
}
