"""Settings come from the environment, and every one that can't be read is named."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsWrong


def test_without_any_variable_there_is_a_default_for_everything() -> None:
    settings = Settings.from_env({})
    assert settings.port == 3000
    assert settings.db.name == "coach.db"
    assert settings.commands["huddle"] == "/huddle"


def test_all_wrong_settings_are_named_in_one_message() -> None:
    with pytest.raises(SettingsWrong) as error:
        Settings.from_env({"PORT": "many", "COACH_MANAGERS": "mia", "SLACK_API_URL": "slack"})
    for name in ("PORT", "COACH_MANAGERS", "SLACK_API_URL"):
        assert name in str(error.value)


@pytest.mark.parametrize(
    "names",
    ["huddle", "huddle=prep", "huddle=/Prep", "lunch=/lunch", "huddle=/tip", "huddle=/" + "x" * 32],
)
def test_a_command_name_that_slack_would_refuse_is_refused_here(names: str) -> None:
    with pytest.raises(SettingsWrong, match="COACH_COMMANDS"):
        Settings.from_env({"COACH_COMMANDS": names})


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-A", "begins with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-…", "“OAuth & Permissions”"),
        ("SLACK_APP_TOKEN", "xoxb-1", "begins with xapp-"),
        ("SLACK_SIGNING_SECRET", "ein Geheimnis", "copy it again"),
    ],
)
def test_a_token_in_the_wrong_place_is_named_and_not_shown(name: str, text: str, says: str) -> None:
    with pytest.raises(SettingsWrong, match=name) as error:
        Settings.from_env({name: text})
    assert says in str(error.value)
    assert text not in str(error.value)


def test_commands_can_have_other_names() -> None:
    settings = Settings.from_env({"COACH_COMMANDS": "huddle=/prep, debrief=/after"})
    assert settings.commands == {
        "tip": "/tip", "huddle": "/prep", "debrief": "/after", "coach": "/coach"
    }  # fmt: skip


def test_managers_may_be_separated_by_commas_or_spaces() -> None:
    settings = Settings.from_env({"COACH_MANAGERS": "U1, W2 U3"})
    assert settings.managers == {"U1", "W2", "U3"}


def test_own_domains_are_read_with_and_without_the_at_sign() -> None:
    settings = Settings.from_env({"COACH_OWN_DOMAINS": "@Ours.com, eu.ours-labs.co.uk"})
    assert settings.own_domains == {"ours.com", "eu.ours-labs.co.uk"}
    with pytest.raises(SettingsWrong, match="“ours” is no mail domain"):
        Settings.from_env({"COACH_OWN_DOMAINS": "ours"})


SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_SIGNING_SECRET": "a1b2",
    "COACH_CONFIG_TOKEN": "xoxe.xoxp-1",
    "OPENAI_API_KEY": "sk-1",
    "COACH_WEBHOOK_URL": "https://hooks.example.com/1",
    "COACH_WEBHOOK_SECRET": "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz",
    "COACH_SECRET_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
}


def test_each_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    secret = [f.metadata["name"] for f in fields(Settings) if f.metadata["secret"]]
    assert sorted(secret) == sorted(SECRETS)
    env = {}
    for name, text in SECRETS.items():
        (tmp_path / name).write_text(f"{text}\n")
        env[f"{name}_FILE"] = str(tmp_path / name)
    assert Settings.from_env(env) == Settings.from_env(SECRETS)


def test_a_secrets_file_that_is_no_good_is_named_and_what_is_in_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "wrong").write_text("xapp-not-the-one")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    what = {"none": "No such file", "empty": "is empty", "wrong": "with xoxb-", "binary": "no text"}
    for file, says in what.items():
        with pytest.raises(SettingsWrong, match="SLACK_BOT_TOKEN") as error:
            Settings.from_env({"SLACK_BOT_TOKEN_FILE": str(tmp_path / file)})
        assert says in str(error.value) and "not-the-one" not in str(error.value)


def test_a_secret_that_is_set_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-2")
    env = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_BOT_TOKEN_FILE": str(tmp_path / "token")}
    with pytest.raises(SettingsWrong, match="Set one of them"):
        Settings.from_env(env)
