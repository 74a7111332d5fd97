"""Questions in plain words: in the coach's messages and with its name in a channel."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.clock import HandClock
from bot.reps import Rep
from bot.settings import Settings
from handlers import Bot
from handlers.blocks import WRITTEN
from handlers.question_blocks import FEEDBACK
from handlers.trial.slack import FakeSlack
from handlers.trial.world import Message
from tests.conftest import Served, eventually
from tests.debriefs import SAM, asked, told
from tests.model_server import ModelServer, Reply, fails, states
from tests.test_written_tip import ATTACKS, CLOCK, GOOD, harmless

Wake = Callable[[], None]
QUIET = "they went quiet after the demo"
DISCOUNT = "the buyer wants a bigger discount"


@pytest.fixture(autouse=True)
def at_ten(clock: HandClock) -> None:
    """Monday 10:00 in New York."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))


@pytest.fixture
def agent(slack: FakeSlack) -> FakeSlack:
    """The optional scopes are granted."""
    slack.world.workspaces["T1"].scopes |= {"assistant:write", "app_mentions:read"}
    return slack


@pytest.fixture
def mentioned(slack: FakeSlack) -> FakeSlack:
    slack.world.workspaces["T1"].scopes |= {"app_mentions:read", "channels:history"}
    return slack


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer(lambda body: states(*GOOD)) as server:
        yield server


@pytest.fixture
def patience() -> float:
    """Seconds that the coach waits for the model."""
    return 30


@pytest.fixture
def written(
    settings: Settings, agent: FakeSlack, clock: HandClock, model: ModelServer, patience: float
) -> Iterator[Bot]:
    """A coach with a model, in an agent's messages tab."""
    able = replace(settings, openai_url=model.url, model="m", model_seconds=patience)
    served = Served(able, agent, clock)
    for user in ("U1", "U2"):
        served.bot.coach.people.greet(Rep("T1", user))
    yield served.bot
    served.stop()


def say(slack: FakeSlack, text: str, thread: str | None = None, user: str = "U1") -> Message:
    """Write to the coach; the message as it stands."""
    assert slack.say(user, slack.dm(user), text, thread).status == 200
    return next(m for m in reversed(slack.messages(slack.dm(user))) if m.user == user)


def ask(slack: FakeSlack, text: str, thread: str | None = None, user: str = "U1") -> Message:
    """Write to the coach and wait for its answer."""
    before = len(told(slack, user))
    say(slack, text, thread, user)
    eventually(lambda: len(told(slack, user)) > before and not told(slack, user)[-1].streaming)
    return told(slack, user)[-1]


def mention(slack: FakeSlack, text: str, channel: str = "C1", user: str = "U1") -> Message:
    slack.say(user, channel, f"@Coach {text}")
    return next(m for m in reversed(slack.messages(channel)) if m.user == user)


def under(slack: FakeSlack, message: Message) -> list[Message]:
    """What the coach answered in the thread of a message."""
    said = slack.messages(message.channel)
    return [m for m in said if m.thread_ts == message.ts and m.user == "UBT1"]


def settled(bot: Bot) -> None:
    """Nothing is under way any more."""
    bot.postman.drain()
    eventually(lambda: not bot.coach.questions.is_busy)


def rows(bot: Bot, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(bot.coach.house.store.path) as db:
        return db.execute(sql).fetchall()


# In the coach's messages --------------------------------------------------------------------


def test_a_situation_in_plain_words_gets_a_tip_with_its_source(slack: FakeSlack, bot: Bot) -> None:
    answer = ask(slack, DISCOUNT)
    assert "Negotiating with a Clock" in answer.plain
    assert "Our note on" in answer.plain
    assert answer.thread_ts is None
    assert answer.text and answer.text in answer.plain


def test_in_an_agents_messages_the_answer_comes_in_the_thread(agent: FakeSlack, bot: Bot) -> None:
    answer = ask(agent, DISCOUNT)
    question = next(m for m in agent.messages(agent.dm("U1")) if m.user == "U1")
    assert answer.thread_ts == question.ts


def test_a_question_without_an_answer_is_kept_for_the_library(slack: FakeSlack, bot: Bot) -> None:
    answer = ask(slack, "kubernetes ingress certificates <!channel>")
    assert "The library has nothing on" in answer.plain
    assert "<!" not in json.dumps(answer.blocks)
    assert [g.question for g in bot.coach.house.store.read.tips.gaps("T1")] == [
        "kubernetes ingress certificates <!channel>"
    ]


@pytest.mark.parametrize(
    "text",
    ["ok", "thanks, that helped a lot", "Good morning coach", "👍", "What a week!", "?", "hi"],
)
def test_politeness_is_no_question(slack: FakeSlack, bot: Bot, text: str) -> None:
    assert "I look for advice" in ask(slack, text).plain
    assert bot.coach.house.store.read.tips.gaps("T1") == []
    assert rows(bot, "SELECT * FROM questions") == []


def test_a_command_without_its_slash_is_told_how_to_type_it(slack: FakeSlack, bot: Bot) -> None:
    answer = ask(slack, "Huddle acme `demo` 15:00 <!here>")
    assert "Type `/huddle acme 'demo' 15:00 <!here>`." in answer.plain
    assert "<!here>" not in answer.text
    assert bot.coach.house.store.read.tips.gaps("T1") == []


def test_a_stranger_with_a_question_is_greeted_and_answered(slack: FakeSlack, bot: Bot) -> None:
    slack.add_user("U9", "new")
    say(slack, DISCOUNT, user="U9")
    eventually(lambda: "Negotiating with a Clock" in slack.said_to("U9"))
    assert slack.said_to("U9").count("I coach sales calls") == 1
    assert "I look for advice" not in slack.said_to("U9")


def test_an_answer_to_a_nudge_is_no_question_even_if_it_reads_like_one(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    kept = ask(slack, "They went quiet after the demo, what can I do?")
    assert "Kept, under *Acme*" in kept.plain
    settled(bot)
    assert rows(bot, "SELECT count(*) FROM questions") == [(0,)]
    assert len(told(slack)) == 2


def test_a_question_beside_a_nudge_is_no_answer_to_it(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    first = say(slack, DISCOUNT)
    eventually(lambda: told(slack))
    asked(bot, wake, "Acme")
    ask(slack, "and if procurement joins the negotiation?", thread=first.ts)
    assert rows(bot, "SELECT count(*) FROM replies") == [(0,)]
    assert rows(bot, "SELECT count(*) FROM questions") == [(2,)]


def test_words_in_the_thread_of_an_old_nudge_are_no_question(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    asked(bot, wake, "Acme")
    nudge = told(slack)[-1]
    clock.forward(days=4)
    answer = ask(slack, "The customer cancels the contract", thread=nudge.ts)
    assert "I look for advice" in answer.plain
    assert rows(bot, "SELECT count(*) FROM questions") == [(0,)]


def test_a_follow_up_leans_on_the_question_before_it(slack: FakeSlack, bot: Bot) -> None:
    alone = ask(slack, "and if the buyer is new?")
    first = ask(slack, QUIET)
    follow_up = ask(slack, "and if the buyer is new?", thread=first.ts)
    looked_up = [words for (words,) in rows(bot, "SELECT words FROM tips_said ORDER BY id")]
    assert looked_up == ["and if the buyer is new?", QUIET, f"{QUIET}\nand if the buyer is new?"]
    assert "Country Style" in follow_up.plain
    assert "Country Style" not in alone.plain


def test_a_new_question_in_an_old_thread_stands_alone(slack: FakeSlack, bot: Bot) -> None:
    first = say(slack, DISCOUNT)
    eventually(lambda: told(slack))
    ask(slack, "the angry customer complains about our late delivery", thread=first.ts)
    looked_up = [words for (words,) in rows(bot, "SELECT words FROM tips_said ORDER BY id")]
    assert looked_up[-1] == "the angry customer complains about our late delivery"


def test_what_is_deleted_or_changed_counts_for_what_follows_and_is_not_answered_again(
    slack: FakeSlack, bot: Bot
) -> None:
    first = say(slack, DISCOUNT)
    second = say(slack, "and procurement?", thread=first.ts)
    eventually(lambda: len(told(slack)) == 2)
    slack.edit("U1", first, "the customer wants to cancel")
    slack.delete("U1", second)
    settled(bot)
    assert len(told(slack)) == 2
    ask(slack, "and the price?", thread=first.ts)
    looked_up = rows(bot, "SELECT words FROM tips_said ORDER BY id DESC LIMIT 1")
    assert looked_up == [("the customer wants to cancel\nand the price?",)]


def test_a_question_that_was_deleted_before_it_came_is_not_answered(
    slack: FakeSlack, bot: Bot
) -> None:
    place, own = slack.dm("U1"), {"user": "U1", "text": DISCOUNT, "ts": "1795446000.9"}
    about = {"type": "message", "channel": place, "channel_type": "im"}
    gone = {"subtype": "message_deleted", "deleted_ts": own["ts"], "previous_message": own}
    slack._event(
        "message.im", "T1", about | gone | {"ts": "1795446001.1", "event_ts": "1795446001.1"}
    )
    slack._event("message.im", "T1", about | own | {"event_ts": own["ts"]})
    settled(bot)
    assert told(slack) == []


def test_feedback_is_kept_like_any_vote_and_the_last_one_counts(slack: FakeSlack, bot: Bot) -> None:
    answer = ask(slack, DISCOUNT)
    for label in ("Helpful", "Not helpful"):
        assert slack.click("U1", answer, FEEDBACK, label).status == 200
    assert [helpful for _, helpful in bot.coach.house.store.read.tips.votes("T1")] == [False]


def test_another_takes_the_place_of_the_answer(slack: FakeSlack, bot: Bot) -> None:
    answer = ask(slack, DISCOUNT)
    block_id, action_id, value = slack.button(answer, "Another")
    slack.click("U1", answer, action_id, value, block_id)
    eventually(lambda: told(slack)[-1].text != answer.text)
    assert len(told(slack)) == 1
    assert "Not helpful" in told(slack)[-1].plain


def test_an_event_that_comes_twice_is_answered_once(slack: FakeSlack, bot: Bot) -> None:
    done = slack.say("U1", slack.dm("U1"), DISCOUNT)
    slack.replay(done)
    again = json.loads(json.dumps(done.payload)) | {"event_id": "Ev-another"}
    slack.courier.send("events_api", "T1", again)
    eventually(lambda: told(slack))
    settled(bot)
    assert len(told(slack)) == 1


def test_other_bots_are_not_answered(mentioned: FakeSlack, bot: Bot) -> None:
    event = {"type": "app_mention", "user": "U8", "bot_id": "B8", "channel": "C1", "ts": "1.1"}
    mentioned._event("app_mention", "T1", event | {"text": f"<@UBT1> {DISCOUNT}"})
    settled(bot)
    assert mentioned.messages("C1") == []


# With a model -------------------------------------------------------------------------------


def test_a_model_writes_and_its_statements_arrive_one_by_one(
    agent: FakeSlack, written: Bot
) -> None:
    answer = ask(agent, DISCOUNT)
    assert WRITTEN in answer.plain
    assert [text for text, *_ in GOOD if text in answer.plain] == [text for text, *_ in GOOD]
    assert answer.plain.count("Negotiating with a Clock") == 2
    assert "Not helpful" in answer.plain
    assert GOOD[0][0] in answer.text
    methods = [e.name for e in agent.log if e.direction == "in"]
    streamed = [m for m in methods if m.startswith(("chat.", "assistant."))]
    assert streamed == [
        *("assistant.threads.setStatus", "chat.startStream", "chat.appendStream"),
        "chat.stopStream",
    ]
    assert agent.status(answer.channel, answer.thread_ts or "") == ""


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
    deleted, changed = say(agent, DISCOUNT), say(agent, QUIET)
    eventually(lambda: agent.status(changed.channel, changed.ts))
    agent.delete("U1", deleted)
    agent.edit("U1", changed, "the customer wants to cancel")
    written.postman.drain()
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
        ("chat.stopStream", "ratelimited"),
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


def test_an_answer_that_a_crash_cut_off_is_completed_after_it(
    settings: Settings, agent: FakeSlack, clock: HandClock, model: ModelServer
) -> None:
    served = Served(replace(settings, openai_url=model.url, model="m"), agent, clock)
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


# Nothing twice, nothing lost ----------------------------------------------------------------


@pytest.mark.parametrize("how", ["reset_after_accept", "reset"])
@pytest.mark.parametrize("scopes", [set(), {"assistant:write"}])
def test_an_uncertain_answer_is_looked_up_and_stands_there_once(
    how: str, scopes: set[str], slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    slack.world.workspaces["T1"].scopes |= scopes
    slack.fail("chat.postMessage", how)
    say(slack, DISCOUNT)
    eventually(lambda: [e for e in slack.log if e.name == "chat.postMessage"])
    settled(bot)
    clock.forward(minutes=1)
    for _ in range(3):
        wake()
        settled(bot)
    assert len(told(slack)) == 1
    assert rows(bot, "SELECT state FROM questions") == [("sent",)]


def test_a_question_that_was_not_answered_before_a_restart_is_answered_after_it(
    slack: FakeSlack, served: Served, clock: HandClock
) -> None:
    slack.fail("chat.postMessage", "ratelimited")
    say(slack, DISCOUNT)
    eventually(lambda: [e for e in slack.log if e.name == "chat.postMessage"])
    settled(served.bot)
    served.restart()
    clock.forward(seconds=5)
    served.bot.scheduler.wake()
    eventually(lambda: told(slack))
    settled(served.bot)
    assert len(told(slack)) == 1


@pytest.mark.parametrize("how", ["ratelimited", "invalid_auth", "reset"])
@pytest.mark.parametrize("words", [DISCOUNT, "the quokka ate the giraffe"])
def test_a_question_that_is_tried_again_is_one_tip_or_one_gap(
    words: str, how: str, slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    slack.fail("chat.postMessage", how)
    say(slack, words)
    eventually(lambda: [e for e in slack.log if e.name == "chat.postMessage"])
    settled(bot)
    for _ in range(2):
        clock.forward(minutes=1)
        wake()
        settled(bot)
    assert len(told(slack)) == 1
    kept = "SELECT (SELECT count(*) FROM tips_said) + (SELECT count(*) FROM gaps)"
    assert rows(bot, kept) == [(1,)]


@pytest.mark.parametrize("how", ["missing_scope", "invalid_auth"])
def test_a_token_that_is_refused_at_the_look_up_says_nothing_of_the_answer(
    how: str, slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    slack.fail("chat.postMessage", "reset")
    slack.fail("conversations.history", how)
    say(slack, DISCOUNT)
    eventually(lambda: [e for e in slack.log if e.name == "chat.postMessage"])
    settled(bot)
    for _ in range(3):
        clock.forward(minutes=1)
        wake()
        settled(bot)
    assert len(told(slack)) == (how == "invalid_auth")


def test_an_hour_later_nobody_wants_the_answer_any_more(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    slack.fail("chat.postMessage", "ratelimited")
    say(slack, DISCOUNT)
    eventually(lambda: [e for e in slack.log if e.name == "chat.postMessage"])
    settled(bot)
    clock.forward(hours=2)
    wake()
    settled(bot)
    assert told(slack) == []
    assert rows(bot, "SELECT state FROM questions") == [("dead",)]


# With its name in a channel -----------------------------------------------------------------


def test_a_mention_is_answered_in_a_thread_that_everybody_reads(
    mentioned: FakeSlack, bot: Bot
) -> None:
    question = mention(mentioned, DISCOUNT)
    [answer] = eventually(lambda: under(mentioned, question))
    assert "Negotiating with a Clock" in answer.plain
    assert "Another" not in answer.plain and "Not helpful" in answer.plain
    assert mentioned.said_to("U1") == ""
    assert mentioned.click("U2", answer, FEEDBACK, "Helpful").status == 200
    assert rows(bot, "SELECT user_id, helpful FROM feedback") == [("U2", 1)]


def test_a_written_answer_in_a_channel_names_who_asked_to_slack(
    mentioned: FakeSlack, written: Bot
) -> None:
    question = mention(mentioned, DISCOUNT)
    eventually(lambda: under(mentioned, question) and not under(mentioned, question)[0].streaming)
    assert WRITTEN in under(mentioned, question)[0].plain
    [started] = [e.request for e in mentioned.log if e.name == "chat.startStream"]
    assert (started["recipient_user_id"], started["recipient_team_id"]) == ("U1", "T1")


def test_in_a_shared_channel_the_answer_goes_to_the_rep_and_says_why(
    mentioned: FakeSlack, bot: Bot
) -> None:
    mention(mentioned, DISCOUNT, "C3")
    eventually(lambda: mentioned.said_to("U1"))
    assert "shared with another organisation" in mentioned.said_to("U1")
    assert "Negotiating with a Clock" in mentioned.said_to("U1")
    assert [m.user for m in mentioned.messages("C3")] == ["U1"]


def test_somebody_of_another_organisation_is_not_answered(mentioned: FakeSlack, bot: Bot) -> None:
    mentioned.add_user("X1", "eve", team="TX")
    mentioned.world.channels["C3"].members.add("X1")
    mention(mentioned, DISCOUNT, "C3", "X1")
    settled(bot)
    assert [m.user for m in mentioned.messages("C3")] == ["X1"]
    assert rows(bot, "SELECT * FROM questions") == []


def test_a_channel_that_the_coach_was_taken_out_of_is_answered_in_the_reps_messages(
    mentioned: FakeSlack, bot: Bot
) -> None:
    done = mentioned.say("U1", "C1", "@Coach hello")
    payload = next(e.request for e in mentioned.log if e.name == "app_mention")
    assert done is not None
    mentioned.remove_bot("C1")
    late = json.loads(json.dumps(payload)) | {"event_id": "Ev-late"}
    late["event"] |= {"text": f"<@UBT1> {DISCOUNT}", "ts": late["event"]["ts"] + "1"}
    mentioned.courier.send("events_api", "T1", late)
    eventually(lambda: "Negotiating with a Clock" in mentioned.said_to("U1"))
    assert "/invite" in mentioned.said_to("U1")


def test_a_bare_mention_gets_help_in_the_thread_now_and_then(
    mentioned: FakeSlack, bot: Bot
) -> None:
    first = mention(mentioned, "")
    [help] = eventually(lambda: under(mentioned, first))
    assert "I look for advice" in help.plain
    second = mention(mentioned, "thanks")
    settled(bot)
    assert under(mentioned, second) == []


def test_without_the_scope_a_mention_reaches_nobody_and_the_rest_works(
    slack: FakeSlack, bot: Bot
) -> None:
    mention(slack, DISCOUNT)
    settled(bot)
    assert len(slack.messages("C1")) == 1
    assert "Negotiating with a Clock" in ask(slack, DISCOUNT).plain


def test_an_uncertain_answer_in_a_channel_without_history_is_not_repeated(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    slack.world.workspaces["T1"].scopes.add("app_mentions:read")
    slack.fail("chat.postMessage", "reset_after_accept")
    question = mention(slack, DISCOUNT)
    eventually(lambda: under(slack, question))
    settled(bot)
    clock.forward(minutes=1)
    wake()
    settled(bot)
    assert len(under(slack, question)) == 1
    assert rows(bot, "SELECT state FROM questions") == [("unknown",)]


# The messages tab ---------------------------------------------------------------------------


def test_who_opens_the_messages_of_an_agent_is_shown_what_to_ask(
    agent: FakeSlack, bot: Bot
) -> None:
    agent.open_messages_tab("U1")
    for prompt in eventually(lambda: agent.prompts("U1")):
        assert bot.coach.tips.preview(prompt).tip is not None


def test_without_the_scope_nothing_is_suggested_and_nothing_is_wrong(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.open_messages_tab("U1")
    settled(bot)
    assert slack.prompts("U1") == []
    assert bot.coach.people.troubles(SAM) == []


def test_forget_me_takes_my_questions_along(slack: FakeSlack, bot: Bot) -> None:
    ask(slack, "zanzibar discount clauses")
    bot.coach.records.forget(SAM)
    assert rows(bot, "SELECT * FROM questions") == []
