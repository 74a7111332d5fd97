"""Wordings: items of a play as a model says them for one account.

A wording stands in for its item's text on the card and for nothing else, so it has to keep to it:
no word that is not the item's, its post's or the card's, the same matter, the same people, nothing
turned round. It is looked at again whenever the card is drawn, for the card may stand elsewhere by
then, or know less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any

from bot.calls.call import Call
from bot.huddles.account_memory import Memory
from bot.huddles.huddle import ITEM, Item
from bot.huddles.item_source import why_of_item
from bot.huddles.play import Play
from bot.library.library import Entry, Source
from bot.writing.negation import CheckedWord, spoken
from bot.writing.statement import TEXT, many, one_line, rows_of, schema
from bot.writing.vocabulary import BORDERS, GLUE, MODALS, NEGATORS, SAME

MOST = 3  # wordings on one card
ACCOUNT, SHOWN = 80, 150  # characters: no more than the card shows of each thing

SCHEMA = schema(items=many(schema(item=TEXT, text=TEXT)))
REACHED = {"yes": "The goal was reached.", "partly": "The goal was partly reached."}
REACHED |= {"no": "The goal was not reached."}

# What makes a wording wrong whatever else it says; a quote to follow it has none, only an item.
_FALSE = frozenset(["statement_length", "form", "facts", "made_up", "reversed"])
_ASKING = (("what", "which"), ("who", "whom", "whose"), ("when",), ("where",), ("why",), ("how",))
# Small words that turn a sentence: those of the item, no others.
_TURNS = (MODALS | BORDERS | NEGATORS) - {"is", "are", "was", "were", *chain(*_ASKING)}
_WE = ("we", "our")
_OURS = (*_WE, "us", "ours", "ourselves", "i", "me", "my")
_OTHERS = (("they", "them", "their", "theirs"), ("you", "your", "yours"), ("he", "she", "his"))


# What the model is shown ------------------------------------------------------------------------


def seen(call: Call, play: Play | None, memory: Memory | None) -> str:
    """What everybody who reads the card can read on it, but for the items, as plain lines."""
    lines = [f"Account: {_cut(call.account, ACCOUNT)}", f"Call: {play.title if play else ''}"]
    lines += [f"Goal: {_cut(call.goal, SHOWN)}"] if call.goal else []
    return "\n".join([*lines, *(_remembered(memory) if memory else [])])


def _remembered(memory: Memory) -> list[str]:
    debrief = memory.debrief
    if debrief is None:
        return []
    reached = REACHED.get(debrief.reached or "", "") if debrief.goal else ""
    achieved, step = debrief.achieved or "", debrief.open_step or ""
    lines = [f"Last call: {reached} {_cut(achieved, SHOWN)}".rstrip()]
    return [*lines, *([f"Open step: {_cut(step, SHOWN)}"] if step else [])]


def _cut(text: str, most: int) -> str:
    return " ".join(text.split())[:most]


def offered(items: Iterable[Item], entries: Mapping[str, Entry]) -> dict[str, tuple[Item, Source]]:
    """The items that may be worded, by a number, each with the sentence that it rests on.

    What somebody ticked, answered or added stays as it is, and so does what rests on no post.
    """
    sourced = [(item, source_of(item, entries)) for item in items if not item.touched]
    kept = [(item, source) for item, source in sourced if source]
    return {str(n): pair for n, pair in enumerate(kept, 1)}


def laid_out(offered: Mapping[str, tuple[Item, Source]]) -> str:
    """Items as they stand in a prompt."""
    return "\n\n".join(
        f"[{n}] {item.text}\nIts sentence: {_cut(source.quote, 500)}"
        for n, (item, source) in offered.items()
    )


def source_of(item: Item, entries: Mapping[str, Entry]) -> Source | None:
    why = why_of_item(item, entries)
    return why.source if why else None


# What of its answer stands ----------------------------------------------------------------------


def wordings_of(
    answer: Mapping[str, Any], offered: Mapping[str, tuple[Item, Source]], seen: str
) -> dict[int, str]:
    """The wordings of a model's answer that keep to their items, by the items' ids."""
    found: dict[int, str] = {}
    for n, text in rows_of(answer, "items", "item", "text"):
        item, source = offered.get(n.strip().strip("[]"), (None, None))
        text = one_line(text)
        if item and source and keeps_to(text, item, source.quote, seen):
            found.setdefault(item.id, text)
    return dict(list(found.items())[:MOST])


def standing(
    items: Iterable[Item], seen: str, entries: Mapping[str, Entry]
) -> tuple[tuple[Item, ...], tuple[Source, ...]]:
    """Items with the wordings that still keep to them, and the sources of those that are worded."""
    kept: list[Item] = []
    sources: dict[str, Source] = {}
    for item in items:
        source = source_of(item, entries) if item.wording else None
        if item.wording and source and keeps_to(item.wording, item, source.quote, seen):
            sources[source.post] = source
        else:
            item = replace(item, wording=None)
        kept.append(item)
    return tuple(kept), tuple(sources.values())


def keeps_to(text: str, item: Item, sentence: str, seen: str) -> bool:
    """Whether `text` asks or tells what the item does, and brings in nothing but the card's words.

    `sentence` is the one of the post that the item rests on.
    """
    return 0 < len(text) <= ITEM and _keeps(text, item.text, sentence, seen)


@lru_cache(maxsize=500)  # each card is drawn many times, and this takes milliseconds
def _keeps(text: str, item: str, sentence: str, seen: str) -> bool:
    from bot.writing.overstatement import stronger
    from bot.writing.verification import unsupported
    from bot.writing.word_order import moved, relinked  # late: only what a model wrote is verified

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
