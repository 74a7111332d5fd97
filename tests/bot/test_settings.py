"""Settings come from the environment, and every one that can't be read is named."""

from __future__ import annotations

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
