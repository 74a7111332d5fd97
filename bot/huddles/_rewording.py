"""Wordings: items of a play as a model says them for one account.

A wording stands in for its item's text on the card and for nothing else, so it has to keep to it:
no word that is not the item's, its post's or the card's, the same matter, the same people, nothing
turned round. It is looked at again whenever the card is drawn, for the card may stand elsewhere by
then, or know less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.calls.call import Call
from bot.huddles.account_memory import Memory
from bot.huddles.huddle import ITEM, Item
from bot.huddles.item_source import why_of_item
from bot.huddles.play import Play
from bot.library.entry import Entry
from bot.library.source import Source
from bot.writing.rewording_check import keeps
from bot.writing.statement import TEXT, many, one_line, rows_of, schema

MOST = 3  # wordings on one card
ACCOUNT, SHOWN = 80, 150  # characters: no more than the card shows of each thing

SCHEMA = schema(items=many(schema(item=TEXT, text=TEXT)))
REACHED = {"yes": "The goal was reached.", "partly": "The goal was partly reached."}
REACHED |= {"no": "The goal was not reached."}


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
    return 0 < len(text) <= ITEM and keeps(text, item.text, sentence, seen)
