"""`doctor --slack`: Slack is asked about every drawing, the manifest, and a message of ours."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from slack_sdk.models.blocks import Block

from bot.coach import read_files
from bot.settings import Settings
from handlers.serving import _samples, _slack_check
from handlers.serving._samples import Sample, drawings, known, samples
from handlers.serving.doctor import examine
from handlers.slack.blocks import Message
from handlers.slack.client import client
from handlers.trial.small_slack.slack import FakeSlack
from tests.support.paths import ROOT

# Draws what is said once more elsewhere, or what every message is made of.
NO_WHOLE = {"slack.blocks", "slack.sources"}


@pytest.fixture(scope="module")
def every() -> list[Sample]:
    return list(samples(known(read_files())))


def test_whatever_draws_is_among_the_samples() -> None:
    """A module that is added later, with a function that returns a message or a form, is found."""
    drawing = set()
    for path in sorted((ROOT / "handlers").rglob("*draw*.py")) + sorted(
        (ROOT / "handlers").rglob("*form*.py")
    ):
        name = ".".join(path.relative_to(ROOT / "handlers").with_suffix("").parts)
        if not name.startswith("trial") and name not in NO_WHOLE and _draws(name):
            drawing.add(name)
    assert drawing <= {*_samples.MODULES}


def _draws(name: str) -> bool:
    module = import_module(f"handlers.{name}")
    returned = [
        get_type_hints(each).get("return")
        for each_name, each in inspect.getmembers(module, inspect.isfunction)
        if each.__module__ == module.__name__ and not each_name.startswith("_")
    ]
    return any(r in (Message, dict[str, Any], list[Block]) for r in returned)


def test_each_drawing_is_there_and_most_in_several_variants(every: list[Sample]) -> None:
    drawn = {sample.name for sample in every}
    assert drawn == {name for name, _ in drawings()}
    assert len(every) > 2 * len(drawn)
    hostile = [sample for sample in every if sample.variant == "long"]
    assert any("&lt;!channel&gt;" in str(sample.payload) for sample in hostile)


def test_the_small_slack_takes_every_sample(slack: FakeSlack, every: list[Sample]) -> None:
    web = client("xoxb-T1", slack.api_url)
    settled = _slack_check.drawn(web, iter(every), wait=lambda _: None)
    assert settled.ok, settled.said
    assert settled.said == f"{len(every)} taken"


def test_what_slack_refuses_is_named_with_its_place_and_the_rest_goes_on(slack: FakeSlack) -> None:
    def shown() -> Iterator[Sample]:
        long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
        yield Sample("a.card", "long", "message", {"text": "x", "blocks": [long]})
        yield Sample("a.form", "usual", "view", {"type": "modal", "blocks": []})
        yield Sample("a.line", "usual", "blocks", [{"type": "divider"}])

    settled = _slack_check.drawn(client("xoxb-T1", slack.api_url), shown(), wait=lambda _: None)
    assert settled.ok is False
    assert "1 taken, 2 refused: a.card (long): /blocks/0/text/text must be less" in settled.said


def test_it_waits_as_slack_asks_and_not_for_ever(slack: FakeSlack) -> None:
    line = Sample("a.line", "usual", "blocks", [{"type": "divider"}])
    web, waited = client("xoxb-T1", slack.api_url), list[float]()
    slack.fail("blocks.validate", "429", times=2, retry_after=7)
    assert _slack_check.drawn(web, iter([line]), wait=waited.append).ok
    assert waited == [7, 7]
    slack.fail("blocks.validate", "429", times=1, retry_after=600)
    open_ = _slack_check.drawn(web, iter([line, line]), wait=waited.append)
    assert open_.ok is None and open_.said == "1 taken, 1 without an answer"
    assert waited == [7, 7]


def test_the_manifest_is_asked_about_with_and_without_its_optional_parts(
    slack: FakeSlack, settings: Settings
) -> None:
    slack.add_workspace(config_token="xoxe.xoxp-1")
    there = replace(settings, config_token="xoxe.xoxp-1")
    settled = list(_slack_check.manifests(there, wait=lambda _: None))
    assert [(each.ok, each.said) for each in settled] == [(True, "taken")] * 3
    wrong = list(_slack_check.manifests(replace(there, commands={**there.commands, "tip": "/T P"})))
    assert wrong[0].ok is False and "/features/slash_commands/0/command" in wrong[0].said
    other = list(_slack_check.manifests(replace(there, config_token="xoxe.xoxp-2")))
    assert other[0].ok is None and other[0].said == "Slack says invalid_auth"


def test_its_own_message_is_found_and_nothing_of_it_stays(slack: FakeSlack) -> None:
    web = client("xoxb-T1", slack.api_url)
    settled = _slack_check.own_message(web, "U1", wait=lambda _: None)
    assert settled.ok and slack.messages(slack.dm("U1")) == []
    slack.fail("conversations.history", "missing_scope")
    assert _slack_check.own_message(web, "U1", wait=lambda _: None).said == (
        "Slack says missing_scope"
    )
    assert _slack_check.own_message(web, "", wait=lambda _: None).ok is None


def test_doctor_prints_it_as_markdown(
    slack: FakeSlack, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    examine(settings, asks_slack=True)
    printed = capsys.readouterr().out
    assert "| what | | Slack's answer |" in printed
    assert "long and hostile | holds |" in printed
    assert "| the manifest | open | not asked: set COACH_CONFIG_TOKEN" in printed
    assert "found again in a direct message | holds | found at look 1 |" in printed


def test_files_are_named_as_the_samples_expect() -> None:
    assert Path(ROOT / "prompts" / "plays" / f"{_samples.NAMED_PLAY}.toml").is_file()
