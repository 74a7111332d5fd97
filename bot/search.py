"""Search: one score for a post, which decides both the order and whether there is an answer."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.store import Tables

# Weights of title, lessons, asks, keywords and body.
WEIGHTS = (2.0, 1.5, 1.5, 1.5, 0.7)
# bm25 grows with the number of words that are asked for, so it is divided by a power of it.
LENGTH_POWER = 0.7
THRESHOLD = 1.0
WORDS = 64

# Words that say nothing about a sales situation.
_STOP = frozenset(
    """
    a about all also am an and any are as at be been before but by can could did do does for from
    get go got had has have he her him his how i if im in into is it its just let like make me
    might more much my no not now of off on one or our out over own she should so some such than
    that the their them then there these they this to too up us very want was we well were what
    when where which while who why will with would you your
    """.split()  # noqa: SIM905 - a paragraph is easier to read than a list of ninety strings
)
_SLACK = re.compile(r"<[@#!][^>]*>|<(?:https?|mailto):[^>]*>|&(?:amp|lt|gt);")


class Hit(NamedTuple):
    """A post and how well it answers, above 0; see `THRESHOLD`."""

    post: str
    score: float


def query_words(text: str) -> list[str]:
    """The words of a question that may be searched for: no markup, no stop words, each once."""
    bare = re.sub(r"[’ʼ`]", "'", _SLACK.sub(" ", text)).casefold()
    every = re.findall(r"[^\W_]+", re.sub(r"(?<=\w)'(?=\w)", "", bare))
    return [w for w in dict.fromkeys(every) if w not in _STOP and len(w) > 1][:WORDS]


def search(tables: Tables, text: str, limit: int = 10) -> list[Hit]:
    """Posts that may answer `text`, best first (FTS5 bm25, weighted). Any text is safe."""
    wanted = query_words(text)
    if not wanted:
        return []
    expression = " OR ".join(f'"{word}"' for word in wanted)
    scale = len(wanted) ** LENGTH_POWER
    found = tables.library.match(expression, WEIGHTS, limit)
    return [Hit(slug, score / scale) for slug, score in found]
