"""What a refusal of Slack's means: whether it passes, who can mend it, and what is told of it.

The table is `refusals.toml`: every documented code of each method that we call, read once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

Class = Literal["passes", "mended", "anew", "never"]
TABLE = Path(__file__).with_name("refusals.toml")
ANY_METHOD = "*"


class Refusal(NamedTuple):
    """A code of Slack's. `passes` by itself; is `mended` by somebody (`by`: admin, host, member);
    passes when the way (`look`: token, conversation, person) is looked for `anew`; or `never`.

    `open`: it may have been done all the same. `at`: where it stands in the way, "place",
    "thread" or "workspace"; "" for none of them.
    """

    code: str
    kind: Class
    sentence: str
    source: str
    look: str = ""
    by: str = ""
    at: str = ""
    open: bool = False

    @property
    def of_place(self) -> bool:
        """Whether it may be said elsewhere, and not in that channel, or not in that thread."""
        return self.at in ("place", "thread")

    def say(self, place: str, wait_s: float = 0) -> str:
        """As a sentence of why, and who can mend it. `place` is a channel's or a user's id."""
        where = f"<@{place}>" if place[:1] in "UW" else f"<#{place}>"
        where = "our messages" if place.startswith("D") else where
        return self.sentence.format(
            place=where if place else "there", wait=wait_s or 1, code=self.code
        )


def refusal(code: str) -> Refusal:
    """What the code means; of one that nobody knows it can't be said that it is for ever."""
    known = _table().get(code)
    return known or Refusal(code, "passes", _read()["says"]["unknown"], "unknown")


def codes() -> list[str]:
    return [*_table()]


def methods() -> dict[str, list[str]]:
    """The documented codes of each method that we call, in the table's order."""
    listed = {name: codes.split() for name, codes in _read()["methods"].items()}
    everywhere = listed.pop(ANY_METHOD)
    return {name: [*everywhere, *own] for name, own in listed.items()}


@cache
def _table() -> Mapping[str, Refusal]:
    told = _read()
    return {
        code: Refusal(
            code, row.pop("class"), told["says"][row.pop("says")],
            told["sources"][row.pop("source")], **row,
        )
        for code, row in ((code, dict(row)) for code, row in told["codes"].items())
    }  # fmt: skip


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))
