#!/usr/bin/env bash
# Four rows that have nothing to do with a search make its best score 400,000 times as large.
#
# SQLite 3.54.1 (apsw 3.54.1.0), FTS5's bm25(), Python 3.11.
# Guessed: bm25() falls smoothly as a word gets more common, so that a threshold can tell an
#   answer from chance, and a word that is the whole question counts for something.
# Behaviour: where a word is in half of the rows or more its weight is set to 0.000001 whatever
#   else is true. The row that is about nothing but the word scores as good as zero; other rows
#   arriving lift it. A small table, the one of every test, is the worst case.
# Way out: never put a threshold on a bare bm25(); add a smoothed weight of one's own.
# Output:
#   3 of 4 rows hold the word: best score 0.0000016
#   3 of 8 rows hold the word: best score 0.7
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check apsw==3.54.1.0
"$temp/venv/bin/python" - <<'PYTHON'
import apsw

db = apsw.Connection(":memory:")
assert apsw.sqlite_lib_version() == "3.54.1"
db.execute("CREATE VIRTUAL TABLE notes USING fts5 (text)")


def add(*texts):
    db.executemany("INSERT INTO notes VALUES (?)", [[text] for text in texts])


def best():
    rows = db.execute("SELECT -bm25(notes) FROM notes WHERE notes MATCH 'price' ORDER BY rank")
    return next(iter(rows))[0]


add("price price price price", "price and other words", "price list", "nothing at all")
small = best()
print(f"3 of 4 rows hold the word: best score {small:.7f}")
add("lunch is at noon", "the train was late", "rain again today", "a new chair came")
large = best()
print(f"3 of 8 rows hold the word: best score {large:.1f}")
assert 0 < small < 0.00001
assert large > 0.1
PYTHON
