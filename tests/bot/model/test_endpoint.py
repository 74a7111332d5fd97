"""The writer: whatever a model does, an answer or nothing comes in time, and a code says why."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.clock.now import HandClock
from bot.coach import Coach
from bot.model.endpoint import CODES, FAILURES, Endpoint
from bot.model.prompts import read_prompt
from bot.operations.health import examine
from bot.settings import Settings
from bot.storage.store import Store
from tests.conftest import eventually
from tests.support.model_server import Body, ModelServer, Reply, embeds, fails, says

PROMPT = read_prompt(
    '+++\nversion = "7"\ntemperature = 0\nmax_tokens = 100\nvariables = ["q"]\n+++\nDo.\n===\n$q',
    "ask",
)
SCHEMA = {"type": "object"}
SECRET = "the customer is called Acme"
Ask = Callable[..., dict[str, Any] | None]


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer(lambda body: says('{"a": 1}')) as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "coach.db")
    yield store
    store.close()


def writer_for(model: ModelServer, store: Store, clock: HandClock, **env: str) -> Endpoint:
    base = {"OPENAI_BASE_URL": model.url, "COACH_MODEL": "m", "COACH_EMBED_MODEL": "e"}
    return Endpoint(Settings.from_env(base | env), store, clock)


@pytest.fixture
def writer(model: ModelServer, store: Store, clock: HandClock) -> Iterator[Endpoint]:
    writer = writer_for(model, store, clock)
    yield writer
    writer.close()


def ask(writer: Endpoint, seconds: float = 60, workspace_id: str = "T1") -> dict[str, Any] | None:
    return writer.write(workspace_id, PROMPT, {"q": SECRET}, SCHEMA, seconds)


def code(writer: Endpoint) -> str:
    last = writer.last()
    assert last is not None
    return last.code


def test_an_answer_comes_as_json_and_its_tokens_are_counted(
    model: ModelServer, writer: Endpoint
) -> None:
    assert ask(writer) == {"a": 1}
    assert code(writer) == ""
    assert writer.used_today("T1") == 50
    assert writer.used_today("T2") == 0
    assert [m["content"] for m in model.asked[0]["messages"]] == ["Do.", SECRET]
    assert model.asked[0]["response_format"]["json_schema"]["schema"] == SCHEMA


def test_without_a_model_nobody_is_asked(store: Store, clock: HandClock) -> None:
    writer = Endpoint(Settings.from_env({"OPENAI_API_KEY": "k"}), store, clock)
    assert not writer.on
    assert ask(writer) is None
    assert writer.embed("T1", ["a"]) is None
    assert writer.last() is None
    writer.close()


HUNG = Reply(b"", hangs=True)
DRIPPING = Reply(says('{"a": 1}').body, drips=True)
BAD = {
    "server": fails(500),
    "key": fails(401),
    "no_model": fails(404),
    "limit": fails(429),
    "request": fails(400),
    "refused": says("", refusal="I can't help with that."),
    "cut_off": says('{"a": ', finish="length"),
    "rubbish": says("I would rather talk about the weather."),
    "no_answer": Reply(says('{"a": 1}').body[:40], length=5_000),
}


@pytest.mark.parametrize("why", BAD)
def test_what_goes_wrong_gives_nothing_and_a_code(
    why: str, model: ModelServer, writer: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    model.replies = lambda body: BAD[why]
    with caplog.at_level(logging.DEBUG, logger="bot"):
        assert ask(writer) is None
    assert code(writer) == why
    assert why in CODES
    assert SECRET not in caplog.text
    assert "weather" not in caplog.text


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"<html>sign in</html>", headers={"Content-Type": "text/html"}),
        Reply(b"{}"),
        Reply(b"[]"),
        Reply(b"null"),
        Reply(b'{"choices": []}'),
        Reply(b'{"choices": [{"message": null}]}'),
        Reply(b"\x00\xff"),
        says("[1, 2]"),
        says("{" * 30_000),
        says("null"),
    ],
)
def test_rubbish_of_any_shape_gives_nothing(
    reply: Reply, model: ModelServer, writer: Endpoint
) -> None:
    model.replies = lambda body: reply
    assert ask(writer) is None
    assert code(writer) == "rubbish"


@pytest.mark.parametrize("reply", [HUNG, DRIPPING], ids=["hung", "dripping"])
def test_a_model_that_takes_too_long_is_left(
    reply: Reply, model: ModelServer, writer: Endpoint
) -> None:
    model.replies = lambda body: reply
    assert ask(writer, seconds=0.5) is None
    assert code(writer) == "timeout"
    assert writer.used_today("T1") > PROMPT.max_tokens  # what was set aside stays counted


def test_a_call_is_sent_once(model: ModelServer, writer: Endpoint) -> None:
    model.replies = lambda body: fails(500)
    ask(writer)
    assert len(model.asked) == 1


@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", "Here you are: {} Good luck."])
def test_a_server_without_structured_output_is_asked_plainly(
    around: str, model: ModelServer, writer: Endpoint
) -> None:
    def reply(body: Body) -> Reply:
        if "response_format" in body:
            return fails(400, "response_format of type json_schema is not supported")
        return says(around.replace("{}", '{"a": 1}'))

    model.replies = reply
    assert ask(writer) == {"a": 1}
    assert ask(writer) == {"a": 1}
    assert [("response_format" in body) for body in model.asked] == [True, False, False]


def test_a_model_that_takes_no_temperature_is_asked_without(
    model: ModelServer, writer: Endpoint
) -> None:
    def reply(body: Body) -> Reply:
        for name in ("max_tokens", "temperature"):
            if name in body:
                return fails(400, f"Unsupported parameter: '{name}'")
        return says('{"a": 1}')

    model.replies = reply
    assert ask(writer) == {"a": 1}
    assert model.asked[-1]["max_completion_tokens"] == PROMPT.max_tokens


@pytest.mark.parametrize("set_by", [0, -3, 3])
def test_after_repeated_failure_a_model_is_left_alone_for_a_while_whatever_the_clock_does(
    model: ModelServer, writer: Endpoint, clock: HandClock, set_by: int
) -> None:
    model.replies = lambda body: fails(500)
    for _ in range(FAILURES + 5):
        assert ask(writer) is None
    assert len(model.asked) == FAILURES
    model.replies = lambda body: says('{"a": 1}')
    clock.correct(hours=set_by)
    clock.forward(seconds=59)
    assert ask(writer) is None
    clock.forward(seconds=2)
    assert ask(writer) == {"a": 1}
    assert ask(writer) == {"a": 1}


def test_a_model_that_still_fails_after_the_pause_is_left_alone_again(
    model: ModelServer, writer: Endpoint, clock: HandClock
) -> None:
    model.replies = lambda body: fails(500)
    for _ in range(FAILURES):
        ask(writer)
    clock.forward(minutes=2)
    ask(writer)
    ask(writer)
    assert len(model.asked) == FAILURES + 1


def test_a_rate_limit_is_waited_out(model: ModelServer, writer: Endpoint, clock: HandClock) -> None:
    model.replies = lambda body: fails(429, retry_after="120")
    assert ask(writer) is None
    model.replies = lambda body: says('{"a": 1}')
    clock.forward(seconds=100)
    assert ask(writer) is None
    clock.forward(seconds=30)
    assert ask(writer) == {"a": 1}


def test_refusals_do_not_count_as_failure(model: ModelServer, writer: Endpoint) -> None:
    model.replies = lambda body: BAD["refused"]
    for _ in range(FAILURES + 1):
        ask(writer)
    assert len(model.asked) == FAILURES + 1


def test_no_workspace_goes_over_its_day(model: ModelServer, store: Store, clock: HandClock) -> None:
    writer = writer_for(model, store, clock, COACH_MODEL_TOKENS_A_DAY="200")
    model.replies = lambda body: says('{"a": 1}', tokens=120)
    assert ask(writer) == {"a": 1}
    assert ask(writer) is None
    assert len(model.asked) == 1
    assert ask(writer, workspace_id="T2") == {"a": 1}
    clock.forward(days=1)
    assert ask(writer) == {"a": 1}
    writer.close()


def test_at_one_moment_no_more_is_spent_than_is_left(
    model: ModelServer, store: Store, clock: HandClock
) -> None:
    writer = writer_for(model, store, clock, COACH_MODEL_TOKENS_A_DAY="300")
    model.replies = lambda body: says('{"a": 1}', tokens=100)
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(writer))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert writer.used_today("T1") <= 300
    assert answers.count({"a": 1}) == len(model.asked) <= 3
    writer.close()


def test_more_answers_than_can_wait_come_without_the_model(
    model: ModelServer, writer: Endpoint
) -> None:
    over = threading.Event()
    taken = [writer.beside(lambda: over.wait(30)) for _ in range(20)]
    assert taken.count(True) == 16
    over.set()
    assert eventually(lambda: writer.beside(lambda: None))


def test_texts_are_embedded_in_order(model: ModelServer, writer: Endpoint) -> None:
    model.replies = lambda body: embeds([[1.0, 0.0], [0.0, 1.0]])
    assert writer.embed("T1", ["a", "b"]) == [[1.0, 0.0], [0.0, 1.0]]
    assert model.asked[0]["input"] == ["a", "b"]
    assert writer.embed("T1", []) is None


@pytest.mark.parametrize("vectors", [[], [[1.0]], [[1.0], [1.0, 2.0]], [[], []]])
def test_vectors_that_do_not_fit_are_no_vectors(
    vectors: list[list[float]], model: ModelServer, writer: Endpoint
) -> None:
    model.replies = lambda body: embeds(vectors)
    assert writer.embed("T1", ["a", "b"]) is None


def test_the_key_is_sent_and_kept_nowhere_else(
    model: ModelServer, store: Store, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    writer = writer_for(model, store, clock, OPENAI_API_KEY="sk-very-secret")
    with caplog.at_level(logging.DEBUG, logger="bot"):
        ask(writer)
    writer.close()
    assert "sk-very-secret" not in caplog.text + json.dumps(model.asked)


def test_doctor_says_why_the_last_answer_did_not_come(
    model: ModelServer, clock: HandClock, tmp_path: Path
) -> None:
    env = {"OPENAI_BASE_URL": model.url, "COACH_MODEL": "m", "COACH_DB": str(tmp_path / "c.db")}
    settings = Settings.from_env(env)
    model.replies = lambda body: fails(401)
    with Coach(settings, clock) as coach:
        assert any("not asked yet" in f.sentence for f in examine(settings, coach, {}))
        ask(coach.model)
        assert any("OPENAI_API_KEY" in f.sentence for f in examine(settings, coach, {}))


def test_doctor_tells_writing_from_embedding(
    model: ModelServer, clock: HandClock, tmp_path: Path
) -> None:
    """An answer's question is embedded too: that this goes well hides nothing, nor the reverse."""
    env = {"OPENAI_BASE_URL": model.url, "COACH_MODEL": "m", "COACH_EMBED_MODEL": "e"}
    settings = Settings.from_env(env | {"COACH_DB": str(tmp_path / "c.db")})
    with Coach(settings, clock) as coach:

        def told() -> str:
            return " ".join(f.sentence for f in examine(settings, coach, {}))

        for writes, embeds_well in ((False, True), (True, False), (True, True)):
            model.replies = lambda body, fine=writes: says('{"a": 1}') if fine else BAD["refused"]
            ask(coach.model)
            model.replies = lambda body, fine=embeds_well: embeds([[1.0]]) if fine else fails(404)
            coach.model.embed("T1", ["a"])
            assert ("The model m wrote" in told()) is writes
            assert (CODES["refused"] in told()) is not writes
            assert (f"Texts are not embedded. {CODES['no_model']}" in told()) is not embeds_well
