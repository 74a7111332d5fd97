"""One day of one call, from the import to the forgetting, through each door into Slack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.archives.reader import read_file
from bot.clock.now import HandClock
from bot.people.rep import Rep
from bot.settings import Settings
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import ARCHIVES, Served, eventually, rows
from tests.support.huddles import card, form, huddle, press, private, reads

MORNING = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # 09:00 in New York, where the rep is


@pytest.fixture(params=["http", "socket"])
def served(
    request: pytest.FixtureRequest, settings: Settings, slack: FakeSlack, clock: HandClock
) -> Iterator[Served]:
    clock.set(MORNING)
    served = Served(settings, slack, clock, request.param)
    served.bot.coach.people.greet(Rep("T1", "U1"))
    yield served
    served.stop()


FORGOT = "who signs for the budget"


def wake(served: Served) -> None:
    """One waking of the timer, with all that it starts."""
    served.bot.scheduler.wake()
    served.bot.deliverer.wait(20)


def dm(slack: FakeSlack, words: str) -> Message:
    """The newest message of the rep's DM that holds these words."""
    return eventually(
        lambda: next((m for m in slack.messages(slack.dm("U1"))[::-1] if words in m.plain), None)
    )


def test_the_whole_day(
    served: Served, slack: FakeSlack, clock: HandClock, settings: Settings
) -> None:
    # Import, where the archives are at hand.
    coach = served.coach
    for path in sorted(ARCHIVES.glob("*.txt")):
        coach.library.put(read_file(path.read_bytes(), path.name).posts, clock.now())
    coach.indexing.update()

    # Huddle: a card in the channel, a goal, two ticks by two people.
    huddle(slack, "Acme negotiation 10:00 45m @kim")
    press(slack, card(slack), "Set the goal")
    eventually(lambda: slack.modal("U1"))
    view = form(slack)
    block = next(b["block_id"] for b in view.blocks if b["type"] == "input")
    assert slack.submit("U1", view, {block: "budget confirmed"}).errors == {}
    reads(slack, "budget confirmed")
    boxes = [b for b in card(slack).blocks if "huddle.tick" in str(b)]
    for user, box in zip(("U1", "U2"), boxes[:2], strict=True):
        element = box.get("accessory") or box["elements"][0]
        option = element["options"][0]["value"] if "options" in element else element["value"]
        slack.click(user, card(slack), "huddle.tick", [option], box["block_id"])
    reads(slack, "2 of ")

    # Restart in the middle: nothing is lost, and the card still answers.
    served.restart()
    press(slack, card(slack), "Why", "U2")
    eventually(lambda: slack.ephemerals("U2"))

    # The call ends; ten minutes later one nudge, and one tap is an answer.
    clock.set(MORNING.replace(hour=15, minute=54))
    wake(served)
    assert "How did" not in slack.said_to("U1")
    clock.forward(minutes=2)
    wake(served)
    wake(served)
    nudge = dm(slack, "How did")
    assert slack.said_to("U1").count("How did") == 1
    assert "budget confirmed" in nudge.plain
    press(slack, nudge, "Partly")

    # The form is open and filled in; saved, it is kept and answered with one tip.
    done = slack.submit(
        "U1",
        form(slack),
        {
            "next_step": "Dana signs the order",
            "by_when": "2026-11-24",
            "committed": "Them",
            "forgot": FORGOT,
        },
    )
    assert (done.status, done.errors) == (200, {})
    kept = dm(slack, "Kept.")
    assert "For the next call" in kept.plain

    # Share: the goal, the outcome and the next step in the thread; nothing that was forgotten.
    press(slack, kept, "Share")
    thread = eventually(lambda: [m for m in slack.messages("C1") if m.thread_ts])
    assert "Dana signs the order" in thread[-1].plain
    assert all(FORGOT not in message.plain for message in slack.seen_by("U2"))

    # A tip about it, privately.
    slack.command("U1", "C1", "/tip", "keep a small concession for the end of the negotiation")
    private(slack, "Negotiating with a Clock")

    # The day of the next step: one line.
    clock.set(datetime(2026, 11, 24, 14, 30, tzinfo=UTC))
    wake(served)
    assert slack.said_to("U1").count("Today:") == 1

    # The next huddle of the account knows what was shared; what was not, the rep alone hears.
    huddle(slack, "acme 11:00")
    reads(slack, "Last call")
    assert "Dana signs the order" in card(slack).plain
    assert FORGOT not in card(slack).plain
    private(slack, FORGOT)

    # A daily tip in the channel.
    slack.command("U1", "C1", "/coach", "daily 10:00 weekdays")
    eventually(lambda: "10:00" in slack.ephemerals("U1")[-1].plain)
    before = len(slack.messages("C1"))
    clock.set(datetime(2026, 11, 24, 15, 3, tzinfo=UTC))
    wake(served)
    wake(served)
    assert len(slack.messages("C1")) == before + 1

    # The rows tell the day.
    replies = rows(served.bot, "SELECT question, said, via FROM replies ORDER BY id")
    assert ("reached", "partly", "button") in [(q, str(s).casefold(), v) for q, s, v in replies]
    assert rows(served.bot, "SELECT count(*) FROM calls") == [(2,)]
    assert rows(served.bot, "SELECT count(*) FROM outbox WHERE state = 'unknown'") == [(0,)]

    # Export, then forget: the replies are gone, from the tables and from the file.
    slack.command("U1", "C1", "/coach", "export")
    eventually(lambda: "export" in slack.said_to("U1") or "Dana signs" in slack.said_to("U1"))
    slack.command("U1", "C1", "/coach", "forget me")
    asked = private(slack, "Forget")
    label = next(
        e["text"]["text"] for b in asked.blocks if b["type"] == "actions" for e in b["elements"]
    )
    press(slack, asked, label)
    eventually(lambda: rows(served.bot, "SELECT count(*) FROM replies") == [(0,)])
