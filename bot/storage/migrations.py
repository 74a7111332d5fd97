"""The shape of the database, as an ordered list of steps. A released step is never edited."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database

    Step = Callable[[Database], None]

STEPS: list[Step] = []

# Kept in every table about people: whose workspace it is. Times are UTC, ISO 8601, ending in Z.


def migrations() -> Callable[[Step], Step]:
    """The function below is one more step."""

    def keep(step: Step) -> Step:
        STEPS.append(step)
        return step

    return keep


def migrate(conn: Any) -> None:
    """Bring the database behind an SQLite connection up to date.

    Safe when several processes start at once: one lock around all.
    """
    conn.execute("BEGIN IMMEDIATE")
    try:
        if not {step.__name__ for step in STEPS} <= _applied(conn):
            _apply(conn)
        conn.execute("COMMIT")
    except BaseException:
        conn.execute("ROLLBACK")
        raise


def _applied(conn: Any) -> set[str]:
    """The steps that sqlite-utils noted as done."""
    made = "SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'"
    if not conn.execute(made).fetchone():
        return set()
    noted = "SELECT name FROM _sqlite_migrations WHERE migration_set = 'coach'"
    return {name for (name,) in conn.execute(noted)}


def _apply(conn: Any) -> None:
    from sqlite_utils import Database, Migrations  # late: 70 ms, and most starts have no use for it

    ours = Migrations("coach")
    for step in STEPS:
        ours()(step)
    ours.apply(Database(conn, execute_plugins=False))


def _script(db: Database, sql: str) -> None:
    """Run several statements inside the open transaction (`executescript` would commit it)."""
    for statement in filter(str.strip, sql.split(";\n")):
        db.execute(statement)


@migrations()
def m001_library(db: Database) -> None:
    _script(
        db,
        """
        CREATE TABLE posts (
            slug TEXT PRIMARY KEY, title TEXT, author TEXT, blog TEXT, published TEXT, url TEXT,
            teaser INTEGER NOT NULL, announcement INTEGER NOT NULL, body TEXT NOT NULL,
            digest TEXT NOT NULL, imported_at TEXT NOT NULL
        );
        CREATE TABLE old_texts (
            post TEXT NOT NULL, digest TEXT NOT NULL, body TEXT NOT NULL, replaced_at TEXT NOT NULL,
            PRIMARY KEY (post, digest)
        );
        CREATE TABLE library_state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE indexed (
            id INTEGER PRIMARY KEY, post TEXT NOT NULL UNIQUE, announcement INTEGER NOT NULL,
            of TEXT
        );
        CREATE VIRTUAL TABLE documents USING fts5 (
            title, lessons, asks, keywords, body, tokenize = 'porter unicode61'
        );
        CREATE VIRTUAL TABLE cards USING fts5 (
            title, lessons, asks, keywords, body, tokenize = 'porter unicode61'
        );
        CREATE VIRTUAL TABLE asks USING fts5 (text, tokenize = 'porter unicode61');
        CREATE VIRTUAL TABLE ask_terms USING fts5vocab (asks, row);
        CREATE TABLE synonyms (
            word TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (word, other)
        ) WITHOUT ROWID
        """,
    )


@migrations()
def m002_people(db: Database) -> None:
    _script(
        db,
        """
        CREATE TABLE reps (
            workspace_id TEXT NOT NULL, user_id TEXT NOT NULL,
            name TEXT NOT NULL DEFAULT '', zone TEXT NOT NULL DEFAULT 'UTC', seen_at TEXT,
            greeted_at TEXT,
            PRIMARY KEY (workspace_id, user_id)
        );
        CREATE TABLE channels (
            workspace_id TEXT NOT NULL, channel_id TEXT NOT NULL, zone TEXT,
            PRIMARY KEY (workspace_id, channel_id)
        );
        CREATE TABLE handled (
            workspace_id TEXT NOT NULL, trigger_id TEXT NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (workspace_id, trigger_id)
        );
        CREATE TABLE inbox (
            workspace_id TEXT NOT NULL, event_id TEXT NOT NULL, user_id TEXT, payload TEXT,
            received_at TEXT NOT NULL, handled_at TEXT, attempts INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (workspace_id, event_id)
        );
        CREATE INDEX inbox_waiting ON inbox (received_at) WHERE handled_at IS NULL;
        CREATE TABLE troubles (
            id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL, place TEXT NOT NULL,
            user_id TEXT, why TEXT NOT NULL, since TEXT NOT NULL, cleared_at TEXT
        );
        CREATE UNIQUE INDEX troubles_open ON troubles (workspace_id, place)
            WHERE cleared_at IS NULL
        """,
    )


@migrations()
def m003_tips(db: Database) -> None:
    _script(
        db,
        """
        CREATE TABLE tips_said (
            id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL, user_id TEXT, channel_id TEXT,
            said_at TEXT NOT NULL, kind TEXT NOT NULL, words TEXT NOT NULL DEFAULT '',
            post TEXT NOT NULL, lesson TEXT NOT NULL,
            quote_shelf TEXT NOT NULL, quote_digest TEXT NOT NULL,
            quote_start INTEGER NOT NULL, quote_end INTEGER NOT NULL
        );
        CREATE INDEX tips_said_to_rep ON tips_said (workspace_id, user_id, said_at);
        CREATE INDEX tips_said_in_channel ON tips_said (workspace_id, channel_id, said_at);
        CREATE TABLE feedback (
            workspace_id TEXT NOT NULL, user_id TEXT NOT NULL,
            tip_id INTEGER NOT NULL REFERENCES tips_said (id) ON DELETE CASCADE,
            helpful INTEGER NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (workspace_id, user_id, tip_id)
        );
        CREATE TABLE gaps (
            id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL, user_id TEXT NOT NULL,
            question TEXT NOT NULL, asked_at TEXT NOT NULL
        );
        """,
    )


@migrations()
def m004_calls(db: Database) -> None:
    _script(
        db,
        """
        CREATE TABLE calls (
            id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL, owner_id TEXT NOT NULL,
            account TEXT NOT NULL, account_key TEXT NOT NULL, play TEXT NOT NULL DEFAULT '',
            goal TEXT NOT NULL DEFAULT '', starts TEXT NOT NULL, ends TEXT NOT NULL,
            channel_id TEXT,
            state TEXT NOT NULL DEFAULT 'planned'
                CHECK (state IN ('planned', 'moved', 'cancelled', 'held')),
            review INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL, updated_at TEXT NOT NULL
        );
        CREATE INDEX calls_of_rep ON calls (workspace_id, owner_id, starts);
        CREATE INDEX calls_of_account ON calls (workspace_id, account_key, starts);
        CREATE TABLE changes (
            id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL,
            call_id INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
            what TEXT NOT NULL, before TEXT, after TEXT, by_id TEXT NOT NULL, at TEXT NOT NULL
        );
        CREATE TABLE huddles (
            call_id INTEGER PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE,
            workspace_id TEXT NOT NULL, private INTEGER NOT NULL,
            channel_id TEXT, ts TEXT, started_at TEXT NOT NULL,
            version INTEGER NOT NULL DEFAULT 1, drawn INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX huddles_to_draw ON huddles (call_id) WHERE drawn < version;
        CREATE TABLE huddle_people (
            call_id INTEGER NOT NULL REFERENCES huddles (call_id) ON DELETE CASCADE,
            workspace_id TEXT NOT NULL, user_id TEXT NOT NULL,
            part TEXT NOT NULL CHECK (part IN ('lead', 'support', 'listen')),
            PRIMARY KEY (call_id, user_id)
        );
        CREATE TABLE huddle_items (
            id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL,
            call_id INTEGER NOT NULL REFERENCES huddles (call_id) ON DELETE CASCADE,
            n INTEGER NOT NULL, text TEXT NOT NULL, kind TEXT NOT NULL, post TEXT, rests_on TEXT,
            added_by TEXT, done INTEGER NOT NULL DEFAULT 0, answer TEXT, by_id TEXT, at TEXT,
            turn INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX huddle_items_of_call ON huddle_items (call_id, n);
        CREATE INDEX changes_of_call ON changes (call_id)
        """,
    )


@migrations()
def m005_outbox(db: Database) -> None:
    """`about` and `nth` are the kind's own; a kind needs no step here."""
    _script(
        db,
        """
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL, key TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL, recipient TEXT NOT NULL, thread TEXT NOT NULL DEFAULT '',
            user_id TEXT, call_id INTEGER REFERENCES calls (id) ON DELETE CASCADE,
            about TEXT NOT NULL DEFAULT '', nth INTEGER NOT NULL DEFAULT 1,
            asked INTEGER NOT NULL DEFAULT 0,
            wanted_at TEXT NOT NULL, due_at TEXT NOT NULL, not_after TEXT,
            state TEXT NOT NULL DEFAULT 'pending' CHECK (
                state IN ('pending', 'sending', 'sent', 'unknown', 'skipped', 'dead')
            ),
            why TEXT NOT NULL DEFAULT '', dropped INTEGER NOT NULL DEFAULT 0,
            mark TEXT NOT NULL, attempt_at TEXT, attempts INTEGER NOT NULL DEFAULT 0,
            looked_up_at TEXT, said_channel_id TEXT, said_ts TEXT, said_at TEXT, outcome TEXT
        );
        CREATE INDEX outbox_due ON outbox (workspace_id, due_at, not_after)
            WHERE state = 'pending';
        CREATE INDEX outbox_due_at ON outbox (workspace_id, recipient, due_at)
            WHERE state = 'pending';
        CREATE INDEX outbox_under_way ON outbox (attempt_at) WHERE state = 'sending';
        CREATE INDEX outbox_stuck ON outbox (workspace_id, due_at)
            WHERE state IN ('unknown', 'dead');
        CREATE INDEX outbox_of_call ON outbox (call_id);
        CREATE INDEX outbox_said ON outbox (workspace_id, recipient, said_at);
        CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
        INSERT INTO notes VALUES ('secret', hex(randomblob(16)));
        CREATE TABLE rep_hours (
            workspace_id TEXT NOT NULL, user_id TEXT NOT NULL,
            nudges_on INTEGER NOT NULL DEFAULT 1, working_days TEXT NOT NULL DEFAULT '0,1,2,3,4',
            day_starts TEXT NOT NULL DEFAULT '08:00', day_ends TEXT NOT NULL DEFAULT '19:00',
            quiet_from TEXT, quiet_to TEXT, holidays TEXT, away_until TEXT,
            PRIMARY KEY (workspace_id, user_id)
        );
        CREATE TABLE daily_tips (
            workspace_id TEXT NOT NULL, channel_id TEXT NOT NULL, at TEXT NOT NULL,
            days TEXT NOT NULL, zone TEXT NOT NULL, holidays TEXT, set_by TEXT NOT NULL,
            set_at TEXT NOT NULL, ended_at TEXT, ended_by TEXT,
            PRIMARY KEY (workspace_id, channel_id)
        )
        """,
    )


@migrations()
def m006_debriefs(db: Database) -> None:
    _script(
        db,
        """
        CREATE TABLE debriefs (
            id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL, user_id TEXT NOT NULL,
            call_id INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
            form TEXT NOT NULL, goal TEXT NOT NULL DEFAULT '',
            reached TEXT, achieved TEXT, next_step TEXT, by_when TEXT, committed TEXT,
            their_step TEXT, their_by_when TEXT, forgot TEXT,
            shared INTEGER NOT NULL DEFAULT 0, shared_channel_id TEXT, shared_ts TEXT,
            pointed_out_at TEXT, tip_id INTEGER REFERENCES tips_said (id) ON DELETE SET NULL,
            saved_at TEXT NOT NULL, updated_at TEXT NOT NULL,
            UNIQUE (call_id, user_id)
        );
        CREATE TABLE replies (
            id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL, user_id TEXT NOT NULL,
            call_id INTEGER REFERENCES calls (id) ON DELETE SET NULL,
            nudge_id INTEGER REFERENCES outbox (id) ON DELETE SET NULL,
            question TEXT NOT NULL, asked TEXT NOT NULL, said TEXT NOT NULL,
            via TEXT NOT NULL CHECK (via IN ('form', 'button', 'message')),
            channel_id TEXT, message_ts TEXT,
            replaces INTEGER REFERENCES replies (id) ON DELETE SET NULL,
            removed INTEGER NOT NULL DEFAULT 0, said_at TEXT NOT NULL
        );
        CREATE INDEX replies_of_rep ON replies (workspace_id, user_id, said_at);
        CREATE INDEX replies_of_call ON replies (call_id);
        CREATE INDEX replies_to_message ON replies (workspace_id, channel_id, message_ts)
        """,
    )


@migrations()
def m007_writing(db: Database) -> None:
    _script(
        db,
        """
        CREATE TABLE model_calls (
            id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL, day TEXT NOT NULL,
            what TEXT NOT NULL, tokens INTEGER NOT NULL, code TEXT NOT NULL DEFAULT '',
            asked_at TEXT NOT NULL, ended_at TEXT
        );
        CREATE INDEX model_calls_of_day ON model_calls (workspace_id, day);
        ALTER TABLE tips_said ADD COLUMN written TEXT;
        ALTER TABLE tips_said ADD COLUMN prompt TEXT;
        ALTER TABLE tips_said ADD COLUMN posts_used TEXT
        """,
    )


@migrations()
def m008_vectors(db: Database) -> None:
    _script(
        db,
        """
        CREATE TABLE vectors (
            post TEXT NOT NULL, model TEXT NOT NULL, digest TEXT NOT NULL, vector BLOB NOT NULL,
            PRIMARY KEY (post, model)
        )
        """,
    )


@migrations()
def m009_disorder(db: Database) -> None:
    """What tells the order of events that came in another, and what was said from a repetition."""
    _script(
        db,
        """
        ALTER TABLE replies ADD COLUMN event_ts TEXT;
        ALTER TABLE reps ADD COLUMN helped_at TEXT;
        CREATE TABLE deleted_messages (
            workspace_id TEXT NOT NULL, user_id TEXT, channel_id TEXT NOT NULL,
            message_ts TEXT NOT NULL, deleted_at TEXT NOT NULL,
            PRIMARY KEY (workspace_id, channel_id, message_ts)
        )
        """,
    )


@migrations()
def m011_feedback(db: Database) -> None:
    """`written_on` names the state of the debrief that the feedback was written on."""
    _script(
        db,
        """
        ALTER TABLE debriefs ADD COLUMN written TEXT;
        ALTER TABLE debriefs ADD COLUMN prompt TEXT;
        ALTER TABLE debriefs ADD COLUMN posts_used TEXT;
        ALTER TABLE debriefs ADD COLUMN recalled TEXT;
        ALTER TABLE debriefs ADD COLUMN written_on TEXT
        """,
    )


@migrations()
def m012_questions(db: Database) -> None:
    _script(
        db,
        """
        CREATE TABLE questions (
            id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL, user_id TEXT NOT NULL,
            channel_id TEXT NOT NULL, message_ts TEXT NOT NULL, thread_ts TEXT NOT NULL DEFAULT '',
            words TEXT NOT NULL, asked_at TEXT NOT NULL, said_ts TEXT,
            tip_id INTEGER REFERENCES tips_said (id) ON DELETE SET NULL,
            UNIQUE (workspace_id, channel_id, message_ts)
        );
        CREATE INDEX questions_of_rep ON questions (workspace_id, user_id, channel_id)
        """,
    )


@migrations()
def m013_wordings(db: Database) -> None:
    """How a model puts an item for its account, and the prompt and version by which it did."""
    _script(
        db,
        """
        ALTER TABLE huddle_items ADD COLUMN wording TEXT;
        ALTER TABLE huddle_items ADD COLUMN worded_by TEXT
        """,
    )


@migrations()
def m016_locales(db: Database) -> None:
    """In which language a rep uses Slack; '' until Slack is asked again."""
    _script(db, "ALTER TABLE reps ADD COLUMN locale TEXT NOT NULL DEFAULT ''")
