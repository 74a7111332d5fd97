-- The schema: one table a statement, one column a line, for SQLite and PostgreSQL alike.
-- Every table about people names its workspace. Moments are UTC, ISO 8601, ending in Z; a flag is
-- 0 or 1. PostgreSQL reads `INTEGER PRIMARY KEY` as an identity, and `BLOB` as `BYTEA`. Whatever is
-- changed here after a release raises VERSION in schema.py.

-- The library ------------------------------------------------------------------------------------

CREATE TABLE posts (
    slug TEXT PRIMARY KEY,
    title TEXT,
    author TEXT,
    blog TEXT,
    published TEXT,
    url TEXT,
    teaser INTEGER NOT NULL,
    announcement INTEGER NOT NULL,
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    guid TEXT,
    file TEXT NOT NULL DEFAULT ''
);

CREATE TABLE old_texts (
    post TEXT NOT NULL,
    digest TEXT NOT NULL,
    body TEXT NOT NULL,
    replaced_at TEXT NOT NULL,
    PRIMARY KEY (post, digest)
);

CREATE TABLE library_state (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE indexed (
    id INTEGER PRIMARY KEY,
    post TEXT NOT NULL UNIQUE,
    announcement INTEGER NOT NULL,
    of TEXT
);

CREATE TABLE synonyms (
    word TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (word, other)
);

CREATE TABLE vectors (
    post TEXT NOT NULL,
    model TEXT NOT NULL,
    digest TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (post, model)
);

-- People, and what comes from Slack --------------------------------------------------------------

CREATE TABLE reps (
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    zone TEXT NOT NULL DEFAULT 'UTC',
    locale TEXT NOT NULL DEFAULT '',
    seen_at TEXT,
    away_until TEXT,
    greeted_at TEXT,
    helped_at TEXT,
    -- Since when their account is deactivated.
    left_at TEXT,
    PRIMARY KEY (workspace_id, user_id)
);

CREATE TABLE handled (
    workspace_id TEXT NOT NULL,
    trigger_id TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (workspace_id, trigger_id)
);

-- What a form or a button brought about: it may be sent again, as its ack can be lost on the way.
CREATE TABLE sent_before (
    workspace_id TEXT NOT NULL,
    sent_id TEXT NOT NULL,
    made TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (workspace_id, sent_id)
);

CREATE TABLE inbox (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    user_id TEXT,
    payload TEXT,
    received_at TEXT NOT NULL,
    handled_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    UNIQUE (workspace_id, event_id)
);
CREATE INDEX inbox_waiting ON inbox (received_at) WHERE handled_at IS NULL;

CREATE TABLE deleted_messages (
    workspace_id TEXT NOT NULL,
    user_id TEXT,
    channel_id TEXT NOT NULL,
    message_ts TEXT NOT NULL,
    deleted_at TEXT NOT NULL,
    PRIMARY KEY (workspace_id, channel_id, message_ts)
);

CREATE TABLE troubles (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    place TEXT NOT NULL,
    user_id TEXT,
    why TEXT NOT NULL,
    since TEXT NOT NULL,
    cleared_at TEXT
);
CREATE UNIQUE INDEX troubles_open ON troubles (workspace_id, place) WHERE cleared_at IS NULL;

-- Who is being forgotten: how many steps are done, and the last row of each table at that moment.
CREATE TABLE forgetting (
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    last TEXT NOT NULL,
    -- All is gone but what a hold keeps; it goes when the hold ends.
    held INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, user_id)
);

-- Workspaces that the coach was taken out of: since when, and of which tables rows are still to be
-- deleted, as JSON.
CREATE TABLE gone_workspaces (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    gone_at TEXT,
    erasing TEXT
);

-- Who did what, in codes and counts: see bot/audit/. It stays when somebody is forgotten.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    codes TEXT NOT NULL DEFAULT ''
);

-- After how many days a workspace's words are deleted, if at all; and another number that a manager
-- asked for, which counts from its moment on.
CREATE TABLE retention (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    days INTEGER,
    next_days INTEGER,
    next_at TEXT,
    tidied_at TEXT
);

-- Accounts of which nothing may be deleted.
CREATE TABLE holds (
    workspace_id TEXT NOT NULL,
    account_key TEXT NOT NULL,
    account TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (workspace_id, account_key)
);

-- Tips -------------------------------------------------------------------------------------------

CREATE TABLE tips_said (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    user_id TEXT,
    channel_id TEXT,
    said_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    words TEXT NOT NULL DEFAULT '',
    post TEXT NOT NULL,
    lesson TEXT NOT NULL,
    quote_shelf TEXT NOT NULL,
    quote_digest TEXT NOT NULL,
    quote_start INTEGER NOT NULL,
    quote_end INTEGER NOT NULL,
    -- The tip for which another was wanted.
    instead_of BIGINT REFERENCES tips_said (id) ON DELETE SET NULL,
    written TEXT,
    prompt TEXT,
    posts_used TEXT
);
CREATE INDEX tips_said_to_rep ON tips_said (workspace_id, user_id, said_at);
CREATE INDEX tips_said_instead ON tips_said (instead_of) WHERE instead_of IS NOT NULL;
CREATE INDEX tips_said_in_channel ON tips_said (workspace_id, channel_id, said_at);

CREATE TABLE feedback (
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    tip_id BIGINT NOT NULL REFERENCES tips_said (id) ON DELETE CASCADE,
    helpful INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (workspace_id, user_id, tip_id)
);

CREATE TABLE gaps (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    question TEXT NOT NULL,
    asked_at TEXT NOT NULL
);

-- Calls and their huddles ------------------------------------------------------------------------

CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    account TEXT NOT NULL,
    account_key TEXT NOT NULL,
    play TEXT NOT NULL DEFAULT '',
    goal TEXT NOT NULL DEFAULT '',
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    channel_id TEXT,
    state TEXT NOT NULL DEFAULT 'planned'
        CHECK (state IN ('planned', 'moved', 'cancelled', 'held')),
    review INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX calls_of_rep ON calls (workspace_id, owner_id, starts);
CREATE INDEX calls_ahead ON calls (starts) WHERE state = 'planned';
CREATE INDEX calls_of_account ON calls (workspace_id, account_key, starts);

CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    call_id BIGINT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    what TEXT NOT NULL,
    before TEXT,
    after TEXT,
    by_id TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX changes_of_call ON changes (call_id);

CREATE TABLE huddles (
    call_id BIGINT NOT NULL PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE,
    workspace_id TEXT NOT NULL,
    private INTEGER NOT NULL,
    channel_id TEXT,
    ts TEXT,
    started_at TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    drawn INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX huddles_to_draw ON huddles (call_id) WHERE drawn < version;

CREATE TABLE huddle_people (
    id INTEGER PRIMARY KEY,
    call_id BIGINT NOT NULL REFERENCES huddles (call_id) ON DELETE CASCADE,
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('lead', 'support', 'listen')),
    UNIQUE (call_id, user_id)
);

CREATE TABLE huddle_items (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    call_id BIGINT NOT NULL REFERENCES huddles (call_id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    text TEXT NOT NULL,
    kind TEXT NOT NULL,
    post TEXT,
    rests_on TEXT,
    added_by TEXT,
    done INTEGER NOT NULL DEFAULT 0,
    answer TEXT,
    by_id TEXT,
    at TEXT,
    turn INTEGER NOT NULL DEFAULT 0,
    -- How a model puts the item for its account, and the prompt and version by which it did.
    wording TEXT,
    worded_by TEXT
);
CREATE INDEX huddle_items_of_call ON huddle_items (call_id, n);

-- What is said unasked, or must be said once ------------------------------------------------------

-- `about` and `nth` are the kind's own; a kind needs no table.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    thread TEXT NOT NULL DEFAULT '',
    user_id TEXT,
    call_id BIGINT REFERENCES calls (id) ON DELETE CASCADE,
    about TEXT NOT NULL DEFAULT '',
    nth INTEGER NOT NULL DEFAULT 1,
    asked INTEGER NOT NULL DEFAULT 0,
    wanted_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    not_after TEXT,
    state TEXT NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'sending', 'sent', 'unknown', 'skipped', 'dead')),
    why TEXT NOT NULL DEFAULT '',
    dropped INTEGER NOT NULL DEFAULT 0,
    mark TEXT NOT NULL,
    attempt_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    looked_up_at TEXT,
    said_channel_id TEXT,
    said_ts TEXT,
    said_at TEXT,
    outcome TEXT
);
CREATE INDEX outbox_due ON outbox (workspace_id, due_at, not_after) WHERE state = 'pending';
CREATE INDEX outbox_due_at ON outbox (workspace_id, recipient, due_at) WHERE state = 'pending';
CREATE INDEX outbox_under_way ON outbox (attempt_at) WHERE state = 'sending';
CREATE INDEX outbox_stuck ON outbox (workspace_id, wanted_at)
    WHERE (state IN ('unknown', 'dead') OR (state IN ('pending', 'sending') AND why != ''));
CREATE INDEX outbox_of_call ON outbox (call_id);
CREATE INDEX outbox_said ON outbox (workspace_id, recipient, said_at);

CREATE TABLE notes (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE rep_hours (
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    nudges_on INTEGER NOT NULL DEFAULT 1,
    working_days TEXT NOT NULL DEFAULT '0,1,2,3,4',
    day_starts TEXT NOT NULL DEFAULT '08:00',
    day_ends TEXT NOT NULL DEFAULT '19:00',
    quiet_from TEXT,
    quiet_to TEXT,
    holidays TEXT,
    away_until TEXT,
    before_minutes INTEGER NOT NULL DEFAULT 10,
    PRIMARY KEY (workspace_id, user_id)
);

CREATE TABLE daily_tips (
    workspace_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    at TEXT NOT NULL,
    days TEXT NOT NULL,
    zone TEXT NOT NULL,
    holidays TEXT,
    set_by TEXT NOT NULL,
    set_at TEXT NOT NULL,
    ended_at TEXT,
    ended_by TEXT,
    PRIMARY KEY (workspace_id, channel_id)
);

-- Debriefs and what was replied ------------------------------------------------------------------

CREATE TABLE debriefs (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    call_id BIGINT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    form TEXT NOT NULL,
    goal TEXT NOT NULL DEFAULT '',
    reached TEXT,
    achieved TEXT,
    next_step TEXT,
    by_when TEXT,
    committed TEXT,
    their_step TEXT,
    their_by_when TEXT,
    forgot TEXT,
    shared INTEGER NOT NULL DEFAULT 0,
    shared_channel_id TEXT,
    shared_ts TEXT,
    pointed_out_at TEXT,
    tip_id BIGINT REFERENCES tips_said (id) ON DELETE SET NULL,
    saved_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    written TEXT,
    prompt TEXT,
    posts_used TEXT,
    recalled TEXT,
    -- The state of the debrief that the feedback was written on.
    written_on TEXT,
    UNIQUE (call_id, user_id)
);

CREATE TABLE replies (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    call_id BIGINT REFERENCES calls (id) ON DELETE SET NULL,
    nudge_id BIGINT REFERENCES outbox (id) ON DELETE SET NULL,
    question TEXT NOT NULL,
    asked TEXT NOT NULL,
    said TEXT NOT NULL,
    via TEXT NOT NULL CHECK (via IN ('form', 'button', 'message')),
    channel_id TEXT,
    message_ts TEXT,
    replaces BIGINT REFERENCES replies (id) ON DELETE SET NULL,
    removed INTEGER NOT NULL DEFAULT 0,
    said_at TEXT NOT NULL,
    -- Tells the order of versions that came in another.
    event_ts TEXT
);
CREATE INDEX replies_of_rep ON replies (workspace_id, user_id, said_at);
CREATE INDEX replies_of_call ON replies (call_id);
CREATE INDEX replies_to_message ON replies (workspace_id, channel_id, message_ts);

-- What models were asked -------------------------------------------------------------------------

CREATE TABLE model_calls (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    day TEXT NOT NULL,
    what TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    code TEXT NOT NULL DEFAULT '',
    asked_at TEXT NOT NULL,
    ended_at TEXT
);
CREATE INDEX model_calls_of_day ON model_calls (workspace_id, day);

-- Questions, and what they were answered --------------------------------------------------------------

CREATE TABLE questions (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    message_ts TEXT NOT NULL,
    thread_ts TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    said_ts TEXT,
    tip_id BIGINT REFERENCES tips_said (id) ON DELETE SET NULL,
    UNIQUE (workspace_id, channel_id, message_ts)
);
CREATE INDEX questions_of_rep ON questions (workspace_id, user_id, channel_id);

-- Lessons that were offered where none was sure to fit, as JSON, and which one was opened.
CREATE TABLE choices (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    words TEXT NOT NULL,
    offered TEXT NOT NULL,
    offered_at TEXT NOT NULL,
    chosen INTEGER,
    chosen_at TEXT,
    tip_id INTEGER REFERENCES tips_said (id) ON DELETE SET NULL
);

CREATE INDEX choices_of_rep ON choices (workspace_id, user_id);

-- Feeds that managers follow, and what came from Slack or a feed and waits for their word.
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    unwanted TEXT NOT NULL DEFAULT '[]',
    failing TEXT NOT NULL DEFAULT '',
    followed_at TEXT NOT NULL,
    next_at TEXT NOT NULL,
    looked_at TEXT,
    UNIQUE (workspace_id, url)
);

CREATE INDEX feeds_due ON feeds (next_at);

CREATE TABLE offers (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    file_id TEXT NOT NULL DEFAULT '',
    message_ts TEXT NOT NULL DEFAULT '',
    feed_id INTEGER REFERENCES feeds (id) ON DELETE SET NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'found', 'refused', 'asked',
        'accepted', 'imported', 'done', 'left', 'gone')),
    content BLOB,
    found TEXT NOT NULL DEFAULT '{}',
    sentence TEXT NOT NULL DEFAULT '',
    thread_ts TEXT NOT NULL DEFAULT '',
    channel_id TEXT NOT NULL DEFAULT '',
    ts TEXT NOT NULL DEFAULT '',
    made_at TEXT NOT NULL,
    due_at TEXT NOT NULL
);

CREATE UNIQUE INDEX offers_of_file ON offers (workspace_id, file_id, message_ts)
    WHERE file_id <> '';

CREATE INDEX offers_open ON offers (due_at)
    WHERE state IN ('received', 'found', 'refused', 'accepted', 'imported');

-- Calendars, and what stands in them ---------------------------------------------------------------

-- `address` is a secret, sealed where there is a key. `each_one`: however many a day.
CREATE TABLE calendars (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    address TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    which TEXT NOT NULL CHECK (which IN ('customers', 'known')),
    channel_id TEXT NOT NULL DEFAULT '',
    each_one INTEGER NOT NULL DEFAULT 0,
    myself TEXT NOT NULL DEFAULT '',
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    digest TEXT NOT NULL DEFAULT '',
    read_until TEXT,
    unread INTEGER NOT NULL DEFAULT 0,
    failing TEXT NOT NULL DEFAULT '',
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since TEXT,
    shrunk_since TEXT,
    set_at TEXT NOT NULL,
    next_at TEXT NOT NULL,
    looked_at TEXT,
    UNIQUE (workspace_id, user_id)
);
CREATE INDEX calendars_due ON calendars (next_at);

-- `people` is JSON: address, name and answer of each.
CREATE TABLE meetings (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    key TEXT NOT NULL,
    series TEXT NOT NULL,
    title TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    people TEXT NOT NULL,
    all_day INTEGER NOT NULL,
    busy INTEGER NOT NULL,
    away INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    zone_unsure INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('customer', 'unsure', 'none')),
    account TEXT NOT NULL,
    why TEXT NOT NULL,
    missed INTEGER NOT NULL DEFAULT 0,
    call_id BIGINT REFERENCES calls (id) ON DELETE SET NULL,
    UNIQUE (workspace_id, user_id, key)
);
CREATE INDEX meetings_of_rep ON meetings (workspace_id, user_id, starts);
CREATE INDEX meetings_of_series ON meetings (workspace_id, series);
CREATE INDEX meetings_of_call ON meetings (call_id);

-- What a rep said once: about a series, or about everybody of a domain (“@” and its name).
CREATE TABLE meeting_choices (
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    about TEXT NOT NULL,
    customer INTEGER NOT NULL,
    account TEXT NOT NULL DEFAULT '',
    chosen_at TEXT NOT NULL,
    PRIMARY KEY (workspace_id, user_id, about)
);
