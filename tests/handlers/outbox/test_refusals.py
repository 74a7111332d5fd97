"""What Slack refuses waits while the reason can pass; the way there is looked for anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock.now import HandClock
from bot.coach import ROOT
from bot.daily_tips.setting import TIP_LATE
from bot.outbox.message import OutboxMessage
from bot.settings import Settings
from handlers.app import Bot
from handlers.slack.client import NotSaid
from handlers.slack.refusal import Refusal, codes, methods, refusal
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import Served
from tests.support.due import Due
from tests.support.nudges import SAM, Wake, at_ten, dms, nudges, plan, status

__all__ = ["at_ten"]  # a fixture

DUE = timedelta(minutes=-10)

# The table ----------------------------------------------------------------------------------


def test_every_method_that_we_call_is_in_the_table() -> None:
    called = set[str]()
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).rglob("*.py"):
            if "trial" not in path.parts:
                called |= set(re.findall(_METHOD, path.read_text(encoding="utf-8")))
    called |= {"files.getUploadURLExternal", "files.completeUploadExternal"}  # files_upload_v2
    called |= {"apps.connections.open"}
    assert called == set(methods())


_METHOD = (
    r'"((?:chat|conversations|views|users|assistant|auth|files|team|agents)'
    r'(?:\.[a-z]+)*\.[a-z][A-Za-z]+)"'
)


def test_every_documented_code_has_a_class_a_source_and_a_reason() -> None:
    documented = {code for listed in methods().values() for code in listed}
    assert documented <= {*codes()}
    for means in map(refusal, codes()):
        assert means.kind in ("passes", "mended", "anew", "never"), means
        assert means.source and means.say("C1") and "{" not in means.say("C1"), means
        assert (means.look in ("token", "conversation", "person")) == (means.kind == "anew")
        assert means.by in ("admin", "host", "member") or means.kind in ("passes", "never")


def test_whoever_can_mend_it_is_named() -> None:
    named = {"admin": "admin", "host": "Whoever runs me|whoever runs me", "member": ""}
    for means in map(refusal, codes()):
        if means.kind in ("mended", "anew") and means.by:
            assert re.search(named[means.by], means.say("C1")), means


@given(st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1).filter(lambda c: c not in codes()))
def test_of_a_code_that_nobody_knows_it_is_not_said_that_it_is_for_ever(code: str) -> None:
    assert refusal(code).kind == "passes" and code in refusal(code).say("")


# Each row -----------------------------------------------------------------------------------


class World:
    """For each code of a method a message of its own, to a place of its own."""

    def __init__(self, bot: Bot, slack: FakeSlack, clock: HandClock, wake: Wake) -> None:
        self.slack, self.clock, self._wake = slack, clock, wake
        self.due = Due(bot.coach, slack)
        self.messages: dict[str, OutboxMessage] = {}

    def plan(self, code: str, kind: Callable[[Due], OutboxMessage]) -> str:
        """The conversation that it is for."""
        self.messages[code] = kind(self.due)
        return self.place(code)

    def place(self, code: str) -> str:
        return self.due.planned[self.messages[code]]

    def go_on(self, seconds: int, each: int = 1) -> None:
        for _ in range(0, seconds, each):
            self._wake()
            self.clock.forward(seconds=each)
        self._wake()

    def now(self, code: str) -> OutboxMessage:
        """Its message as it is now."""
        return self.due.now(self.messages[code])

    def said(self, code: str) -> int:
        """How often it stands where it was to be."""
        place = self.slack.messages(self.place(code))
        return sum(not message.streaming for message in place if message.user == "UBT1")


@pytest.fixture
def world(bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake) -> World:
    slack.world.workspaces["T1"].scopes.add("channels:history")
    return World(bot, slack, at_ten, wake)


def is_as_its_class_says(means: Refusal, message: OutboxMessage) -> bool:
    if means.kind == "never":
        return message.state == "dead" and bool(message.why)
    return message.state == "pending" and bool(message.why)


@pytest.mark.parametrize(
    "method, kind",
    [
        ("chat.postMessage", Due.question),
        ("chat.postMessage", Due.reminder),
        ("conversations.open", Due.invitation),
        ("users.info", Due.invitation),
        ("conversations.info", Due.tip),
    ],
)
def test_each_refusal_is_waited_for_or_final_as_its_class_says(
    method: str, kind: Callable[[Due], OutboxMessage], world: World
) -> None:
    for code in methods()[method]:
        place = world.plan(code, kind)
        whom = world.messages[code].recipient.id
        world.slack.fail(method, code, about=place if method == "chat.postMessage" else whom)
    world.go_on(len(world.messages) // 3 + 2)
    for code in world.messages:
        means, message = refusal(code), world.now(code)
        if means.open and method == "chat.postMessage":
            assert message.state == "sending", code
        else:
            assert is_as_its_class_says(means, message), (code, message)
    world.go_on(420, each=3)
    lost = {code for code in world.messages if not world.said(code)}
    assert lost == {code for code in world.messages if refusal(code).kind == "never"}
    assert max(map(world.said, world.messages)) == 1


@pytest.mark.parametrize(
    "method, kind",
    [("conversations.history", Due.question), ("conversations.replies", Due.answer)],
)
def test_each_refusal_of_a_look_is_waited_for_or_the_message_parked(
    method: str, kind: Callable[[Due], OutboxMessage], world: World
) -> None:
    """What somebody waits for is parked too while a person has to mend something, but for the
    token: they were told, and may ask again."""
    for code in methods()[method]:
        place = world.plan(code, kind)
        world.slack.fail("chat.postMessage", "reset", about=place)
        world.slack.fail(method, code, about=place)
    world.go_on(len(world.messages) // 3 + 2)
    world.go_on(140, each=2)
    parked = {code for code in world.messages if world.now(code).state == "unknown"}
    final = ("never",) if kind is Due.question else ("never", "mended", "anew")
    assert parked == {
        code
        for code in world.messages
        if refusal(code).kind in final and refusal(code).look != "token"
    }
    world.go_on(420, each=3)
    assert {code for code in world.messages if not world.said(code)} == parked
    assert max(map(world.said, world.messages)) == 1


PARTS = ["chat.startStream", "chat.appendStream", "chat.stopStream", "chat.update"]


@pytest.mark.parametrize("method", PARTS)
def test_an_answer_in_parts_comes_whole_and_once_whatever_is_refused(
    method: str, world: World
) -> None:
    for code in methods()[method]:
        place = world.plan(code, Due.answer_in_parts)
        world.slack.fail(method, code, about=place)
        if method == "chat.update":
            world.slack.fail("chat.stopStream", "invalid_blocks", about=place)
    world.go_on(len(world.messages) // 3 + 2)
    world.go_on(180, each=3)
    assert {world.now(code).state for code in world.messages} == {"sent"}
    assert {world.said(code) for code in world.messages} == {1}


@pytest.mark.parametrize("method", sorted(methods()))
def test_each_refusal_of_any_method_is_told_in_words_that_name_no_code(
    method: str, bot: Bot, slack: FakeSlack, clock: HandClock
) -> None:
    for code in methods()[method]:
        clock.forward(seconds=1)  # for Slack asked to wait
        slack.fail(method, code)
        with pytest.raises(NotSaid) as told:
            bot.messenger.client.call(SAM, "C1", method, channel=f"C{code}")
        assert told.value.code == code and code not in str(told.value)
        assert told.value.means == refusal(code)
        passes = refusal(code).kind == "passes"
        assert bool(re.search(r"Try again (in a minute|then)\.$", str(told.value))) == passes


# Stories ------------------------------------------------------------------------------------


def test_installed_again_the_words_come_out(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    scopes = slack.world.workspaces["T1"].scopes
    scopes.discard("chat:write")
    call = plan(bot, "Acme", DUE)
    for _ in range(3):
        wake()
        at_ten.forward(minutes=5)
    assert nudges(bot, call)[0].state == "pending" and not dms(slack)
    for user in ("U1", "U3"):
        scopes.add("chat:write")  # so that the status itself can be told
        told = status(slack, user)
        scopes.discard("chat:write")
        assert "An admin should install me again from the manifest" in told
        assert "I could not say the question how a call went to" in told
    slack.add_workspace()
    wake()
    assert len(dms(slack)) == 1 and nudges(bot, call)[0].state == "sent"
    assert "install" not in status(slack)


def test_with_another_token_the_words_come_out_at_the_next_start(
    served: Served, slack: FakeSlack, settings: Settings, clock: HandClock, at_ten: HandClock
) -> None:
    plan(served.bot, "Acme", DUE)
    slack.revoke()
    served.bot.scheduler.wake()
    served.bot.deliverer.wait(20)
    assert "whoever runs me then sets SLACK_BOT_TOKEN" in served.coach.people.troubles(SAM)[0].why
    served.stop()
    slack.add_workspace(bot_token="xoxb-new")
    anew = Served(replace(settings, bot_token="xoxb-new"), slack, clock)
    anew.bot.scheduler.wake()
    anew.bot.deliverer.wait(20)
    assert len(dms(slack)) == 1
    anew.stop()
    served.start()


def test_what_is_refused_until_its_time_has_passed_is_dead_with_the_reason(
    world: World, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    channel = world.plan("ekm_access_denied", lambda due: due.tip(TIP_LATE))
    slack.fail("chat.postMessage", "ekm_access_denied", times=1000, about=channel)
    world.go_on(60 * 119, each=60)
    assert world.now("ekm_access_denied").state == "pending"
    assert f"I could not say the daily tip to #{channel.lower()} yet" in status(slack, "U3")
    world.go_on(120, each=60)
    assert world.now("ekm_access_denied").state == "dead"
    told = status(slack, "U3")
    assert f"I could not say the daily tip to #{channel.lower()}, due" in told
    assert "Only an admin can lift that" in told and "Try again" not in told


def test_where_several_in_one_message_are_refused_for_ever_each_is_tried_alone(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    calls = [plan(bot, name, DUE) for name in ("Acme", "Globex", "Initech")]
    slack.fail("chat.postMessage", "msg_blocks_too_long", times=2)
    wake()
    assert not dms(slack) and {nudges(bot, call)[0].state for call in calls} == {"pending"}
    for _ in range(8):
        at_ten.forward(seconds=1)
        wake()
    assert sorted(nudges(bot, call)[0].state for call in calls) == ["dead", "sent", "sent"]
    assert len(dms(slack)) == 2, "one of them was to blame"


def test_what_many_wait_for_is_one_line_of_the_status(
    world: World, slack: FakeSlack, wake: Wake
) -> None:
    for n in range(30):
        place = world.plan(str(n), Due.question)
        slack.fail("chat.postMessage", "org_login_required", about=place)
    world.plan("another", Due.reminder)
    slack.fail("chat.postMessage", "message_limit_exceeded", about=world.place("another"))
    world.go_on(12)
    told = status(slack, "U3")
    assert told.count("moving this workspace into an organisation") == 1
    assert re.search(r"(@u1\d{4}(, )?){3} and 27 more yet, the first due today", told), told
    assert re.search(r"a reminder to @u1\d{4} yet, due .*: .*its limit is reached", told)


@pytest.mark.parametrize("how", ["archived", "thrown out", "shared"])
def test_a_channel_that_comes_back_gets_its_words(
    how: str, world: World, slack: FakeSlack, wake: Wake
) -> None:
    channel = world.plan(how, Due.tip)
    place = slack.world.channels[channel]
    if how == "thrown out":
        slack.remove_bot(channel)
    else:
        place.archived, place.shared = how == "archived", how == "shared"
    world.go_on(600, each=60)
    assert world.now(how).state == "pending" and not world.said(how)
    assert f"I could not say the daily tip to #{channel.lower()} yet" in status(slack, "U3")
    if how == "thrown out":
        slack.invite(channel)
    place.archived = place.shared = False
    world.go_on(300, each=60)
    assert world.said(how) == 1


def test_one_who_left_is_waited_for_and_status_says_why(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    call = plan(bot, "Acme", DUE)
    slack.deactivate("U1")
    wake()
    assert nudges(bot, call)[0].state == "pending"
    assert "that account is deactivated" in status(slack, "U3"), "managers see what is stuck"
    slack.world.users["U1"].deleted = False
    at_ten.forward(minutes=5)
    wake()
    assert len(dms(slack)) == 1


def test_a_conversation_that_is_not_found_is_opened_anew(
    bot: Bot, slack: FakeSlack, at_ten: HandClock, wake: Wake
) -> None:
    plan(bot, "Acme", DUE)
    wake()
    assert len(dms(slack)) == 1
    plan(bot, "Globex", timedelta(minutes=-10))
    slack.fail("chat.postMessage", "channel_not_found")
    at_ten.forward(seconds=1)
    wake()
    opened = sum(e.name == "conversations.open" for e in slack.log)
    at_ten.forward(minutes=5)
    wake()
    assert len(dms(slack)) == 2
    assert sum(e.name == "conversations.open" for e in slack.log) == opened + 1


# How long Slack asks to wait ----------------------------------------------------------------


def test_a_channel_that_slack_asks_to_wait_with_holds_up_no_other(
    world: World, slack: FakeSlack, at_ten: HandClock
) -> None:
    first, second = world.plan("ratelimited", Due.tip), world.plan("another", Due.tip)
    slack.fail("chat.postMessage", "429", retry_after=30, about=first)
    world.go_on(29)
    posts = [e.request["channel"] for e in slack.log if e.name == "chat.postMessage"]
    assert posts.count(first) == 1 and world.said("another") == 1
    assert len(slack.messages(second)) == 1
    world.go_on(2)
    assert world.said("ratelimited") == 1


def test_other_methods_wait_in_the_whole_workspace(bot: Bot, slack: FakeSlack) -> None:
    call = bot.messenger.client.call
    slack.fail("conversations.info", "429", retry_after=30)
    for channel in ("C1", "C2"):
        with pytest.raises(NotSaid, match="asks me to wait 30 seconds"):
            call(SAM, channel, "conversations.info", channel=channel)
    assert sum(e.name == "conversations.info" for e in slack.log) == 1
    call(SAM, "U1", "users.info", user="U1")
