"""Questions in plain words where a model writes: its answer arrives in parts, and stands once."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace

import pytest

from bot.clock.now import HandClock
from bot.settings import Settings
from handlers.app import Bot
from handlers.slack.sources import WRITTEN
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import Served, eventually, rows
from tests.support.debriefs import told
from tests.support.model_server import ModelServer, Reply, fails, states
from tests.support.questions import (
    ANGRY,
    DISCOUNT,
    agent,
    ask,
    at_ten,
    mention,
    mentioned,
    model,
    patience,
    say,
    settled,
    under,
    written,
)
from tests.support.written_tips import ATTACKS, CLOCK, GOOD, harmless

__all__ = ["agent", "at_ten", "mentioned", "model", "patience", "written"]  # fixtures


def test_a_model_writes_and_its_statements_arrive_one_by_one(
    agent: FakeSlack, written: Bot
) -> None:
    answer = ask(agent, DISCOUNT)
    assert WRITTEN in answer.plain
    assert [text for text, *_ in GOOD if text in answer.plain] == [text for text, *_ in GOOD]
    assert answer.plain.count("Negotiating with a Clock") == 1
    assert "Not helpful" in answer.plain
    assert GOOD[0][0] in answer.text
    # The answer stands as soon as its last part has come; that it has ended is said after that.
    eventually(lambda: streamed(agent)[-1:] == ["chat.stopStream"])
    assert streamed(agent) == [
        *("assistant.threads.setStatus", "chat.startStream", "chat.appendStream"),
        "chat.stopStream",
    ]
    assert agent.status(answer.channel, answer.thread_ts or "") == ""


def streamed(agent: FakeSlack) -> list[str]:
    methods = [e.name for e in agent.log if e.direction == "in"]
    return [m for m in methods if m.startswith(("chat.", "assistant."))]


def test_while_the_model_writes_the_thread_says_so(
    agent: FakeSlack, written: Bot, model: ModelServer
) -> None:
    may_write = threading.Event()
    model.replies = lambda body: states(*GOOD) if may_write.wait(30) else fails(500)
    question = say(agent, DISCOUNT)
    eventually(lambda: "looking through the library" in agent.status(question.channel, question.ts))
    assert under(agent, question) == []
    may_write.set()
    eventually(lambda: under(agent, question))
    assert agent.status(question.channel, question.ts) == ""


def test_what_is_deleted_or_changed_while_the_model_writes_counts(
    agent: FakeSlack, written: Bot, model: ModelServer
) -> None:
    may_write = threading.Event()
    model.replies = lambda body: states(*GOOD) if may_write.wait(30) else fails(500)
    deleted, changed = say(agent, DISCOUNT), say(agent, ANGRY)
    eventually(lambda: agent.status(changed.channel, changed.ts))
    agent.delete("U1", deleted)
    agent.edit("U1", changed, "the customer wants to cancel")
    written.inbox_worker.drain()
    may_write.set()
    settled(written)
    written.scheduler.wake()
    eventually(lambda: told(agent))
    settled(written)
    assert under(agent, deleted) == []
    assert len(under(agent, changed)) == 1
    asked_about = "SELECT words FROM tips_said WHERE id IN (SELECT tip_id FROM questions)"
    assert rows(written, asked_about) == [("the customer wants to cancel",)]


@pytest.mark.parametrize("patience", [0.3])
@pytest.mark.parametrize("reply", [Reply(b"", hangs=True), fails(500)], ids=["slow", "broken"])
def test_a_model_that_does_not_answer_is_not_noticed(
    reply: Reply, agent: FakeSlack, written: Bot, model: ModelServer
) -> None:
    model.replies = lambda body: reply
    answer = ask(agent, DISCOUNT)
    assert WRITTEN not in answer.plain and "Our note on" in answer.plain


def test_a_lying_model_says_nothing_of_its_own(
    agent: FakeSlack, written: Bot, model: ModelServer
) -> None:
    lie = ("Give 17% off at the end.", CLOCK, GOOD[0][2])
    model.replies = lambda body: states(lie, lie, ("<!channel> go", CLOCK, GOOD[0][2]))
    answer = ask(agent, DISCOUNT)
    assert "17" not in answer.plain and WRITTEN not in answer.plain
    assert harmless(answer)


@pytest.mark.parametrize("words", ATTACKS, ids=range(len(ATTACKS)))
def test_a_question_is_material_whatever_it_says(
    words: str, agent: FakeSlack, written: Bot, model: ModelServer
) -> None:
    answer = ask(agent, f"{DISCOUNT}. {words}")
    assert harmless(answer, echoes=True)
    assert all(len(json.dumps(body)) < 60_000 for body in model.asked)


def test_the_model_is_given_the_reps_own_words_of_this_conversation_and_no_others(
    mentioned: FakeSlack, written: Bot, model: ModelServer
) -> None:
    say(mentioned, "zanzibar discount clauses")
    ask(mentioned, "zulu discount", user="U2")
    mentioned.say("U2", "C1", "xylophone is our secret price")
    root = mention(mentioned, f"{DISCOUNT} says @kim")
    eventually(lambda: under(mentioned, root))
    model.asked.clear()
    mentioned.say("U1", "C1", "@Coach and if the buyer is new?", root.ts)
    eventually(lambda: len(under(mentioned, root)) == 2 and model.asked)
    sent = json.dumps(model.asked)
    assert "and if the buyer is new?" in sent and DISCOUNT in sent
    assert not re.search(r"zanzibar|zulu|xylophone|kim|U2|UBT1|\bC1\b", sent)


@pytest.mark.parametrize(
    "method, how",
    [
        ("chat.startStream", "channel_type_not_supported"),
        ("chat.startStream", "ratelimited"),
        ("chat.appendStream", "missing_scope"),
        ("chat.stopStream", "msg_blocks_too_long"),
    ],
)
def test_where_slack_takes_no_parts_the_answer_comes_whole_and_once(
    method: str, how: str, agent: FakeSlack, written: Bot
) -> None:
    agent.fail(method, how)
    answer = ask(agent, DISCOUNT)
    settled(written)
    assert len(told(agent)) == 1
    answer = told(agent)[-1]
    assert not answer.streaming and WRITTEN in answer.plain and "Not helpful" in answer.plain
    for text, *_ in GOOD:
        assert json.dumps(answer.blocks).count(text) == 1


def test_an_answer_that_slack_wants_to_wait_with_is_closed_after_that(
    agent: FakeSlack, written: Bot, clock: HandClock
) -> None:
    agent.fail("chat.stopStream", "429", retry_after=30)
    say(agent, DISCOUNT)
    eventually(lambda: any(e.name == "chat.stopStream" for e in agent.log))
    settled(written)
    for _ in range(3):
        clock.forward(minutes=1)
        written.scheduler.wake()
        settled(written)
    [answer] = told(agent)
    assert not answer.streaming and WRITTEN in answer.plain and "Not helpful" in answer.plain


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
@pytest.mark.parametrize("how", ["reset_after_accept", "reset"])
def test_a_lost_answer_of_slacks_is_found_out_and_nothing_is_said_twice(
    method: str, how: str, agent: FakeSlack, written: Bot, clock: HandClock
) -> None:
    agent.fail(method, how)
    say(agent, DISCOUNT)
    eventually(lambda: [e for e in agent.log if e.name == method])
    settled(written)
    clock.forward(minutes=1)
    for _ in range(3):
        written.scheduler.wake()
        settled(written)
    [answer] = told(agent)
    assert not answer.streaming and WRITTEN in answer.plain
    for text, *_ in GOOD:
        assert json.dumps(answer.blocks).count(text) == 1


@pytest.mark.parametrize("method", ["chat.startStream", "chat.stopStream"])
def test_an_answer_that_begins_with_words_alone_stands_once_too(
    method: str, agent: FakeSlack, written: Bot, clock: HandClock, model: ModelServer
) -> None:
    """A statement that is its own quote, of a post that the next one names, has no small print."""
    (_, post, aim), *others = GOOD
    model.replies = lambda body: states((aim, post, aim), *others)
    agent.fail(method, "reset_after_accept")
    say(agent, DISCOUNT)
    eventually(lambda: [e for e in agent.log if e.name == method])
    settled(written)
    clock.forward(minutes=1)
    for _ in range(3):
        written.scheduler.wake()
        settled(written)
    [answer] = told(agent)
    assert not answer.streaming and WRITTEN in answer.plain
    assert answer.plain.count(aim) == 1


@pytest.mark.parametrize("how", ["reset_after_accept", "reset"])
def test_what_else_was_said_in_the_thread_is_not_taken_for_a_lost_answer(
    how: str, mentioned: FakeSlack, written: Bot, clock: HandClock
) -> None:
    mentioned.fail("chat.startStream", how, times=2)
    root = mention(mentioned, DISCOUNT)
    mentioned.say("U1", "C1", "@Coach", root.ts)
    mentioned.say("U1", "C1", "@Coach procurement demands a discount", root.ts)
    eventually(lambda: not mentioned.faults.waiting("chat.startStream"))
    settled(written)
    clock.forward(minutes=1)
    for _ in range(3):
        written.scheduler.wake()
        settled(written)
    said = under(mentioned, root)
    assert sum("Name me together" in message.plain for message in said) == 1
    assert sum("Not helpful" in message.plain for message in said) == 2
    assert len(said) == 3 and not any(message.streaming for message in said)
    answered = "SELECT DISTINCT said_ts FROM questions"
    assert len(rows(written, answered)) == 3  # naming the coach alone is a question, too


def test_an_answer_that_a_crash_cut_off_is_completed_after_it(
    settings: Settings, agent: FakeSlack, clock: HandClock, model: ModelServer
) -> None:
    able = replace(settings, openai_url=model.url, model="m", model_judge=False)
    served = Served(able, agent, clock)
    for method in ("chat.stopStream", "chat.stopStream", "chat.update"):
        agent.fail(method, "reset")
    say(agent, DISCOUNT)
    eventually(lambda: [e for e in agent.log if e.name == "chat.update"])
    settled(served.bot)
    assert told(agent)[-1].streaming
    served.restart()
    clock.forward(minutes=1)
    served.bot.scheduler.wake()
    eventually(lambda: not told(agent)[-1].streaming)
    settled(served.bot)
    answers = [m for m in told(agent) if m.thread_ts]
    assert len(answers) == 1 and "Not helpful" in answers[0].plain
    served.stop()
