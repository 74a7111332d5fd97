"""The signature of Standard Webhooks, against a value that is known."""

from __future__ import annotations

import pytest

from bot.errors import CoachError
from bot.fetching.signed_post import key_of, signature
from bot.settings import Settings

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_signature_is_that_of_the_specifications_example() -> None:
    """github.com/standard-webhooks/standard-webhooks, libraries: the values of its tests."""
    made = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "secret", ["whsec_", "whsec_c2hvcnQ=", "c2hvcnQ" * 8, "whsec_!" + "a" * 40]
)
def test_a_secret_of_another_form_is_none(secret: str) -> None:
    with pytest.raises(ValueError):
        key_of(secret)


def test_an_address_without_a_secret_is_named_at_start() -> None:
    with pytest.raises(CoachError, match="COACH_WEBHOOK_SECRET: whoever gets"):
        Settings.from_env({"COACH_WEBHOOK_URL": "https://hooks.example.com/x"})
    with pytest.raises(CoachError, match="COACH_WEBHOOK_SECRET"):
        Settings.from_env(
            {"COACH_WEBHOOK_URL": "https://hooks.example.com/x", "COACH_WEBHOOK_SECRET": "x"}
        )
    read = Settings.from_env(
        {"COACH_WEBHOOK_URL": "https://hooks.example.com/x", "COACH_WEBHOOK_SECRET": SECRET}
    )
    assert read.webhook_url == "https://hooks.example.com/x"
