"""Questions in plain words: in the coach's messages and with its name in a channel."""

from __future__ import annotations

import json

import pytest

from bot.clock.now import HandClock
from bot.tips.use_table import Use
from handlers.app import Bot
from handlers.slack.sources import WRITTEN
from handlers.tips.conversation_drawing import FEEDBACK
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import Served, eventually, rows
from tests.support.debriefs import SAM, asked, press, told
from tests.support.questions import (
    DISCOUNT,
    Wake,
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

__all__ = ["agent", "at_ten", "mentioned", "model", "patience", "written"]  # fixtures


STATES = "SELECT state FROM outbox WHERE kind = 'answer'"


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
    assert [g.words for g in Use(bot.coach.store.read, "T1").gaps()] == [
        "kubernetes ingress certificates <!channel>"
    ]


@pytest.mark.parametrize(
    "text, reply",
    [
        ("ok", "when something comes up"),
        ("thanks, that helped a lot", "look for advice"),
        ("Good morning coach", "Hello."),
        ("👍", "Noted."),
        ("What a week!", "look for advice"),
        ("?", "look for advice"),
        ("hi", "Hello."),
    ],
)
def test_politeness_gets_a_small_reply_and_is_no_gap_of_the_library(
    slack: FakeSlack, bot: Bot, text: str, reply: str
) -> None:
    assert reply in ask(slack, text).plain
    assert Use(bot.coach.store.read, "T1").gaps() == []


def test_a_command_without_its_slash_is_told_how_to_type_it(slack: FakeSlack, bot: Bot) -> None:
    answer = ask(slack, "Huddle acme `demo` 15:00 <!here>")
    assert "Type `/huddle acme 'demo' 15:00 <!here>`." in answer.plain
    assert "<!here>" not in answer.text
    assert Use(bot.coach.store.read, "T1").gaps() == []


def test_a_stranger_with_a_question_is_greeted_and_answered(slack: FakeSlack, bot: Bot) -> None:
    slack.add_user("U9", "new")
    say(slack, DISCOUNT, user="U9")
    eventually(lambda: "Negotiating with a Clock" in slack.said_to("U9"))
    assert slack.said_to("U9").count("I coach sales calls") == 1
    assert "I look for advice" not in slack.said_to("U9")


def test_a_question_after_a_call_is_answered_and_may_be_kept_as_well(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    answer = ask(slack, "It went badly. They went quiet after the demo, what can I do?")
    assert "Kept" not in answer.plain and "Keep this under Acme" in answer.plain
    settled(bot)
    assert rows(bot, "SELECT count(*) FROM replies") == [(0,)]
    press(slack, answer, "Keep this under Acme")
    eventually(lambda: "Kept, under *Acme*" in slack.ephemerals("U1")[-1].plain)
    assert rows(bot, "SELECT count(*), sum(removed) FROM replies") == [(1, 0)]


def test_a_question_beside_a_nudge_is_no_answer_to_it(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    first = say(slack, DISCOUNT)
    eventually(lambda: told(slack))
    asked(bot, wake, "Acme")
    ask(slack, "and if procurement joins the negotiation?", thread=first.ts)
    assert rows(bot, "SELECT count(*) FROM replies") == [(0,)]
    assert rows(bot, "SELECT count(*) FROM questions") == [(2,)]


def test_words_in_the_thread_of_an_old_nudge_are_kept_under_its_call(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    asked(bot, wake, "Acme")
    nudge = told(slack)[-1]
    clock.forward(days=40)
    answer = ask(slack, "The customer cancels the contract", thread=nudge.ts)
    assert "Kept, under *Acme*" in answer.plain
    assert rows(bot, "SELECT count(*) FROM questions") == [(0,)]


def looked_up(bot: Bot) -> set[str]:
    """What the library was asked, whether it had one answer or three to choose from."""
    both = "SELECT words FROM tips_said UNION SELECT words FROM choices"
    return {words for (words,) in rows(bot, both)}


def test_a_follow_up_leans_on_the_question_before_it(slack: FakeSlack, bot: Bot) -> None:
    alone = ask(slack, "and if the buyer is new?")
    first = ask(slack, DISCOUNT)
    follow_up = ask(slack, "and if the buyer is new?", thread=first.ts)
    both = f"{DISCOUNT}\nand if the buyer is new?"
    assert looked_up(bot) == {"and if the buyer is new?", DISCOUNT, both}
    assert "Negotiating with a Clock" in follow_up.plain
    assert "Negotiating with a Clock" not in alone.plain


def test_a_new_question_in_an_old_thread_stands_alone(slack: FakeSlack, bot: Bot) -> None:
    first = say(slack, DISCOUNT)
    eventually(lambda: told(slack))
    ask(slack, "the angry customer complains about our late delivery", thread=first.ts)
    assert looked_up(bot) == {DISCOUNT, "the angry customer complains about our late delivery"}


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
    asked = {words for words in looked_up(bot) if words.endswith("and the price?")}
    assert asked == {"the customer wants to cancel\nand the price?"}


ASKED = (
    "SELECT words FROM tips_said UNION ALL SELECT words FROM choices"
    " UNION ALL SELECT question FROM gaps"
)


@pytest.mark.parametrize(
    "words", [DISCOUNT, "my contact moved to another department", "quokka fur"]
)
@pytest.mark.parametrize("becomes", ["", "the angry client complains"])
def test_no_copy_of_deleted_or_changed_words_stays_with_what_was_looked_up(
    slack: FakeSlack, bot: Bot, words: str, becomes: str
) -> None:
    first = say(slack, words)
    eventually(lambda: told(slack))
    ask(slack, "and procurement?", thread=first.ts)
    assert len([said for (said,) in rows(bot, ASKED) if words in said]) == 2
    slack.edit("U1", first, becomes) if becomes else slack.delete("U1", first)
    settled(bot)
    assert [said for (said,) in rows(bot, ASKED) if words in said] == []


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
    assert rows(bot, "SELECT helpful FROM feedback") == [(0,)]


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
    assert rows(bot, STATES) == [("sent",)]


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
    assert rows(bot, STATES) == [("dead",)]


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


def test_somebody_of_another_organisation_gets_one_sentence_and_is_no_rep(
    mentioned: FakeSlack, bot: Bot
) -> None:
    mentioned.add_user("X1", "eve", team="TX")
    mentioned.world.channels["C3"].members.add("X1")
    mention(mentioned, DISCOUNT, "C3", "X1")
    settled(bot)
    assert [m.user for m in mentioned.messages("C3")] == ["X1"]
    [told_so] = mentioned.ephemerals("X1", "C3")
    assert told_so.plain == "This is the sales coach of another workspace. There it works."
    assert rows(bot, "SELECT * FROM questions") == []
    assert rows(bot, "SELECT * FROM reps WHERE user_id = 'X1'") == []


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


def test_a_bare_mention_and_a_polite_one_get_a_reply_in_the_thread(
    mentioned: FakeSlack, bot: Bot
) -> None:
    first = mention(mentioned, "")
    [help] = eventually(lambda: under(mentioned, first))
    assert "I look for advice" in help.plain
    second = mention(mentioned, "thanks")
    [reply] = eventually(lambda: under(mentioned, second))
    assert "welcome" in reply.plain


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
    assert rows(bot, STATES) == [("unknown",)]


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
    bot.coach.records.finish_forgetting()
    assert rows(bot, "SELECT * FROM questions") == []
