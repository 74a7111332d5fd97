"""A rep's own record: to read, to take along, to have forgotten; and the whole team's, as CSV."""

from __future__ import annotations

import csv
import io
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock.now import HandClock
from bot.huddles.huddle import HuddleChange
from bot.records.csv_export import csv_text, safe
from bot.records.table import STEPS
from bot.settings import Settings
from handlers.app import Bot
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import SCOPES, Message
from tests.conftest import eventually, rows
from tests.support.debriefs import SAM, asked, debrief, form, held, press, save, told
from tests.support.huddles import unheard
from tests.support.paths import ROOT

Wake = Callable[[], None]
WORD = "a-private-thought"


@pytest.fixture(autouse=True)
def at_ten(clock: HandClock) -> HandClock:
    """Monday 10:00 in New York."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    return clock


def coach(slack: FakeSlack, words: str, user: str = "U1", channel: str = "C1") -> Message:
    """Type `/coach words` and wait for the private answer."""
    before = len(slack.ephemerals(user))
    delivery = slack.command(user, channel, "/coach", words)
    assert (delivery.status, delivery.error) == (200, None)
    eventually(lambda: len(slack.ephemerals(user)) > before)
    return slack.ephemerals(user)[-1]


def kept(slack: FakeSlack, bot: Bot, account: str = "Acme", **answers: object) -> None:
    """A call of Sam's with a debrief."""
    held(bot, account)
    debrief(slack, account)
    save(slack, **{"reached": "Partly", "surprised": WORD, **answers})


# Log ----------------------------------------------------------------------------------------


def test_the_log_is_what_i_said_newest_first_and_only_i_see_it(slack: FakeSlack, bot: Bot) -> None:
    held(bot, "Globex", ago=timedelta(hours=30))
    debrief(slack, "globex")
    save(slack, reached="No", forgot="the budget")
    kept(slack, bot)
    log = coach(slack, "log")
    assert log.plain.index("Acme") < log.plain.index("Globex")
    assert "What did you forget to ask? _the budget_" in log.plain
    assert "Did you reach it? *No*" in log.plain
    for user in ("U2", "U3"):
        assert not [m for m in slack.seen_by(user) if WORD in m.plain or "the budget" in m.plain]
        assert "I keep no replies of yours" in coach(slack, "log", user).plain


def test_the_log_of_one_account_leaves_out_the_others(slack: FakeSlack, bot: Bot) -> None:
    kept(slack, bot, "Globex")
    kept(slack, bot, "Acme")
    assert "Globex" not in coach(slack, "log ACME").plain
    assert "about _Initech_" in coach(slack, "log Initech").plain


@pytest.mark.parametrize("typed", ["acm", "“Acme”", "call with acme", "Acme."])
def test_log_finds_an_account_as_debrief_does(slack: FakeSlack, bot: Bot, typed: str) -> None:
    kept(slack, bot, "Globex")
    kept(slack, bot, "Acme")
    said = coach(slack, f"log {typed}").plain
    assert "Acme" in said and "Globex" not in said


def test_log_names_the_accounts_that_there_are(slack: FakeSlack, bot: Bot) -> None:
    kept(slack, bot, "Globex")
    kept(slack, bot, "Acme")
    assert "There are *Acme*, *Globex*." in coach(slack, "log umbrella").plain


@pytest.mark.parametrize("typed", ["?", "list", "help", "commands"])
def test_help_by_any_name_lists_all(slack: FakeSlack, bot: Bot, typed: str) -> None:
    assert "`/coach log acme`" in coach(slack, typed).plain


def test_help_behind_a_word_tells_of_that_word_and_does_nothing(slack: FakeSlack, bot: Bot) -> None:
    said = coach(slack, "export help").plain
    assert "`/coach export`" in said and "`/huddle" not in said


def test_change_in_the_log_opens_the_form_filled(slack: FakeSlack, bot: Bot) -> None:
    kept(slack, bot)
    press(slack, coach(slack, "log"), "Change")
    values = form(slack).screen.values("U1")
    assert values["surprised"]["answer"]["value"] == WORD
    save(slack, surprised="something else")
    assert WORD not in coach(slack, "log").plain


def test_the_log_says_a_day_as_people_do(slack: FakeSlack, bot: Bot) -> None:
    kept(slack, bot, reached="Yes", next_step="Ann signs", by_when="2026-11-24")
    assert "By when *tomorrow*" in coach(slack, "log").plain
    assert "2026-11-24" in bot.coach.records.own_csv(SAM)[0], "a file keeps it as it was chosen"


def test_the_longest_log_stays_within_slacks_limits(slack: FakeSlack, bot: Bot) -> None:
    for n in range(25):
        kept(slack, bot, f"Account {n}", surprised="<&>" * 900, forgot="x" * 2900)
    log = coach(slack, "log")
    assert "more: `/coach export` brings all." in log.plain


# Export -------------------------------------------------------------------------------------


def test_my_replies_come_as_a_file_in_my_messages(slack: FakeSlack, bot: Bot) -> None:
    slack.add_workspace(scopes={*SCOPES, "files:write"})
    kept(slack, bot, surprised='=HYPERLINK("https://evil.example")')
    press(slack, told(slack)[-1], "Change")
    save(slack, reached="Yes")
    coach(slack, "export")
    file = slack.messages(slack.dm("U1"))[-1].files[0]
    table = read(slack.world.files[file["id"]]["content"].decode())
    said = {(row["asked"], row["said"], row["state"]) for row in table}
    assert said == {
        ("Did you reach it?", "Partly", "replaced"),
        ("Did you reach it?", "Yes", "stands"),
        ("What surprised you?", '\'=HYPERLINK("https://evil.example")', "stands"),
    }
    assert {row["account"] for row in table} == {"Acme"}


def test_without_the_scope_my_replies_come_as_text(slack: FakeSlack, bot: Bot) -> None:
    kept(slack, bot, surprised="```<b>&" + "word " * 590, forgot="y" * 2990)
    coach(slack, "export")
    texts = [m.text for m in told(slack)]
    assert any("files:write" in text for text in texts)
    assert "".join(texts).count("y") >= 2990
    assert "missing_scope" not in str(rows(bot, "SELECT why FROM troubles"))
    assert rows(bot, "SELECT count(*) FROM troubles") == [(0,)]


def test_nothing_kept_is_nothing_sent(slack: FakeSlack, bot: Bot) -> None:
    kept(slack, bot)
    assert "I keep no replies of yours" in coach(slack, "export", "U2").plain
    assert not [m for m in slack.seen_by("U2") if WORD in m.plain]


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_no_cell_can_be_run_as_a_formula(start: str) -> None:
    assert str(safe(f"{start}1+1")).startswith("'")
    assert safe(-5) == -5
    assert read(csv_text(("a",), [(f"{start}1",)]))[0]["a"].startswith("'")


def test_the_whole_teams_data_is_written_as_csv(
    slack: FakeSlack, bot: Bot, settings: Settings, tmp_path: Path
) -> None:
    kept(slack, bot)
    coach(slack, "daily 09:00")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "export", str(tmp_path / "out")],
        env={**os.environ, "COACH_DB": str(settings.db)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"calls.csv", "replies.csv", "debriefs.csv", "outbox.csv", "posts.csv"} <= names
    assert not [name for name in names if name.startswith(("documents", "sqlite", "_", "handled"))]
    assert WORD in {row["said"] for row in read((tmp_path / "out/replies.csv").read_text())}
    assert f"{len(names)} tables written" in done.stdout


def test_a_folder_that_cannot_be_written_is_said_plainly(
    bot: Bot, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "export", str(tmp_path / "out")],
        env={**os.environ, "COACH_DB": str(settings.db)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and "can't be written" in done.stderr


# Forget me ----------------------------------------------------------------------------------


def forget(slack: FakeSlack, user: str = "U1") -> None:
    question = coach(slack, "forget me", user)
    assert "What stays" in question.plain
    press(slack, question, "Forget me", user)
    eventually(lambda: "Done: what I kept" in slack.ephemerals(user)[-1].plain)


def bytes_on_disk(bot: Bot) -> bytes:
    path = bot.coach.store.path
    return b"".join(p.read_bytes() for p in path.parent.glob(path.name + "*") if p.is_file())


def tables_that_name(bot: Bot, user: str) -> list[str]:
    tables = [str(row[0]) for row in rows(bot, "SELECT name FROM sqlite_master WHERE type='table'")]
    tables.remove("audit")  # that somebody was forgotten, and who asked for it, stays
    name = re.compile(rf"\b{user}\b")
    return [t for t in tables if name.search(str(rows(bot, f"SELECT * FROM [{t}]")))]


def test_forget_me_asks_first_and_says_what_stays(slack: FakeSlack, bot: Bot) -> None:
    kept(slack, bot)
    question = coach(slack, "forget me")
    press(slack, question, "Keep it")
    eventually(lambda: "Nothing was removed" in slack.ephemerals("U1")[-1].plain)
    assert rows(bot, "SELECT count(*) FROM replies") != [(0,)]
    assert "asks first" in coach(slack, "forget").plain


def test_after_forget_me_no_word_of_mine_is_on_the_disk(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Globex")
    slack.say("U1", slack.dm("U1"), "typed-" + WORD)
    eventually(lambda: rows(bot, "SELECT 1 FROM replies"))
    message = next(m for m in slack.messages(slack.dm("U1")) if m.user == "U1")
    slack.edit("U1", message, "edited-" + WORD)
    eventually(lambda: len(rows(bot, "SELECT 1 FROM replies")) == 2)
    slack.command("U1", "C1", "/tip", f"{WORD} zzz")
    eventually(lambda: rows(bot, "SELECT 1 FROM gaps"))
    held(bot, "Acme", goal="")
    debrief(slack, "acme")
    save(slack, reached="No", goal=WORD, forgot=WORD, next_step=WORD, by_when="2026-12-02")
    assert WORD.encode() in bytes_on_disk(bot)
    bot.inbox_worker.drain()
    forget(slack)
    assert WORD.encode() not in bytes_on_disk(bot)
    for table in ("replies", "debriefs", "gaps", "tips_said", "outbox", "reps"):
        assert rows(bot, f"SELECT count(*) FROM {table} WHERE user_id = 'U1'") == [(0,)], table
    assert rows(bot, "SELECT count(*) FROM calls") == [(0,)]  # no channel ever saw them
    assert tables_that_name(bot, "U1") == []


def test_what_is_still_being_answered_makes_nobody_known_again(slack: FakeSlack, bot: Bot) -> None:
    slack.fail("response_url", "slow", seconds=30)
    slack.command("U1", "C1", "/tip", "angry client complains")
    eventually(lambda: not slack.faults.waiting("response_url"))
    forget(slack)
    slack.release()
    bot.stop()
    assert tables_that_name(bot, "U1") == []


def test_every_column_that_names_a_person_is_looked_at(db: Path) -> None:
    """A table that is made later can't be left out: its columns are found in the file."""
    with closing(sqlite3.connect(db)) as file:
        tables = [t for (t,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = [(t, c[1]) for t in tables for c in file.execute(f"PRAGMA table_info([{t}])")]
    people = [(t, c) for t, c in columns if re.search(r"(user|owner|by)_id$|_by$", c)]
    done = [step.write([1]) for step in STEPS]
    own_work = {("huddle_items", "worded_by")}  # the name of a prompt
    own_work |= {("forgetting", "user_id")}  # goes when all of it is done
    assert len(people) > 15
    for table, column in {*people} - own_work:
        about = [sql for sql in done if re.match(rf"\s*(DELETE FROM|UPDATE) {table}\b", sql)]
        assert any(column in sql for sql in about), f"{table}.{column}"


def test_what_others_said_stays_when_one_is_forgotten(slack: FakeSlack, bot: Bot) -> None:
    slack.command("U1", "C1", "/huddle", "Acme discovery 10:15 @kim")
    eventually(lambda: rows(bot, "SELECT 1 FROM huddle_people WHERE user_id = 'U2'"))
    coach(slack, "daily 09:00")
    bot.coach.clock.forward(hours=3)  # type: ignore[attr-defined]
    debrief(slack, "acme", "U2")
    save(slack, "U2", reached="Yes", forgot="kims-thought")
    debrief(slack, "acme")
    save(slack, reached="No", forgot=WORD)
    forget(slack)
    assert rows(bot, "SELECT user_id, forgot FROM debriefs") == [("U2", "kims-thought")]
    assert rows(bot, "SELECT account, owner_id, state FROM calls") == [("Acme", "", "held")]
    assert "kims-thought" in coach(slack, "log", "U2").plain
    assert tables_that_name(bot, "U1") == []


def test_a_private_goal_is_forgotten_where_a_colleague_spoke_of_the_call(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.command("U1", slack.dm("U1"), "/huddle", "Acme discovery 10:15 @kim")
    eventually(lambda: rows(bot, "SELECT 1 FROM huddles WHERE ts IS NOT NULL"))
    bot.coach.huddles.change(SAM, 1, HuddleChange(goal=WORD), unheard(bot, SAM))
    bot.coach.clock.forward(hours=3)  # type: ignore[attr-defined]
    debrief(slack, "acme", "U2")
    save(slack, "U2", reached="Yes")
    forget(slack)
    assert rows(bot, "SELECT owner_id, goal FROM calls") == [("", "")]
    assert rows(bot, "SELECT 1 FROM changes WHERE what = 'goal'") == []


def test_a_call_still_ahead_keeps_its_card_and_its_owner(slack: FakeSlack, bot: Bot) -> None:
    slack.command("U1", "C1", "/huddle", "Acme discovery 16:00")
    eventually(lambda: rows(bot, "SELECT 1 FROM huddles WHERE ts IS NOT NULL"))
    forget(slack)
    assert rows(bot, "SELECT owner_id, state FROM calls") == [("U1", "planned")]


def test_whoever_was_forgotten_starts_afresh(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    kept(slack, bot)
    said = told(slack)[-1]
    forget(slack)
    slack.click("U1", said, *slack.button(said, "Change")[1:], slack.button(said, "Change")[0])
    eventually(lambda: "can't find that call" in slack.ephemerals("U1")[-1].plain)
    assert "I keep no replies of yours" in coach(slack, "log").plain
    eventually(lambda: "I coach sales calls" in slack.said_to("U1"))
    kept(slack, bot)


def test_a_busy_file_is_erased_later(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    kept(slack, bot)
    reader = sqlite3.connect(bot.coach.store.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM replies").fetchone()
    forget(slack)
    assert WORD.encode() in bytes_on_disk(bot)
    reader.execute("COMMIT")
    reader.close()
    wake()
    assert WORD.encode() not in bytes_on_disk(bot)


def test_forgetting_one_of_two_workspaces_leaves_the_other(slack: FakeSlack, bot: Bot) -> None:
    kept(slack, bot)
    bot.coach.records.forget(SAM._replace(workspace_id="T2"))
    bot.coach.records.finish_forgetting()
    assert rows(bot, "SELECT count(*) FROM debriefs") == [(1,)]
