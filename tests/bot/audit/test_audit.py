"""The audit log takes codes and no words, and loses no backup, whenever the process is killed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.audit.service import AuditService, NotNoted, backups_beside, note_backup
from bot.audit.table import _CODE, Audit
from bot.clock.now import HandClock
from bot.settings import Settings
from bot.storage.store import Store

NOW = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "coach.db")


@pytest.fixture
def audit(store: Store) -> AuditService:
    return AuditService(store, HandClock(NOW))


def acts(audit: AuditService) -> list[tuple[str, str, str]]:
    return [(act.who, act.what, act.codes) for act in audit.all()]


@given(st.text())
def test_a_code_is_one_word_of_a_program_and_never_a_sentence(text: str) -> None:
    if _CODE.fullmatch(text):
        assert text.isascii() and " " not in text and len(text) <= 53


def test_what_may_be_words_is_refused_and_nothing_of_it_is_kept(
    store: Store, audit: AuditService
) -> None:
    with pytest.raises(ValueError, match="1 codes are none"):
        store.write(lambda db: Audit(db).put(("T1", "U1"), "import", NOW, "posts=2", "Acme Ltd"))
    assert acts(audit) == []


def test_a_start_with_other_settings_names_them_and_not_their_values(audit: AuditService) -> None:
    first = Settings(db=Path("a.db"), managers=frozenset({"U1", "U2"}), model="gpt")
    audit.started_with(first)
    audit.started_with(replace(first, managers=frozenset({"U2", "U1"})))
    assert acts(audit) == [], "the same again, and before the first start there was nothing"
    audit.started_with(replace(first, managers=frozenset({"U9"}), model="", openai_key="sk-new"))
    changed = "COACH_MANAGERS COACH_MODEL OPENAI_API_KEY"
    assert acts(audit) == [("the machine", "settings", changed)]


def test_no_value_of_a_setting_is_in_the_file(store: Store, audit: AuditService) -> None:
    audit.started_with(Settings(openai_key="sk-a-secret-of-ours", model="a-named-model"))
    store.close()
    kept = b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    assert b"a-secret-of-ours" not in kept and b"a-named-model" not in kept


def test_backups_made_beside_a_running_coach_are_taken_in_once(
    store: Store, audit: AuditService
) -> None:
    note_backup(store.path, NOW - timedelta(hours=2))
    note_backup(store.path, NOW - timedelta(hours=1))
    assert acts(audit) == [("the machine", "backup", "")] * 2 == acts(audit)


def test_a_kill_between_taking_backups_in_and_letting_go_of_them_notes_none_twice(
    store: Store, audit: AuditService
) -> None:
    note_backup(store.path, NOW)
    lines = backups_beside(store.path).read_text()
    audit.take_in()
    Path(f"{store.path}.backups-taken").write_text(lines)  # as a kill would have left it
    note_backup(store.path, NOW + timedelta(minutes=1))
    audit.take_in()
    audit.take_in()
    assert len(acts(audit)) == 2


def test_a_folder_that_cant_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotNoted, match="The backup was made, but"):
        note_backup(tmp_path / "none" / "coach.db", NOW)
