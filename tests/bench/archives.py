"""A WordPress export of 5,000 posts, against feedparser and a bare insert; and the same again."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.figures import line, median

POSTS, CHARS, ROUNDS = 5_000, 4_000, 3
FIRST_GOAL, AGAIN_GOAL, MEMORY_MB = 2.0, 0.3, 200.0

_MEASURE = """
import re, sys, time
from pathlib import Path
{prepare}
start = time.perf_counter()
{work}
ms = (time.perf_counter() - start) * 1000
mb = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
print(ms, mb)
"""
_OURS = """
from bot.__main__ import main
main(["import", {file!r}])
"""
_THEIRS = """
import sqlite3, feedparser
found = feedparser.parse(open({file!r}, "rb"))
db = sqlite3.connect({db!r})
db.execute("CREATE VIRTUAL TABLE t USING fts5 (title, body, tokenize = 'porter unicode61')")
rows = ((e.title, e.content[0].value) for e in found.entries)
db.executemany("INSERT INTO t VALUES (?, ?)", rows)
db.commit()
"""
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Made up</title>'
)
_ITEM = (
    "<item><title>Made up {n}</title><link>https://made.example/{n}/</link>"
    "<dc:creator>Ann Lee</dc:creator><guid>https://made.example/?p={n}</guid>"
    "<pubDate>Tue, 06 May 2014 10:00:00 +0000</pubDate>"
    "<content:encoded><![CDATA[{body}]]></content:encoded><wp:post_date>2014-05-06 10:00:00"
    "</wp:post_date><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>"
)


def run() -> None:
    """In turns, each in a process of its own, so that memory can be told."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "export.xml")
        _write(file)
        figures = [_turn(Path(folder), file, turn) for turn in range(ROUNDS)]
    first, theirs, again, memory = (median(each) for each in zip(*figures, strict=True))
    line("import of a 20 MB export (against feedparser and a bare insert)", first, theirs, "ms",
         FIRST_GOAL)  # fmt: skip
    line("the same file again (against the first import)", again, first, "ms", AGAIN_GOAL)
    line("memory of that import", memory, MEMORY_MB, "MB", 1.0)


def _turn(folder: Path, file: Path, turn: int) -> tuple[float, float, float, float]:
    ours = _OURS.format(file=str(file))
    db = folder / f"coach{turn}.db"
    first, memory = _once(ours, db)
    theirs, _ = _once(_THEIRS.format(file=str(file), db=str(folder / f"bare{turn}.db")), db)
    again, _ = _once(ours, db)
    return first, theirs, again, memory


def _once(work: str, db: Path) -> tuple[float, float]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("COACH_", "SLACK_"))}
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE.format(prepare="", work=work)],
        env=env | {"COACH_DB": str(db)},
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    ms, mb = done.stdout.split("\n")[-2].split()
    return float(ms), float(mb)


def _write(file: Path) -> None:
    from random import Random

    from tests.bench.library import _spoken

    chance, spoken = Random(7), _spoken()
    with file.open("w", encoding="utf-8") as out:
        out.write(_HEAD)
        for n in range(POSTS):
            words = " ".join(chance.choices(spoken, k=CHARS // 6))
            sentences = [
                words[at : at + 400].strip().capitalize() for at in range(0, len(words), 400)
            ]
            out.write(_ITEM.format(n=n, body=".\n\n".join(sentences)))
        out.write("</channel></rss>")
