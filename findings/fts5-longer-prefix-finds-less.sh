#!/usr/bin/env bash
# Search as you type loses its hit in the middle of the word and finds it again at the end.
#
# SQLite 3.54.1 (apsw 3.54.1.0), FTS5 with the porter tokenizer, Python 3.11.
# Guessed: every beginning of a word that is in the text finds it, as prefix queries promise.
# Behaviour: the beginning that is typed is itself stemmed, as if it were a word, and then
#   compared with stems. “organiz” doesn't begin “organ”, the stem of “organization”: five letters
#   find the text, six to eleven find nothing, and the whole word finds it again.
# Way out: a second FTS5 table without a stemmer for what is being typed, or fts5vocab.
# Output:
#   organization: found by 5 letters, not by 6, 7, 8, 9, 10, 11, found by 12
#   business: found by 4 letters, not by 5, 6, 7, found by 8
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check apsw==3.54.1.0
"$temp/venv/bin/python" - <<'PYTHON'
import apsw

db = apsw.Connection(":memory:")
assert apsw.sqlite_lib_version() == "3.54.1"
db.execute("CREATE VIRTUAL TABLE notes USING fts5 (text, tokenize = 'porter')")
db.execute("INSERT INTO notes VALUES ('A small organization with a business plan')")


def found(beginning):
    query = f'"{beginning}"*'
    return db.execute("SELECT count(*) FROM notes WHERE notes MATCH ?", [query]).get == 1


for word, shortest, lost in (
    ("organization", 5, [6, 7, 8, 9, 10, 11]),
    ("business", 4, [5, 6, 7]),
):
    missing = [n for n in range(shortest, len(word)) if not found(word[:n])]
    numbers = ", ".join(map(str, missing))
    print(f"{word}: found by {shortest} letters, not by {numbers}, found by {len(word)}")
    assert found(word[:shortest]) and found(word) and missing == lost
PYTHON
