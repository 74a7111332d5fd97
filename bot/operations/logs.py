"""What a line of the log may hold: ids, codes and durations, as text or as JSON; never words.

Our own lines are fixed sentences with `extra` fields, and of a field only what looks like a code is
shown. An error is told by its kind and the lines of code it came through, not by its message, which
may quote what somebody typed. Of other packages' lines the fixed beginning is kept.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

OURS = ("bot", "handlers", "__main__")
CODE = re.compile(r"(?!xox|xapp)[\w.:/+-]{1,80}", re.A)
LEFT_OUT = "…"
# What every record has; the rest came with `extra`.
_USUAL = {*logging.makeLogRecord({}).__dict__, "message", "asctime", "taskName"}
_VARIES = re.compile(r"""[:({\["'`“%].*""", re.S)  # where a package's own words may end


def begin(form: Literal["plain", "json"], level: int = logging.INFO) -> None:
    """Write lines of this form to the standard error output, from this process's start on."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else PlainLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)


class PlainLines(logging.Formatter):
    """A line for a person: moment, level, place, sentence, then `name=value` for each field."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, and below it where an error came from."""
        fields = (f"{name}={_flat(value)}" for name, value in fields_of(record).items())
        head = f"{self.formatTime(record)} {record.levelname} {record.name} {sentence(record)}"
        return "\n".join([" ".join([head, *fields]), *came_through(record)])


class JsonLines(logging.Formatter):
    """A line for a program: one JSON object with `at` (UTC, ISO 8601), `level`, `from`, `said`, the
    fields, and where there is an error `error` and `through`."""

    def format(self, record: logging.LogRecord) -> str:
        """The object, on one line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"at": at, "level": record.levelname, "from": record.name}
        told |= {"said": sentence(record)}
        told |= {name: value for name, value in fields_of(record).items() if name not in told}
        if record.exc_info and record.exc_info[0]:
            told |= {"error": record.exc_info[0].__name__, "through": [*came_through(record)]}
        return json.dumps(told, ensure_ascii=False)


def sentence(record: logging.LogRecord) -> str:
    """Our own as it stands; of another package's the part that is the same each time."""
    if record.name.split(".")[0] in OURS:
        return " ".join(record.getMessage().split())
    return _VARIES.sub("", str(record.msg)).strip() or LEFT_OUT


def fields_of(record: logging.LogRecord) -> Mapping[str, Any]:
    """What was passed as `extra`: numbers and codes; “…” in the place of anything else."""
    given = record.__dict__.items()
    return {name: _code(value) for name, value in given if name not in _USUAL}


def _code(value: object) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_code(each) for each in value]
    text = str(value)
    return text if not text or CODE.fullmatch(text) else LEFT_OUT


def _flat(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def came_through(record: logging.LogRecord) -> Iterator[str]:
    """The kinds of an error and of what caused it, each with the lines of code it came through."""
    error = record.exc_info[1] if record.exc_info else None
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield f"{type(error).__name__}{_known_code(error)}"
        for frame in traceback.extract_tb(error.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} {frame.name}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _known_code(error: BaseException) -> str:
    """What the system or SQLite calls the trouble."""
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "errno", None)
    return f" ({_code(code)})" if code else ""
