"""Outside: topics that people ask a sales coach about, and that none of the library's posts is on.

What is known to lie outside tells better than any threshold that a question has no answer here,
although it is full of a salesperson's words. A manager may edit the list.
"""

from __future__ import annotations

from pathlib import Path

from bot.files.toml_table import TomlTable, read_list

LONGEST = 200  # characters of a phrase

Topics = dict[str, tuple[str, ...]]


def load_outside(path: Path) -> tuple[Topics, list[str]]:
    """How people ask about each topic, by its name, and a sentence for a fault."""
    return read_list(path, _topics, {})


def _topics(whole: TomlTable) -> Topics:
    whole.only("topics")
    found = whole.values.get("topics", {})
    if not isinstance(found, dict):
        raise whole.fault("topics", "“topics” is a table; write [topics] above them.")
    table = TomlTable(whole.file, found, whole.lines)
    topics = {name: table.texts(name, LONGEST) for name in found}
    return {name: phrases for name, phrases in topics.items() if phrases}
