"""Every form and every button, sent once more because the answer to the first was lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from bot.clock.now import HandClock
from bot.fetching.fetcher import UNSEEN
from bot.imports.feeds_table import Feeds
from bot.people.rep import Rep
from handlers.app import Bot, table
from handlers.calendars import drawing as calendar_drawing
from handlers.calendars import forms as calendar_forms
from handlers.debriefs import drawing as debrief_drawing
from handlers.debriefs import follow_up_drawing as follow_ups
from handlers.debriefs import forms as debrief_forms
from handlers.huddles import card_drawing, private_drawing
from handlers.huddles import forms as huddle_forms
from handlers.library import drawing as library_drawing
from handlers.outbox import _hours_form as hours_form
from handlers.trial.small_slack.slack import Delivery, FakeSlack
from handlers.trial.small_slack.world import Message, View
from tests.conftest import Served, eventually, rows
from tests.support import calendars, debriefs, huddles, tips
from tests.support.debriefs import STEP

SOON = timedelta(minutes=10)
# What a row tells of the machine, or of a message that only the one who pressed sees.
MACHINE = {"handled", "inbox", "sent_before", "notes", "troubles", "sqlite_sequence"}
DRAWN = {"documents", "documents_data", "documents_idx", "documents_docsize", "documents_config"}
COUNTED = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
KEPT = (
    "SELECT account, starts, ends, state, goal, play FROM calls ORDER BY id",
    "SELECT text, done, answer FROM huddle_items ORDER BY id",
    "SELECT call_id, user_id, part FROM huddle_people ORDER BY id",
    "SELECT call_id, reached, next_step, their_step, shared FROM debriefs ORDER BY id",
    "SELECT key, state FROM outbox ORDER BY id",
)


class Stage(NamedTuple):
    """A coach, its Slack, and its hand-set clock."""

    bot: Bot
    slack: FakeSlack
    clock: HandClock
    wake: Callable[[], None]

    def settled(self) -> tuple[object, ...]:
        """What is kept and said, once nothing changes it any more."""
        last: tuple[object, ...] = ()
        for _ in range(100):
            self.wake()
            now = self._snapshot()
            if now == last:
                return now
            last = now
            time.sleep(0.08)  # the coach works on threads of its own
        raise AssertionError("it never came to rest")

    def _snapshot(self) -> tuple[object, ...]:
        names = {name for (name,) in rows(self.bot, COUNTED)} - MACHINE - DRAWN
        counts = [(n, rows(self.bot, f"SELECT count(*) FROM [{n}]")) for n in sorted(names)]
        kept = [rows(self.bot, sql) for sql in KEPT]
        said = [
            (place, len([m for m in self.slack.messages(place) if m.user != user]))
            for user in ("U1", "U2", "U3")
            for place in ("C1", self.slack.dm(user))
        ]
        return counts, kept, said

    def found(self, action_id: str, user: str = "U1") -> tuple[Any, str, Any]:
        """The newest thing on this person's screen that has a button of that name."""

        def look() -> tuple[Any, str, Any] | None:
            screens: list[Message | View] = [
                *self.slack.messages("C1"),
                *self.slack.messages(self.slack.dm(user)),
                *self.slack.ephemerals(user),
            ]
            screens += filter(None, [self.slack.modal(user)])
            for screen in reversed(screens):
                for block in screen.blocks:
                    parts = [*block.get("elements", ()), block.get("accessory") or {}]
                    for part in parts:
                        if isinstance(part, dict) and part.get("action_id") == action_id:
                            return screen, block["block_id"], part.get("value")
            return None

        return eventually(look)

    def press(self, action_id: str, user: str = "U1") -> Delivery:
        screen, block_id, value = self.found(action_id, user)
        return self.slack.click(user, screen, action_id, value, block_id)

    def opened(self, action_id: str, title: str = "", user: str = "U1") -> View:
        done = self.press(action_id, user)
        assert done.error is None
        return huddles.form(self.slack, user, title)


@pytest.fixture
def stage(served: Served, slack: FakeSlack, clock: HandClock, wake: Callable[[], None]) -> Stage:
    return Stage(served.bot, slack, clock, wake)


Act = Callable[[], Delivery]
Scene = Callable[[Stage], Act]


def sends(stage: Stage, user: str = "U1", **values: Any) -> Act:
    """Send the form that is open, whatever stands in it."""
    view = huddles.form(stage.slack, user)
    return lambda: stage.slack.submit(user, view, values)


# Forms --------------------------------------------------------------------------------------


def unplanned(stage: Stage) -> Act:
    debriefs.debrief(stage.slack, "Newco")
    return sends(stage, account="Newco", reached="Partly", **STEP)


def debrief(stage: Stage) -> Act:
    debriefs.held(stage.bot)
    debriefs.debrief(stage.slack, "Acme")
    return sends(stage, reached="Partly", **STEP)


def their_step(stage: Stage) -> Act:
    debriefs.held(stage.bot)
    debriefs.debrief(stage.slack, "Acme")
    sends(stage, reached="Yes", **STEP)()
    stage.opened(debrief_drawing.DEBRIEF_THEIR_STEP)
    return sends(stage, their_step="name a date", their_by_when="2026-12-03")


def share_in(stage: Stage) -> Act:
    debrief(stage)()
    stage.opened(debrief_drawing.DEBRIEF_SHARE)
    return sends(stage, **{debrief_forms.CHANNEL: "C1"})


def start(stage: Stage) -> Act:
    huddles.ask(stage.slack, "acme")
    return sends(stage, starts=str(int(stage.clock.now().timestamp()) + 7200), goal="a date")


def on_card(action_id: str, **values: Any) -> Scene:
    def scene(stage: Stage) -> Act:
        huddles.huddle(stage.slack, "acme 15:00")
        stage.opened(action_id)
        return sends(stage, **values)

    return scene


def moved(stage: Stage) -> Act:
    huddles.huddle(stage.slack, "acme 15:00 @kim")
    stage.opened(card_drawing.HUDDLE_CHANGE)
    return sends(stage, starts=str(int(stage.clock.now().timestamp()) + 10_800))


def cancel_by_form(stage: Stage) -> Act:
    huddles.huddle(stage.slack, "acme 15:00 @kim")
    huddles.ask(stage.slack, "cancel acme")
    return sends(stage)


def feed(stage: Stage) -> Act:
    stage.slack.command("U3", "C1", "/coach", "library")
    stage.opened(library_drawing.FOLLOW, user="U3")
    return sends(stage, "U3", **{library_drawing.ADDRESS: "https://blog.example/feed"})


def hours(stage: Stage) -> Act:
    stage.slack.command("U1", "C1", "/coach", "nudges")
    return sends(stage)


def calendar(stage: Stage) -> Act:
    stage.slack.command("U1", "C1", "/coach", "calendar")
    return sends(stage, address="https://calendar.example/private/basic.ics")


FORMS: dict[str, Scene] = {
    "debrief.save": debrief,
    "debrief.save, unplanned": unplanned,
    debrief_forms.THEIR_STEP_SAVE: their_step,
    debrief_forms.SHARE_IN: share_in,
    huddle_forms.HUDDLE_START: start,
    huddle_forms.HUDDLE_CHANGED: moved,
    huddle_forms.HUDDLE_GOAL_SET: on_card(card_drawing.HUDDLE_GOAL, goal="a date"),
    huddle_forms.HUDDLE_PEOPLE_ADDED: on_card(card_drawing.HUDDLE_ADD_PEOPLE, people=["U2"]),
    huddle_forms.HUDDLE_CANCELLED: cancel_by_form,
    huddle_forms.HUDDLE_ANSWERED: on_card(card_drawing.HUDDLE_ANSWER, answer="the price"),
    huddle_forms.HUDDLE_ITEM_ADDED: on_card(card_drawing.HUDDLE_ADD_ITEM, item="Bring the plan"),
    library_drawing.FEED_FORM: feed,
    hours_form.HOURS_FORM: hours,
    calendar_forms.CALENDAR_FORM: calendar,
}


def test_every_form_is_walked() -> None:
    forms = table("VIEWS").keys() | {n for n in table("COMMITTED_FORMS") if n in _views()}
    assert forms == {name.partition(",")[0] for name in FORMS}


def _views() -> set[str]:
    """Of what is committed before its ack, the forms; the others are buttons."""
    buttons = {card_drawing.HUDDLE_CANCEL, "library.remove_sure", "meeting.start", "meeting.put_on"}
    return table("COMMITTED_FORMS").keys() - buttons


@pytest.mark.parametrize("name", FORMS)
def test_a_form_whose_answer_was_lost_and_that_is_sent_again_counts_once(
    stage: Stage, name: str
) -> None:
    send = FORMS[name](stage)
    stage.settled()
    stage.slack.courier.lost_answers = 1
    assert send().error == "We had some trouble connecting. Try again?"
    once = stage.settled()
    again = send()
    assert (again.error, again.errors) == (None, {})
    assert stage.settled() == once


CHANGED = {
    "debrief.save, unplanned": ({"account": "Newco Ltd"}, "Newco Ltd"),
    huddle_forms.HUDDLE_START: ({"account": "Acme Ltd"}, "Acme Ltd"),
    huddle_forms.HUDDLE_ITEM_ADDED: ({"item": "Bring the new plan"}, "Bring the new plan"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_was_changed_before_it_is_sent_again_is_what_counts(stage: Stage, name: str) -> None:
    send = FORMS[name](stage)
    stage.slack.courier.lost_answers = 1
    send()
    once = stage.settled()
    values, word = CHANGED[name]
    view = huddles.form(stage.slack)
    done = stage.slack.submit("U1", view, values)
    assert (done.error, done.errors) == (None, {})
    now = stage.settled()
    counted = ("calls", "debriefs", "huddle_items")
    assert [c for c in now[0] if c[0] in counted] == [c for c in once[0] if c[0] in counted]  # type: ignore[attr-defined]
    assert word in str(now[1])
    shown = [m.plain for m in (*stage.slack.messages("C1"), *debriefs.told(stage.slack))]
    assert len([text for text in shown if word in text]) == 1


# Buttons ------------------------------------------------------------------------------------


def asked(action_id: str) -> Scene:
    """A button under the question after a call."""

    def scene(stage: Stage) -> Act:
        debriefs.asked(stage.bot, stage.wake, "Acme", goal="a date")
        return lambda: stage.press(action_id)

    return scene


def stopped(stage: Stage) -> Act:
    asked(follow_ups.STOP)(stage)()
    stage.settled()
    return lambda: stage.press(follow_ups.START)


def step_due(action_id: str) -> Scene:
    def scene(stage: Stage) -> Act:
        debrief(stage)()
        stage.settled()
        stage.clock.forward(days=9)
        stage.wake()
        return lambda: stage.press(action_id)

    return scene


def card(action_id: str) -> Scene:
    def scene(stage: Stage) -> Act:
        huddles.huddle(stage.slack, "acme 15:00 @kim")
        return lambda: stage.press(action_id)

    return scene


def ticked(stage: Stage) -> Act:
    message = huddles.huddle(stage.slack, "acme 15:00")
    (item, *_) = huddles.ticks(stage.bot)
    block, value = huddles.block_of(message, item), f"1:{item.id}:on"
    screen = message

    def tick() -> Delivery:
        return stage.slack.click("U1", screen, card_drawing.HUDDLE_TICK, [value], block)

    return tick


def taken(stage: Stage) -> Act:
    """The call of somebody who left since."""
    stage.slack.command("U2", "C1", "/huddle", "Acme 16:00")
    eventually(lambda: rows(stage.bot, "SELECT 1 FROM huddles WHERE ts IS NOT NULL"))
    stage.bot.coach.people.left(Rep("T1", "U2"), is_gone=True)
    stage.wake()
    return lambda: stage.press(card_drawing.HUDDLE_TAKE)


def remembered(stage: Stage) -> Act:
    huddles.debriefed(stage.bot, forgot="ask for the security sheet")
    huddles.huddle(stage.slack, "acme 15:00")
    return lambda: stage.press(private_drawing.HUDDLE_REMEMBER)


def tip(action_id: str) -> Scene:
    def scene(stage: Stage) -> Act:
        tips.ask(stage.slack, "the customer wants to cancel")
        return lambda: stage.press(action_id)

    return scene


def shared(stage: Stage) -> Act:
    huddles.huddle(stage.slack, "acme 15:00")
    stage.clock.forward(hours=8)
    debriefs.debrief(stage.slack, "Acme")
    sends(stage, reached="Partly", **STEP)()
    stage.settled()
    return lambda: stage.press(debrief_drawing.DEBRIEF_SHARE)


def daily(action_id: str) -> Scene:
    def scene(stage: Stage) -> Act:
        stage.slack.command("U1", "C1", "/coach", "daily 15:30 every day UTC")
        eventually(lambda: rows(stage.bot, "SELECT 1 FROM daily_tips"))
        stage.clock.forward(hours=1)
        stage.wake()
        return lambda: stage.press(action_id)

    return scene


def forget(stage: Stage) -> Act:
    debrief(stage)()
    stage.slack.command("U1", "C1", "/coach", "forget me")
    return lambda: stage.press("records.forget")


def keep_days(stage: Stage) -> Act:
    stage.slack.command("U3", "C1", "/coach", "keep 90 days")
    return lambda: stage.press("records.keep_days", "U3")


def keep_days_back(stage: Stage) -> Act:
    keep_days(stage)()
    stage.settled()
    return lambda: stage.press("records.keep_days_back", "U3")


def kept_words(action_id: str, words: str) -> Scene:
    def scene(stage: Stage) -> Act:
        debriefs.asked(stage.bot, stage.wake, "Acme", goal="a date")
        stage.slack.say("U1", stage.slack.dm("U1"), words)
        eventually(lambda: not stage.bot.coach.inbox.waiting())
        return lambda: stage.press(action_id)

    return scene


def offered(action_id: str) -> Scene:
    """A button under a file that a manager dropped."""

    def scene(stage: Stage) -> Act:
        from tests.support.feeds import feed as of_titles

        stage.slack.world.workspaces["T1"].scopes.add("files:read")
        data = of_titles(["Ask about spring", "The second meeting"])
        stage.slack.share("U3", stage.slack.dm("U3"), "notes.xml", data)
        eventually(lambda: not stage.bot.coach.inbox.waiting())
        stage.wake()
        return lambda: stage.press(action_id, "U3")

    return scene


def followed(stage: Stage) -> Act:
    coach, now = stage.bot.coach, stage.clock.now()
    coach.feeds.follow(huddles.MIA, "https://blog.example/feed")
    until = now + timedelta(days=1)
    coach.store.write(lambda db: Feeds(db).looked(1, UNSEEN, "Our Field Notes", now, until))
    stage.slack.command("U3", "C1", "/coach", "library")
    return lambda: stage.press(library_drawing.UNFOLLOW, "U3")


def removed(stage: Stage) -> Act:
    offered(library_drawing.IMPORT)(stage)()
    stage.settled()
    stage.slack.command("U3", "C1", "/coach", "library")
    stage.press(library_drawing.REMOVE, "U3")
    return lambda: stage.press(library_drawing.REMOVE_SURE, "U3")


def in_calendar(action_id: str, verdict: str = "customer") -> Scene:
    """A switch beside a meeting, or a button of the form."""

    def scene(stage: Stage) -> Act:
        calendars.connected(stage.bot.coach)
        calendars.put(stage.bot.coach, calendars.kept(verdict=verdict))
        words = "calendar" if action_id == calendar_forms.CALENDAR_OFF else "calendar list"
        stage.slack.command("U1", "C1", "/coach", words)
        return lambda: stage.press(action_id)

    return scene


def before_meeting(action_id: str) -> Scene:
    """A button under the offer before a meeting."""

    def scene(stage: Stage) -> Act:
        calendars.offered(stage.bot.coach, calendars.kept(starts=stage.clock.now() + SOON))
        stage.wake()
        return lambda: stage.press(action_id)

    return scene


def may_be_shared(action_id: str) -> Scene:
    """A button under the question whether a colleague has the same meeting."""

    def scene(stage: Stage) -> Act:
        before_meeting("meeting.start")(stage)()
        stage.settled()
        calendars.asked_who_else(stage.bot.coach)
        stage.clock.forward(seconds=2)
        stage.wake()
        return lambda: stage.press(action_id)

    return scene


BUTTONS: dict[str, Scene] = {
    "debrief.yes": asked("debrief.yes"),
    "debrief.partly": asked("debrief.partly"),
    "debrief.no": asked("debrief.no"),
    "debrief.share": shared,
    "nudge.moved": asked("nudge.moved"),
    "nudge.no_show": asked("nudge.no_show"),
    "nudge.skip": asked("nudge.skip"),
    "nudge.snooze": asked("nudge.snooze"),
    "nudge.stop": asked("nudge.stop"),
    "nudge.start": stopped,
    "nudge.done": step_due("nudge.done"),
    "nudge.not_yet": step_due("nudge.not_yet"),
    "huddle.cancel": card("huddle.cancel"),
    "huddle.take": taken,
    "huddle.tick": ticked,
    "huddle.remember": remembered,
    "daily.helpful": daily("daily.helpful"),
    "daily.not_helpful": daily("daily.not_helpful"),
    "tip.helpful": tip("tip.helpful"),
    "tip.not_helpful": tip("tip.not_helpful"),
    "tip.share": tip("tip.share"),
    "records.forget": forget,
    "records.keep_days": keep_days,
    "records.keep_days_back": keep_days_back,
    "reply.question": kept_words("reply.question", "They were happy with the plan"),
    "reply.keep": kept_words("reply.keep", "It went badly. What should I do about the price?"),
    "library.import": offered("library.import"),
    "library.leave": offered("library.leave"),
    "library.unfollow": followed,
    "library.remove_sure": removed,
    calendar_forms.CALENDAR_OFF: in_calendar(calendar_forms.CALENDAR_OFF),
    calendar_drawing.IS: in_calendar(calendar_drawing.IS, "none"),
    calendar_drawing.IS_NOT: in_calendar(calendar_drawing.IS_NOT),
    "meeting.start": before_meeting("meeting.start"),
    "meeting.leave": before_meeting("meeting.leave"),
    "meeting.later": before_meeting("meeting.later"),
    "meeting.put_on": may_be_shared("meeting.put_on"),
    "meeting.apart": may_be_shared("meeting.apart"),
}
# They open a form, or answer whoever pressed and keep nothing: twice is no harm.
ONLY_SHOW = {
    *(
        "calendar.show",
        "daily.why",
        "debrief.another",
        "debrief.change",
        "debrief.kind",
        "debrief.new",
    ),
    *("debrief.open", *(f"debrief.open:{n}" for n in range(5)), "debrief.their_step"),
    *("huddle.add_item", "huddle.add_people", "huddle.answer", "huddle.change", "huddle.goal"),
    *("huddle.open", "huddle.part", "huddle.why", "huddle.why_parts", "library.follow"),
    *("library.remove", "library.remove_not", "post.read", "records.keep", "records.keep_days_not"),
}
# Each press asks for something new: another tip, another card, the tip that was chosen, another
# look at an address that brought nothing.
ANEW = {"tip.another", "tip.choose", "huddle.post", "library.follow_this"}
ELSEWHERE = {"tip.feedback"}  # thumbs of the agent's thread: tests/handlers/questions


def test_every_button_is_walked() -> None:
    buttons = table("ACTIONS").keys() | (table("COMMITTED_FORMS").keys() - _views())
    assert buttons == BUTTONS.keys() | ONLY_SHOW | ANEW | ELSEWHERE


@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_whose_answer_was_lost_and_that_is_pressed_again_counts_once(
    stage: Stage, name: str
) -> None:
    press = BUTTONS[name](stage)
    stage.settled()
    stage.slack.courier.lost_answers = 1
    first = press()
    assert first.error == "(a warning sign beside the button)"
    once = stage.settled()
    payload = {**first.payload, "trigger_id": f"again.{first.payload['trigger_id']}"}
    again = stage.slack.courier.send("interactive", "T1", payload)
    assert again.ok
    assert stage.settled() == once


@pytest.fixture(autouse=True)
def in_hours(clock: HandClock) -> Iterator[None]:
    """Monday, 15:00 UTC: everybody on the stage is at work."""
    clock.forward(hours=6)
    yield
