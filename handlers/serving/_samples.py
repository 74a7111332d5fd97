"""One of everything that the coach can draw, with nothing in it, as usual, and as long and hostile
as anybody can make it: found in the modules that draw, so that no drawing is left out."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from slack_sdk.models.blocks import Block

from bot.coach import EditableFiles
from bot.debriefs.form import DebriefForm
from bot.huddles.huddle import ANSWER, GOAL, ITEM
from bot.huddles.play import Play
from bot.library.entry import QUOTE_CHARS
from bot.outbox.service import MERGED
from bot.tips.tip import Sourced
from handlers.slack.blocks import Message, words

MODULES = (
    "calendars.drawing", "calendars.forms", "daily_tips.drawing", "debriefs.drawing",
    "debriefs.follow_up_drawing", "debriefs.forms", "huddles.card_drawing", "huddles.forms",
    "huddles.private_drawing", "library.drawing", "meetings.drawing", "outbox._hours_form",
    "records.drawing", "records.keeping_drawing", "tips.conversation_drawing", "tips.drawing",
)  # fmt: skip
Variant = Literal["empty", "usual", "long"]
VARIANTS: tuple[Variant, ...] = ("empty", "usual", "long")
NOW = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
HOSTILE = "<!channel> & <@U0123456789> *bold* `code` ~off~ \u202e ``` https://example.com/?a=<b> \n"
MANY = {"empty": 0, "usual": 2, "long": 10}
# Of what is never so many, or never none.
MOST = {"parts": MERGED, "written": 3, "offered": 3, "advice": 3, "record": 3, "near": 8}
LEAST = {"rows": 1, "lines": 1}
CHARS = 3_000  # docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
# … and of what is never so long, as a form takes no more, or as it was clipped when it was kept.
LONGEST = {
    **dict.fromkeys(("when", "at"), 20),
    **dict.fromkeys(("id", "key"), 64),
    **dict.fromkeys(("text", "wording"), ITEM),
    **dict.fromkeys(("post", "slug"), 80),
    **dict.fromkeys(("account", "outcome"), 150),
    **dict.fromkeys(("title", "name", "blog", "author"), 200),
    **dict.fromkeys(("why_play", "step", "url", "words", "failing"), 300),
    **dict.fromkeys(("quote", "lesson", "advice"), QUOTE_CHARS[1]),
    "goal": GOAL,
    "answer": ANSWER,
}  # fmt: skip
NAMED_PLAY = "discovery"
# What a name stands for, where its type tells too little.
NAMED: Mapping[str, object] = {
    "zone": "Europe/Berlin", "ts": "1764597600.000100", "place": ("1764597600.000100", ""),
    "address": "https://example.com/feed", "play": NAMED_PLAY, "working_days": frozenset({0, 1}),
    "days": frozenset({0, 1}), "holidays": "DE", "reached": "partly", "committed": "us", "link": "https://example.com/",
}  # fmt: skip
# What no value is without, though its type says that it could be.
NEEDED = {"debrief"}


class Sample(NamedTuple):
    """What one drawing shows in one variant: the payload of a message, of a view or of blocks."""

    name: str
    variant: Variant
    kind: Literal["message", "view", "blocks"]
    payload: Any


def drawings() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function that draws a whole: a message, a form, or blocks that go into one."""
    for module_name in MODULES:
        module = import_module(f"handlers.{module_name}")
        for name, drawing in inspect.getmembers(module, inspect.isfunction):
            here = drawing.__module__ == module.__name__ and not name.startswith("_")
            if here and _kind(drawing):
                yield f"{module_name}.{name}", drawing


def known(files: EditableFiles) -> Mapping[Any, object]:
    """Values by type that can't be made up: plays and forms as they are, and what is drawn around
    something drawn."""
    return {
        Play: files.plays[NAMED_PLAY], Mapping[str, Play]: files.plays,
        DebriefForm: next(iter(files.forms.values())), Mapping[str, DebriefForm]: files.forms,
        Message: words("How it is used."),
    }  # fmt: skip


def samples(known: Mapping[Any, object]) -> Iterator[Sample]:
    """Each drawing in each variant, as Slack takes it. `known` are values by type, such as the
    plays that are there: a made-up one would tell nothing."""
    for name, drawing in drawings():
        seen: list[object] = []
        for variant in VARIANTS:
            drawn = drawing(**_Maker(variant, known).arguments(drawing))
            sample = Sample(name, variant, _kind(drawing) or "message", _payload(drawn))
            if sample.payload and sample.payload not in seen:
                seen.append(sample.payload)
                yield sample


def _kind(drawing: Callable[..., Any]) -> Literal["message", "view", "blocks"] | None:
    """What a function draws, by what it returns; None for a part, a sentence or what was read."""
    returned = get_type_hints(drawing).get("return")
    if returned is Message:
        return "message"
    if returned == dict[str, Any]:
        return "view"
    return "blocks" if returned == list[Block] else None


def _payload(drawn: Any) -> Any:
    if isinstance(drawn, Message):
        return {"text": drawn.text, "blocks": [block.to_dict() for block in drawn.blocks]}
    return drawn if isinstance(drawn, dict) else [block.to_dict() for block in drawn]


class _Maker:
    """Makes a value of any type that a drawing asks for."""

    def __init__(self, variant: Variant, known: Mapping[Any, object]) -> None:
        self._variant, self._known = variant, known
        self._made = 0

    def arguments(self, takes: Callable[..., Any]) -> dict[str, Any]:
        hints = _hints(takes)
        return {name: self.of(hint, name) for name, hint in hints.items() if name != "return"}

    def of(self, hint: Any, name: str) -> Any:
        if name in NAMED and (hint is str or not isinstance(NAMED[name], str)):
            return NAMED[name]
        for kind, value in self._known.items():
            if hint == kind:
                return value
        if origin := get_origin(hint):
            return self._of_generic(hint, origin, name)
        return self._simple(hint, name) if hint in _SIMPLE else self._noun(hint)

    def _of_generic(self, hint: Any, origin: Any, name: str) -> Any:
        args = get_args(hint)
        if origin is Literal:
            return args[0] if self._variant == "empty" else args[-1]
        if origin in (Union, types.UnionType):
            rest = [arg for arg in args if arg is not type(None)]
            none = self._variant == "empty" and len(rest) < len(args) and name not in NEEDED
            return None if none else self.of(rest[0], name)
        if origin is tuple and args[-1:] != (Ellipsis,):
            return tuple(self.of(arg, name) for arg in args)
        if issubclass(origin, Mapping):
            return {
                self._key(args[0], n): self.of(args[1], name) for n in range(self._how_many(name))
            }
        made = (self.of(args[0], name) for _ in range(self._how_many(name)))
        return frozenset(made) if issubclass(origin, (set, frozenset)) else tuple(made)

    def _how_many(self, name: str) -> int:
        many = MANY[self._variant]
        return max(min(many, MOST.get(name, many)), LEAST.get(name, 0))

    def _key(self, hint: Any, n: int) -> Any:
        return f"key{n}" if hint is str else n

    def _simple(self, hint: Any, name: str) -> Any:
        self._made += 1
        if hint is str and name.endswith("_id"):
            return "C0123456789" if name == "channel_id" else "U0123456789"
        if hint is str:
            return self._words(name)
        values: dict[Any, object] = {
            bool: self._variant != "empty", int: self._made, float: 1.0, datetime: NOW,
            date: NOW.date(), time: time(9, 30), timedelta: timedelta(minutes=45), object: "",
            Any: "", bytes: b"",
        }  # fmt: skip
        return values[hint]

    def _words(self, name: str) -> str:
        if self._variant == "empty":
            return "a"
        if self._variant == "usual":
            return f"Acme {self._made}"
        return (f"{self._made} {HOSTILE * 40}")[: LONGEST.get(name, CHARS)]

    def _noun(self, kind: Any) -> Any:
        """What it may be without is left out of an empty one."""
        hints, usual = _hints(kind), _without(kind)
        made = {
            name: self.of(hints[name], name)
            for name in hints
            if self._variant != "empty" or name not in usual
        }
        return kind(**made)


def _hints(takes: Any) -> dict[str, Any]:
    """The types of its arguments or fields; some are known to the type checker alone."""
    return get_type_hints(takes, localns={"Sourced": Sourced})


def _without(kind: Any) -> set[str]:
    """The fields that have a value of their own."""
    if not is_dataclass(kind):
        return set(kind._field_defaults)
    absent = (MISSING, MISSING)
    return {f.name for f in fields(kind) if (f.default, f.default_factory) != absent}


_SIMPLE = {str, bool, int, float, datetime, date, time, timedelta, object, Any, bytes}
