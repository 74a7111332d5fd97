#!/usr/bin/env bash
# UPDATE … RETURNING by db.execute() is not committed, and takes what is written later with it.
#
# sqlite-utils 4.2.1, Python 3.11.
# Guessed: db.execute() commits each write, as its docstring says, so one that returns rows too.
# Behaviour: without RETURNING the statement is committed. With it the transaction stays open
#   after the rows were read; each insert() that follows joins it; close() rolls everything back.
# Way out: db.query(), which commits, or a transaction of one's own around it.
# Output:
#   UPDATE:             in a transaction: False
#   UPDATE … RETURNING: in a transaction: True
#   in the file:        [('plain', 1)]
#   with query():       [('query', 1)]
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check sqlite-utils==4.2.1
"$temp/venv/bin/python" - <<'PYTHON'
import sqlite3
import tempfile
from pathlib import Path

from sqlite_utils import Database


def in_the_file(path):
    with sqlite3.connect(path) as other:
        return list(other.execute("SELECT state, id FROM jobs"))


with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "jobs.db"
    db = Database(path)
    db["jobs"].insert({"id": 1, "state": "new"}, pk="id")
    db.execute("UPDATE jobs SET state = 'plain'")
    print("UPDATE:             in a transaction:", db.conn.in_transaction)
    assert not db.conn.in_transaction

    claimed = db.execute("UPDATE jobs SET state = 'claimed' RETURNING id").fetchall()
    assert claimed == [(1,)]
    print("UPDATE … RETURNING: in a transaction:", db.conn.in_transaction)
    assert db.conn.in_transaction
    db["jobs"].insert({"id": 2, "state": "later"})
    db.close()
    print("in the file:       ", in_the_file(path))
    assert in_the_file(path) == [("plain", 1)]

    db = Database(path)
    assert list(db.query("UPDATE jobs SET state = 'query' RETURNING id")) == [{"id": 1}]
    db.close()
    print("with query():      ", in_the_file(path))
    assert in_the_file(path) == [("query", 1)]
PYTHON
