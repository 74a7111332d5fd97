"""A look behind: what app and Slack said to each other, and the rows that were written."""

from __future__ import annotations

from bot.storage.raw_rows import Rows
from handlers.trial.small_slack.api.methods import body_of
from handlers.trial.small_slack.world import Exchange, Json
from handlers.trial.trial import Trial

SAID = 120  # newest exchanges
ROWS = 12  # newest rows of a table


def behind(trial: Trial) -> Json:
    """The newest first. Tokens were never in the log, nor are they in the database."""
    log = trial.slack.log[-SAID:]
    rows = Rows(trial.coach.store.read)
    tables = [
        {"name": name, "count": rows.count(name), "rows": rows.newest(name, ROWS)}
        for name in rows.tables()
    ]
    written = [table for table in tables if table["count"]]
    return {
        "file": trial.path.name,
        "log": [_told(exchange) for exchange in reversed(log)],
        "tables": sorted(written, key=lambda table: table["name"] in LIBRARY),
    }


# Of least interest, so they come last: the library's own, and what keeps replays away.
LIBRARY = {
    "posts", "old_texts", "indexed", "library_state", "synonyms", "vectors", "handled", "inbox"
}  # fmt: skip


def _told(exchange: Exchange) -> Json:
    said = exchange.response
    if isinstance(said, str) and said[:1] in ("{", "["):
        said = body_of(said.encode(), "") or said
    return {
        "to": "Slack" if exchange.direction == "in" else "app",
        "name": exchange.name,
        "status": exchange.status,
        "ms": round(exchange.ms, 1),
        "at": exchange.at.timestamp(),
        "request": exchange.request,
        "response": said,
    }
