"""Records as tables that a spreadsheet opens: a rep's own words, or everything a team owns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from bot.calls.call import Call
from bot.debriefs.reply import Reply, current

BOM = "\ufeff"  # spreadsheets take a CSV file for UTF-8 only if it begins with this
OWN_COLUMNS = ("said_at_utc", "account", "call_began_utc", "asked", "said", "via", "state")

# A cell that begins so is run as a formula (owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns and rows as CSV, lines ending in CR LF (RFC 4180), every cell safe to open."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def safe(cell: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell


def own_rows(replies: Sequence[Reply], calls: Mapping[int, Call]) -> list[Sequence[object]]:
    """A rep's replies as rows of `OWN_COLUMNS`; `calls` are those they were about, by id.

    `state` is "stands", "replaced", "taken out" (of a form) or "deleted" (in Slack).
    """
    standing = {reply.id for reply in current(replies)}
    replaced = {reply.replaces for reply in replies}
    rows: list[Sequence[object]] = []
    for reply in replies:
        call = calls.get(reply.call_id or 0)
        state = (
            "stands" if reply.id in standing
            else "deleted" if reply.removed
            else "replaced" if reply.id in replaced
            else "taken out"
        )  # fmt: skip
        rows.append((
            _moment(reply.said_at), call.account if call else "",
            _moment(call.starts) if call else "", reply.asked, reply.said, reply.via, state,
        ))  # fmt: skip
    return rows


def _moment(at: datetime) -> str:
    """`2026-11-23 10:00` in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"
