"""Whether a rewording of a question keeps to what the question, its post and the card say."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from bot.writing._vocabulary import BORDERS, GLUE, MODALS, NEGATORS, SAME
from bot.writing.negation import CheckedWord, spoken

# What makes a wording wrong whatever else it says; a quote to follow it has none, only an item.
_FALSE = frozenset(["statement_length", "form", "facts", "made_up", "reversed"])


_ASKING = (("what", "which"), ("who", "whom", "whose"), ("when",), ("where",), ("why",), ("how",))


# Small words that turn a sentence: those of the item, no others.
_TURNS = (MODALS | BORDERS | NEGATORS) - {"is", "are", "was", "were", *chain(*_ASKING)}


_WE = ("we", "our")


_OURS = (*_WE, "us", "ours", "ourselves", "i", "me", "my")


_OTHERS = (("they", "them", "their", "theirs"), ("you", "your", "yours"), ("he", "she", "his"))


@lru_cache(maxsize=500)  # each card is drawn many times, and this takes milliseconds
def keeps(text: str, item: str, sentence: str, seen: str) -> bool:
    from bot.writing._overstatement import stronger
    from bot.writing._word_order import moved, relinked  # late: only what a model wrote is verified
    from bot.writing.verification import unsupported

    given = f"{item}\n{sentence}\n{seen}"
    said, asked = spoken(text), spoken(item)
    return (
        _is_a_question_too(text, item)
        and _FALSE.isdisjoint(unsupported(text, given, around) for around in (given, item))
        and _content(said) <= _with_alike(_content(spoken(given)))
        and not (stronger(said, asked) or moved(said, asked) or relinked(said, asked))
        and _same_matter(said, asked)
        and _is_specific(said, asked, spoken(seen))
        and _same_people(said, asked)
    )


def _is_a_question_too(text: str, item: str) -> bool:
    return text.endswith("?") if item.endswith("?") else "?" not in text or "?" in item


def _content(words: Iterable[CheckedWord]) -> set[str]:
    return {w.stem for w in words if w.stem not in GLUE and w.text not in NEGATORS}


def _with_alike(stems: set[str]) -> set[str]:
    return stems.union(*(SAME.get(stem, frozenset()) for stem in stems))


def _same_matter(said: list[CheckedWord], asked: list[CheckedWord]) -> bool:
    """Whether half of what the item is about is still there, and it asks after the same thing, as
    something that must be, may be or is."""
    matter, turns = _content(asked), [{w.text for w in ws} & _TURNS for ws in (said, asked)]
    kept = matter & _with_alike({word.stem for word in said})
    return 2 * len(kept) >= len(matter) and turns[0] == turns[1] and _asking(said) == _asking(asked)


def _asking(words: Iterable[CheckedWord]) -> set[str]:
    texts = {word.text for word in words}
    return {group[0] for group in _ASKING if not texts.isdisjoint(group)}


def _is_specific(
    said: list[CheckedWord], asked: list[CheckedWord], seen: list[CheckedWord]
) -> bool:
    """Whether it has a word of the card that the item has not: otherwise it is no gain."""
    return bool((_content(said) - _content(asked)) & _content(seen))


def _same_people(said: list[CheckedWord], asked: list[CheckedWord]) -> bool:
    """Whether we are still we, and nobody new is spoken of but by name."""
    ours, before = _ours(said), _ours(asked)
    texts, known = {w.text for w in said}, {w.text for w in asked}
    return ours == before and not any(
        texts & set(group) and known.isdisjoint(group) for group in _OTHERS
    )


def _ours(words: list[CheckedWord]) -> list[str]:
    """What stands for us, each “we” and “our” with the word that follows it."""
    after = [*(word.stem for word in words[1:]), ""]
    pairs = zip(words, after, strict=False)  # no words: nothing follows
    return sorted(f"{w.text} {n}" if w.text in _WE else w.text for w, n in pairs if w.text in _OURS)
