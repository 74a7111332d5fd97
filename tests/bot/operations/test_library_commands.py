"""`python -m bot`: what an admin types, run as an admin runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.coach import ROOT
from bot.errors import NO_PLACE, SETTINGS_WRONG
from tests.conftest import ARCHIVES, needs_archives

Run = Callable[..., "subprocess.CompletedProcess[str]"]

POST = """\
Monday, March 7, 2016

Bring the Ladder

A buyer who cannot see over the fence will not climb it. Bring the ladder to the first call.

Ask what stands on the other side. Write the answer down before you leave.
"""


@pytest.fixture
def run(db: Path) -> Run:
    """Run `python -m bot …` with a database of its own and no tokens."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "COACH_", "OPENAI_"))}
    env |= {"COACH_DB": str(db), "PYTHONWARNINGS": "error", "COACH_EMBED_MODEL": "none"}

    def run(*words: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=ROOT, env=env | more, input=stdin, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    return run


def test_an_archive_is_imported_and_then_quoted(run: Run, tmp_path: Path) -> None:
    (tmp_path / "march.txt").write_text(POST)
    done = run("import", str(tmp_path / "march.txt"))
    assert done.returncode == 0
    assert "1 posts, 0 teasers, 0 undated, 0 untitled" in done.stdout
    asked = ("tip", "bring the ladder over the fence", "--json")
    answer = json.loads(run(*asked, COACH_EMBED_MODEL="local").stdout)
    assert answer["answered"]
    assert answer["citations"][0]["post"] == "2016-03-07-bring-the-ladder"
    assert answer["citations"][0]["shelf"] == "original"
    assert answer["citations"][0]["quote"] in POST
    assert answer["ranked"][0]["published"] == "2016-03-07"


def test_importing_again_changes_nothing_and_a_changed_post_is_updated(
    run: Run, tmp_path: Path
) -> None:
    archive = tmp_path / "march.txt"
    archive.write_text(POST)
    assert "1 new" in run("import", str(archive)).stdout
    assert "1 same" in run("import", str(archive)).stdout
    archive.write_text(POST.replace("first call", "second call"))
    assert "1 changed" in run("import", str(archive)).stdout
    post = next(p for p in json.loads(run("posts", "--json").stdout) if p["shelf"] == "original")
    assert "second call" in post["body"]


def test_a_file_that_cannot_be_read_is_refused_whole_and_the_others_go_in(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x00\x01\x02\xff" * 50)
    (tmp_path / "b.txt").write_text("")
    (tmp_path / "c.txt").write_text(POST)
    done = run("import", *(str(tmp_path / name) for name in ("a.txt", "b.txt", "c.txt", "d.txt")))
    assert done.returncode == 1
    assert done.stdout.count("refused") == 3
    assert "1 new" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_pages_and_feeds_are_imported_and_a_long_one_shows_progress(
    run: Run, tmp_path: Path
) -> None:
    item = "<item><title>Fence {0}</title><description>Mend fence {0} today.</description></item>"
    items = "".join(item.format(n) for n in range(250))
    (tmp_path / "all.RSS").write_text(f'<rss version="2.0"><channel>{items}</channel></rss>')
    (tmp_path / "one.html").write_text("<html><h1>Gate</h1><p>Oil the gate.</p></html>")
    (tmp_path / "bad.xml").write_text('<rss version="2.0"><channel><item>')
    done = run("import", str(tmp_path))
    assert done.returncode == 1
    assert "250 new" in done.stdout and "1 new" in done.stdout
    assert done.stdout.count("refused. bad.xml, line 1: the feed is not well-formed") == 1
    assert done.stderr.count("posts read") == 2
    assert "200 posts read" in done.stderr


def test_the_shipped_library_answers_before_any_import(run: Run, tmp_path: Path) -> None:
    posts = json.loads(run("posts", "--json", COACH_DB=str(tmp_path / "first.db")).stdout)
    assert len(posts) == 60
    assert {post["shelf"] for post in posts} == {"card"}
    keys = [
        "slug",
        "title",
        "author",
        "blog",
        "published",
        "url",
        "teaser",
        "announcement",
        "shelf",
        "body",
    ]
    assert sorted(posts[0]) == sorted(keys)


def test_many_questions_are_read_one_a_line(run: Run) -> None:
    done = run("tip", "-", "--json", stdin="angry client complains\nkubernetes quokka zanzibar\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["answered"] for answer in answers] == [True, False]
    keys = ["query", "answered", "text", "score", "citations", "offered", "ranked"]
    assert all(sorted(answer) == sorted(keys) for answer in answers)
    assert answers[1]["citations"] == answers[1]["offered"] == []


def test_without_tokens_the_coach_says_in_plain_words_what_it_needs(run: Run) -> None:
    done = run("socket")
    assert done.returncode == SETTINGS_WRONG
    assert "SLACK_BOT_TOKEN and SLACK_APP_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_has_no_place_is_a_sentence_that_says_what_to_do(
    run: Run, tmp_path: Path
) -> None:
    nowhere = str(tmp_path / "none" / "coach.db")
    for word in ("doctor", "trial"):
        done = run(word, COACH_DB=nowhere)
        assert done.returncode == NO_PLACE
        assert f"The folder {tmp_path / 'none'} does not exist. Make it first" in done.stderr
    assert (
        "is a folder. Set COACH_DB to a file in it" in run("doctor", COACH_DB=str(tmp_path)).stderr
    )


def test_a_folder_without_an_archive_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    assert "nothing to read in here" in run("import", str(tmp_path / "photos")).stdout


def test_wrong_settings_are_a_sentence_and_not_a_traceback(run: Run) -> None:
    done = run("posts", PORT="many")
    assert done.returncode == SETTINGS_WRONG
    assert "PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_sentences_can_be_looked_up_for_a_play(run: Run) -> None:
    done = run("sentences", "2011-03-11-first-and-ten")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()[0].split("  ")[0]) == 12
    assert run("sentences", "no-such-post").returncode == 1


def test_doctor_says_what_to_do(run: Run) -> None:
    done = run("doctor")
    assert done.returncode == 1
    assert "SLACK_BOT_TOKEN" in done.stdout


PAGE = "---\ntitle: {title}\n{more}---\nBring the {title} along to the first call of the week.\n"


def test_a_folder_ends_with_a_sum_and_names_what_was_not_read(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "blog"
    folder.mkdir()
    (folder / "a.md").write_text(PAGE.format(title="Ladder", more=""))
    (folder / "b.md").write_text(PAGE.format(title="Lamp", more="draft: true\n"))
    (folder / "c.png").write_bytes(b"\x89PNG")
    (folder / "d.xml").write_text("<rss version='2.0'><channel><item>")
    done = run("import", str(folder))
    assert "in all: 1 posts in 2 files; 1 new; 1 files refused; left out: 1 draft" in done.stdout
    assert "not read: c.png (no posts stand in such files)" in done.stdout
    assert "cut off" in done.stdout


def test_a_dry_run_shows_what_would_come_in_and_keeps_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "march.txt").write_text(POST)
    done = run("import", "--dry-run", str(tmp_path / "march.txt"))
    assert "1 new" in done.stdout and "Nothing was kept" in done.stdout
    assert "1 new" in run("import", str(tmp_path / "march.txt")).stdout


def test_posts_are_taken_out_by_name_file_or_blog_after_a_yes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "march.txt").write_text(POST)
    (tmp_path / "a.md").write_text(PAGE.format(title="Ladder", more="blog: Slow Oars\n"))
    run("import", str(tmp_path))
    slug = "2016-03-07-bring-the-ladder"
    assert "Nothing was taken out" in run("remove", slug, stdin="n\n").stdout
    assert "1 post was taken out" in run("remove", slug, stdin="y\n").stdout
    assert "1 new" in run("import", str(tmp_path / "march.txt")).stdout, "it may come again"
    assert "1 post was" in run("remove", "--from", str(tmp_path / "march.txt"), "--yes").stdout
    assert "1 post was" in run("remove", "--blog", "slow oars", "--yes").stdout
    done = run("remove", "2011-03-11-first-and-ten", "--yes")
    assert done.returncode == 1 and "own cards" in done.stderr


def test_what_is_private_now_and_came_in_before_is_named(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text(PAGE.format(title="Ladder", more="date: 2016-03-07\n"))
    run("import", str(page))
    page.write_text(PAGE.format(title="Ladder", more="date: 2016-03-07\ndraft: true\n"))
    assert "python -m bot remove 2016-03-07-ladder" in run("import", str(page)).stdout


@needs_archives
def test_the_five_archives_make_sixty_posts(run: Run) -> None:
    done = run("import", str(ARCHIVES))
    assert done.returncode == 0
    assert [line.split(": ")[1].split(" posts")[0] for line in done.stdout.splitlines()
            if " posts, " in line] == ["4", "31", "14", "10", "1"]  # fmt: skip
    posts = json.loads(run("posts", "--json").stdout)
    assert len(posts) == 60
    assert {post["shelf"] for post in posts} == {"original"}
