"""Passages: the texts that a model is shown, and what of its answer stands on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from bot.library.citation import Citation, digest_of
from bot.library.entry import Entry
from bot.writing.statement import Supported

if TYPE_CHECKING:
    from bot.writing.verification import Verdict

PASSAGES = 4  # posts that a model is shown
PASSAGE = 6_000  # characters of each


def passages_for(posts: Iterable[str], entries: Mapping[str, Entry]) -> dict[str, str]:
    """The texts of these posts by slug, the first few, as a model is shown them and quotes are
    checked in."""
    good = [slug for slug in posts if slug in entries]
    fit = [slug for slug in good if entries[slug].teaches and entries[slug].text]
    return {slug: entries[slug].text[:PASSAGE] for slug in fit[:PASSAGES]}


def laid_out(passages: Mapping[str, str]) -> str:
    """Passages as they stand in a prompt."""
    return "\n\n".join(f"[{slug}]\n{text}" for slug, text in passages.items())


def quoted(verdict: Verdict, passages: Mapping[str, str]) -> str:
    """The sentences of a passage that a statement stands on."""
    return passages[verdict.statement.post][verdict.start : verdict.end]


def standing(verdicts: Iterable[Verdict], entries: Mapping[str, Entry]) -> tuple[Supported, ...]:
    """The statements of verdicts that were agreed on, each once."""
    kept: dict[str, Supported] = {}
    for statement, _, start, end in verdicts:
        if entry := entries.get(statement.post):
            cited = Citation(entry.slug, entry.shelf, digest_of(entry.text), start, end)
            kept.setdefault(statement.text.casefold(), Supported(statement.text, cited))
    return tuple(kept.values())
