"""Synonyms: words that mean nearly the same to a salesperson, as a manager may edit them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

from bot.files.toml_table import TomlTable, read_list
from bot.text.sentences import words

LONGEST = 4  # words in a phrase


def load_synonyms(path: Path) -> tuple[set[tuple[str, str]], list[str]]:
    """(word, other) for all words of a group, either way round, and a sentence for a fault.

    A word may be a short phrase. All are lower case, without punctuation.
    """
    return read_list(path, lambda table: set(_pairs(table)), set())


def _pairs(table: TomlTable) -> Iterator[tuple[str, str]]:
    table.only("groups")
    groups = table.values.get("groups", [])
    if not isinstance(groups, list):
        raise table.fault("groups", "“groups” is a list of lists of words.")
    for group in groups:
        if not isinstance(group, list) or not all(isinstance(each, str) for each in group):
            raise table.fault("groups", f"a group is a list of words in quotes; this is {group}.")
        plain = [" ".join(words(each.replace("-", " "))) for each in group]
        if long := next((each for each in plain if not 1 <= len(each.split()) <= LONGEST), None):
            raise table.fault("groups", f"“{long}” has more than {LONGEST} words; shorten it.")
        yield from permutations(filter(None, plain), 2)
