"""What the stories of debriefs have in common: a call, its form, and who read what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.calls.call import Call
from bot.calls.table import Calls
from bot.debriefs.follow_up_table import FollowUps
from bot.people.rep import Rep
from bot.storage.database import Database
from handlers.app import Bot
from handlers.trial.small_slack.slack import Delivery, FakeSlack
from handlers.trial.small_slack.world import Message, View
from tests.conftest import eventually

SAM, KIM, MIA = Rep("T1", "U1"), Rep("T1", "U2"), Rep("T1", "U3")


def held(
    bot: Bot,
    account: str = "Acme",
    goal: str = "budget confirmed",
    owner: Rep = SAM,
    ago: timedelta = timedelta(hours=1),
    play: str = "",
) -> Call:
    """A call that ended a while ago, without a huddle."""
    coach = bot.coach
    now: datetime = coach.now()
    ends = now - ago
    starts = ends - timedelta(minutes=45)
    return coach.store.write(
        lambda db: Calls(db).add(owner, account, starts, ends, play, goal, None, now)
    )


def debrief(slack: FakeSlack, words: str = "", user: str = "U1", channel: str = "C1") -> View:
    """Type `/debrief words` and wait for the form."""
    delivery = slack.command(user, channel, "/debrief", words)
    assert (delivery.status, delivery.error) == (200, None)
    return form(slack, user)


def form(slack: FakeSlack, user: str = "U1") -> View:
    view = eventually(lambda: slack.modal(user))
    assert view is not None
    return view


def save(slack: FakeSlack, user: str = "U1", **answers: object) -> Message:
    """Send the open form with these answers and wait for the coach's word in the DM."""
    before = [m.plain for m in told(slack, user)]
    done = submit(slack, user, **answers)
    assert (done.status, done.errors) == (200, {})
    assert slack.modal(user) is None
    eventually(lambda: [m.plain for m in told(slack, user)] != before)
    return told(slack, user)[-1]


def submit(slack: FakeSlack, user: str = "U1", **answers: object) -> Delivery:
    return slack.submit(user, form(slack, user), dict(answers))


def told(slack: FakeSlack, user: str = "U1") -> list[Message]:
    """What the coach wrote in the DM with this person, but for the first greeting."""
    said = [m for m in slack.messages(slack.dm(user)) if m.user != user]
    return [m for m in said if "I coach sales calls" not in m.plain]


def press(slack: FakeSlack, message: Message | View, label: str, user: str = "U1") -> Delivery:
    block_id, action_id, value = slack.button(message, label)
    delivery = slack.click(user, message, action_id, value, block_id)
    assert (delivery.status, delivery.error) == (200, None)
    return delivery


def asked(bot: Bot, wake: Callable[[], None], *accounts: str, goal: str = "") -> list[Call]:
    """Calls of Sam's that just ended, and the nudge about them said in one message."""
    coach = bot.coach
    now = coach.now()

    def work(db: Database) -> list[Call]:
        calls = []
        for n, account in enumerate(accounts):
            ends = now - timedelta(minutes=15 - n)
            starts = ends - timedelta(minutes=30)
            call = Calls(db).add(SAM, account, starts, ends, "", goal, None, now)
            FollowUps(db).plan_debrief(call, timedelta(minutes=10))
            calls.append(call)
        return calls

    calls = coach.store.write(work)
    wake()
    return calls


STEP = {"next_step": "send the offer", "by_when": "2026-12-02", "committed": "Us"}
