"""Whatever somebody sends to the coach gets one sensible reply; nothing is cut under a Kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.clock.now import HandClock
from bot.questions.meant import asks
from handlers.app import Bot
from handlers.conversation.messages import PROMPTS
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually, rows
from tests.support.debriefs import asked, press, told
from tests.support.nudges import plan
from tests.support.questions import settled

Wake = Callable[[], None]
KEPT = "Kept, under *Acme*"


@pytest.fixture(autouse=True)
def at_ten(clock: HandClock) -> None:
    """Monday 10:00 in New York."""
    clock.set(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))


def clip(status: str, said: str = "", more: bool = False) -> dict[str, Any]:
    """docs.slack.dev/reference/objects/file-object, of a recorded clip."""
    preview = {"content": said, "has_more": more}
    told = {"status": status, **({"preview": preview} if said else {})}
    return {"id": "F1", "subtype": "slack_audio", "mimetype": "audio/mp4", "transcription": told}


def send(slack: FakeSlack, text: str = "", user: str = "U1", **more: Any) -> str:
    """A message as Slack tells of it; its `ts`."""
    ts = slack.world.ts()
    inner = {"type": "message", "user": user, "text": text, "ts": ts, "event_ts": ts, "team": "T1"}
    place = {"channel": slack.world.dm(user).id, "channel_type": "im", "client_msg_id": f"m-{ts}"}
    assert slack._event("message.im", "T1", inner | place | more).status == 200
    return ts


def answer(slack: FakeSlack, text: str = "", **more: Any) -> Message:
    """Send it, and wait for the reply, which is one."""
    before = len(told(slack))
    send(slack, text, **more)
    eventually(lambda: len(told(slack)) > before)
    [reply] = told(slack)[before:]
    return reply


CLIP = {"subtype": "file_share", "files": [clip("complete", "They want a second demo")]}
CUT = {"subtype": "file_share", "files": [clip("complete", "They", True)]}
PDF = {"subtype": "file_share", "files": [{"id": "F2", "mimetype": "application/pdf"}]}
SHARED = {"attachments": [{"is_share": True, "text": "a-forwarded-thought"}]}

# What is sent while the coach waits to hear about Acme, and what the reply says.
WAITING: list[tuple[str, dict[str, Any], str]] = [
    ("They want the trial", {}, KEPT),
    ("good", {}, KEPT),
    ("ok", {}, KEPT),
    (":thumbsup:", {}, KEPT),
    ("no", {}, KEPT),
    ("Budget is still open, next step on Friday", {}, KEPT),
    ("waves goodbye to the budget", {"subtype": "me_message"}, KEPT),
    ("They signed", {"subtype": "thread_broadcast"}, KEPT),
    ("Notes are attached", PDF, "I keep words only: the file stays in Slack."),
    ("", PDF, "I read words, not files"),
    ("", CLIP, KEPT),
    ("", {"subtype": "file_share", "files": [clip("processing")]}, "I can't listen to clips"),
    ("", CUT, "only the beginning"),
    ("", SHARED, "I can't read what was forwarded"),
    ("", {}, "no words"),
    (PROMPTS[0], {}, "*"),
    ("The customer wants to cancel", {}, "Source"),
    ("How do I handle a price objection?", {}, ""),
    ("It went badly. What should I do about the price?", {}, "Keep this under Acme"),
    ("hello", {}, "How did *Acme* go?"),
    ("thanks!", {}, "welcome"),
    ("what calls do I have today", {}, "I know of no call today."),
    ("my calls today?", {}, "I know of no call today."),
    ("help", {}, "lists them all"),
    ("?", {}, "lists them all"),
    ("who are you?", {}, "I look for advice"),
    ("are you there?", {}, "I am here"),
    ("stop", {}, "nudges off"),
    ("sorry, wrong chat", {}, "Never mind"),
    ("how are you?", {}, "What is going on at your customer?"),
    ("bye", {}, "See you"),
    ("huddle acme 15:00", {}, "Type `/huddle acme 15:00`"),
    ("a budget " * 1_000, {}, KEPT),
    ("status", {}, "Type `/coach status`"),
    ("please turn off nudges", {}, "Type `/coach nudges off`"),
    ("Delete everything about me.", {}, "Type `/coach forget me`"),
    ("what did I say about Acme?", {}, "Type `/coach log acme`"),
    ("another tip", {}, "Type `/tip`"),
    ("How do I start a huddle?", {}, "Type `/huddle acme 15:00`"),
    ("who can read what I write?", {}, "Only you, until you press Share."),
    ("you already asked me that", {}, "What you said is kept."),
    ("great advice", {}, "Noted."),
]  # fmt: skip


@pytest.mark.parametrize("text, more, reply", WAITING, ids=[str(n) for n in range(len(WAITING))])
def test_each_kind_of_message_gets_one_sensible_reply(
    slack: FakeSlack, bot: Bot, wake: Wake, text: str, more: dict[str, Any], reply: str
) -> None:
    if "calls" in text:
        reply = "Today:"
    asked(bot, wake, "Acme")
    said = answer(slack, text, **more)
    if reply not in ("*", "Source"):
        assert reply in said.plain
    kept = rows(bot, "SELECT said FROM replies WHERE removed = 0")
    assert bool(kept) == ("Kept, under" in said.plain)
    if kept and text:
        assert kept == [(text.strip(),)]


@pytest.mark.parametrize("text", ["move globex to 4pm", "cancel globex", "Globex 15:00"])
def test_a_line_for_a_planned_call_is_a_command_whatever_the_coach_waits_for(
    slack: FakeSlack, bot: Bot, wake: Wake, text: str
) -> None:
    asked(bot, wake, "Acme")
    plan(bot, "Globex", timedelta(hours=3))
    assert f"Type `/huddle {text}`." in answer(slack, text).plain
    assert rows(bot, "SELECT * FROM replies") == []


def test_a_time_in_an_answer_is_no_command(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    asked(bot, wake, "Acme")
    assert KEPT in answer(slack, "second demo friday 10:00").plain


def test_a_suggested_prompt_is_a_question_whatever_the_coach_waits_for(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    for prompt in PROMPTS:
        assert "Kept" not in answer(slack, prompt).plain
    assert rows(bot, "SELECT * FROM replies") == []
    assert "How did *Acme* go?" in answer(slack, "hi").plain  # it is still asked for


def test_that_was_a_question_takes_the_words_out_asks_again_and_answers(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    asked(bot, wake, "Acme")
    kept = answer(slack, "They want a bigger discount")
    before = len(told(slack))
    press(slack, kept, "That was a question")
    eventually(lambda: len(told(slack)) > before)
    settled(bot)
    assert rows(bot, "SELECT removed FROM replies") == [(1,)]
    eventually(lambda: any("Taken out" in m.plain for m in told(slack)))
    clock.forward(days=1)
    wake()
    assert "\n".join(m.plain for m in told(slack)).count("How did") == 2


def test_a_reply_goes_to_the_call_that_it_names_however_old(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    asked(bot, wake, "Globex")
    clock.forward(days=30)
    asked(bot, wake, "Acme")
    assert "under *Globex*" in answer(slack, "Globex signed this morning").plain
    assert KEPT in answer(slack, "They want the trial").plain


def test_what_nobody_wrote_is_no_answer(slack: FakeSlack, bot: Bot, wake: Wake) -> None:
    """Slack's notices name a person as well: docs.slack.dev/reference/events/message."""
    asked(bot, wake, "Acme")
    for notice in ("pinned_item", "reminder_add", "bot_add"):
        send(slack, "<@U1> did something", subtype=notice, client_msg_id="")
    settled(bot)
    assert len(told(slack)) == 1 and rows(bot, "SELECT * FROM replies") == []


def test_a_clip_that_slack_writes_down_later_is_kept_then(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    files = {"subtype": "file_share", "files": [clip("processing")]}
    ts = send(slack, **files)
    eventually(lambda: "I can't listen to clips" in told(slack)[-1].plain)
    now = {"user": "U1", "ts": ts, "text": "", "files": [clip("complete", "They want a trial")]}
    send(slack, subtype="message_changed", message=now)
    eventually(lambda: KEPT in told(slack)[-1].plain)
    assert rows(bot, "SELECT said FROM replies") == [("They want a trial",)]


@pytest.mark.parametrize(
    "text, form",
    [
        ("how do I handle price?", "question"),
        ("should I call them again", "question"),
        ("See https://example.com/?a=b", ""),
        ("They liked it. What next?", "mixed"),
        ("They asked how we price", ""),
        ("这个怎么办？", "question"),
    ],
)
def test_a_question_is_known_by_its_form(text: str, form: str) -> None:
    assert asks(text) == form


def test_a_call_can_be_one_where_they_did_not_show_up(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    press(slack, told(slack)[-1], "No show")
    eventually(lambda: "they did not show up" in told(slack)[-1].plain)
    assert rows(bot, "SELECT said, via FROM replies") == [("they did not show up", "button")]
    assert rows(bot, "SELECT state FROM calls") == [("moved",)]


def test_turning_nudges_off_and_on_leaves_no_stale_message(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    asked(bot, wake, "Acme")
    press(slack, told(slack)[-1], "Stop these")
    eventually(lambda: "Nudges are off" in told(slack)[-1].plain)
    slack.command("U1", "C1", "/coach", "nudges on")
    eventually(lambda: "Nudges are off" not in told(slack)[-1].plain)


def test_what_is_longer_than_slack_tells_is_refused_and_not_cut(
    slack: FakeSlack, bot: Bot, wake: Wake
) -> None:
    """docs.slack.dev/changelog/2018-truncating-really-long-messages"""
    asked(bot, wake, "Acme")
    assert KEPT in answer(slack, "x" * 39_999).plain
    asked(bot, wake, "Globex")
    reply = answer(slack, "y" * 40_000)
    assert "more than Slack shows me in one message" in reply.plain
    assert rows(bot, "SELECT max(length(said)), count(*) FROM replies") == [(39_999, 1)]


def test_a_reply_in_an_old_thread_goes_to_its_call(
    slack: FakeSlack, bot: Bot, wake: Wake, clock: HandClock
) -> None:
    asked(bot, wake, "Globex")
    thread = told(slack)[-1].ts
    clock.forward(days=60)
    asked(bot, wake, "Acme")
    reply = answer(slack, "They signed this morning", thread_ts=thread)
    assert "Kept, under *Globex*" in reply.plain and reply.thread_ts == thread
