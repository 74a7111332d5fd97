"""Which line of an archive is a title: signals from the line, from around it and from the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import NamedTuple

from bot.text.sentences import sentences, words

TITLE = 110  # characters: a longer line is a paragraph, unless nearly every word is a capital
LONG_TITLE = 160
SURE = 3  # points: from here a line in the middle of a day is the title of another post
_PROSE = 60  # characters: the least that makes a line with a full stop a paragraph
_HABIT = 8  # days: so many tell how the author sets paragraphs
_TALK = 40  # telling words: with fewer above or below, two texts can't be compared
# Cosine of the words above and below a line. In archives of long posts the halves of one post are
# more alike than this half of the time, and different posts one time in thirty.
_ALIKE = 0.25
_CLOSED = re.compile(r"[.!?…][\"”’')\]]*$")
_LISTED = re.compile(r"\s*(?:[•*·◦▪–—-]\s|\(?\d{1,2}[.)]\s|[a-z][.)]\s)")
_SMALL = frozenset(
    words("a an the and or nor but of to in on at by for from with as is vs via per into over")
)
_PLAIN = _SMALL | frozenset(
    words(
        "this that these those your our they them what when who will would there their about which"
        " were been just into than then some more most also only other have does done"
    )
)
_CALL = re.compile(
    r"(?:please\s+)?(?:download|get|grab|register|sign|subscribe|click|read|join|buy|order|watch"
    r"|listen|see|try|book|request|visit|follow|share|contact|check|claim|reserve|take|learn"
    r"|save|send|tell|leave|enter|view|start|pick)\b"
    r".*\b(?:free|now|here|today|e-?books?|booklet|pdf|guide|webinar|(?:white ?)?paper|copy"
    r"|newsletter|survey|checklist|template|demo|podcast|video|link|more|seat|spot|report|list"
    r"|feed|up|comments?|thoughts|conversation|discussion|trial|slides|presentation|event)\b",
    re.I,
)


class Block(NamedTuple):
    """A run of lines with a blank above and below: their numbers (from 0) and their text."""

    at: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


@dataclass(frozen=True)
class Candidate:
    """A short line that stands alone between paragraphs of one day, with what surrounds it."""

    at: int
    text: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    title: str | None  # of the post above
    rare: bool  # the author hardly ever sets a short line between paragraphs
    weights: Mapping[str, float]  # of the stems of the file: the rarer, the more it tells

    @property
    def points(self) -> int:
        return sum(points for points, holds in SIGNALS if holds(self))

    @property
    def looks_like_one(self) -> bool:
        """Whether it would be a title if nothing spoke against it."""
        return sum(points for points, holds in SIGNALS if points > 0 and holds(self)) >= SURE


def opens(block: Block, more_below: bool) -> bool:
    """Whether the first line of a block, the first of a post, is the post's title."""
    line = block.lines[0]
    if not words(line) or _LISTED.match(line):
        return False
    if is_title_case(line) and len(line) <= LONG_TITLE:
        return True
    run = len(sentences(line))
    if len(line) > TITLE or (run > 1 and len(line) > 80) or (run > 2 and len(line) > 60):
        return False
    return more_below or not ends_a_sentence(line)


def ends_a_sentence(text: str) -> bool:
    return _CLOSED.search(text) is not None


def is_title_case(line: str) -> bool:
    """Whether the words after the first open with a capital, as in `The Art of Asking`."""
    rest = [word for word in re.findall(r"[\w’']+", line)[1:] if word.lower() not in _SMALL]
    capital = [word for word in rest if any(c.isupper() or c.isdigit() for c in word[:2])]
    return bool(rest) and len(capital) >= 0.75 * len(rest)


def candidates(parts: Sequence[tuple[str | None, Sequence[Block]]]) -> list[Candidate]:
    """The lines of a file that may be the title of a day's second post.

    A part is the title and the blocks of what has been taken for one post so far.
    """
    found = [(*part, n) for part in parts for n in range(len(part[1])) if _alone(part[1], n)]
    rare = len(parts) >= _HABIT and len(found) <= max(2, len(parts) // _HABIT)
    weights = _weights([block.text for _, blocks in parts for block in blocks])
    return [
        Candidate(
            at=blocks[n].at,
            text=blocks[n].text,
            before=tuple(block.text for block in blocks[:n]),
            after=tuple(block.text for block in blocks[n + 1 :]),
            title=title,
            rare=rare,
            weights=weights,
        )
        for title, blocks, n in found
    ]


def _alone(blocks: Sequence[Block], n: int) -> bool:
    """One short line of words, prose above it in the post, and prose right below it."""
    if n == 0 or n + 1 == len(blocks) or len(blocks[n].lines) > 1:
        return False
    line = blocks[n].text
    shaped = len(line) <= TITLE and words(line) and line[-1] not in ":,;" and line[0] not in '([“"'
    above = sum(len(block.text) for block in blocks[:n])
    return bool(
        shaped
        and not line[0].islower()
        and not _LISTED.match(line)
        and "://" not in line
        and above >= _PROSE
        and _is_prose(blocks[n + 1], longer_than=line)
    )


def _is_prose(block: Block, longer_than: str) -> bool:
    text = block.text
    if _LISTED.match(block.lines[0]) or len(text) <= len(longer_than):
        return False
    return len(text) >= 2 * _PROSE or (len(text) >= _PROSE and ends_a_sentence(text))


def _no_stop(line: Candidate) -> bool:
    return not ends_a_sentence(line.text)


def _asks_or_calls(line: Candidate) -> bool:
    return line.text[-1] in "?!"


def _in_title_case(line: Candidate) -> bool:
    return is_title_case(line.text)


def _follows_an_end(line: Candidate) -> bool:
    return ends_a_sentence(line.before[-1])


def _is_rare(line: Candidate) -> bool:
    return line.rare


def _comes_back(line: Candidate) -> bool:
    return _share(line.text, line.after) > 0


def _was_spoken_of(line: Candidate) -> bool:
    return _share(line.text, line.before[-1:]) >= 0.5


def _stands_twice(line: Candidate) -> bool:
    """Whether the title above, or a line above, says the same or begins so."""
    said = words(line.text)
    above = [words(text) for text in (line.title or "", *line.before) if len(text) <= TITLE]
    return any(len(text) > 1 and said[: len(text)] == text for text in above)


def _calls_to_act(line: Candidate) -> bool:
    return _CALL.match(line.text) is not None


def _is_speech(line: Candidate) -> bool:
    named = re.match(r"[\w’'. ]{1,30}:\s", line.text)
    return named is not None and not is_title_case(line.text)


def _signs_a_quotation(line: Candidate) -> bool:
    short = len(words(line.text)) <= 4 and is_title_case(line.text)
    return short and len(line.before[-1]) <= 300 and line.before[-1][-1] in '"”'


def _goes_on(line: Candidate) -> bool:
    """Whether the text below speaks in the words of the text above, as one post does."""
    above, below = _stems(line.before), _stems(line.after)
    if min(above.total(), below.total()) < _TALK:
        return False
    weight = {stem: line.weights[stem] for stem in above | below}
    both = sum(above[stem] * below[stem] * weight[stem] ** 2 for stem in above & below)
    sizes = [sum((bag[stem] * weight[stem]) ** 2 for stem in bag) for bag in (above, below)]
    return both > _ALIKE * sqrt(sizes[0] * sizes[1])


def _weights(texts: Sequence[str]) -> dict[str, float]:
    seen = Counter(stem for text in texts for stem in _stems([text]))
    return {stem: log(1 + len(texts) / times) for stem, times in seen.items()}


def _stems(texts: Iterable[str]) -> Counter[str]:
    """How often each telling word stands in `texts`; endings don't count."""
    said = (word for text in texts for word in words(text))
    return Counter(word[:5] for word in said if len(word) > 3 and word not in _PLAIN)


def _share(line: str, texts: Sequence[str]) -> float:
    """The part of a line's telling words that stands in `texts`."""
    telling = set(_stems([line]))
    return len(telling & set(_stems(texts))) / len(telling) if telling else 0.0


SIGNALS: tuple[tuple[int, Callable[[Candidate], bool]], ...] = (
    (2, _no_stop),
    (1, _asks_or_calls),
    (2, _in_title_case),
    (1, _follows_an_end),
    (2, _is_rare),
    (1, _comes_back),
    (-3, _was_spoken_of),
    (-4, _stands_twice),
    (-3, _calls_to_act),
    (-3, _is_speech),
    (-3, _signs_a_quotation),
    (-4, _goes_on),
)
