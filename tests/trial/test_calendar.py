"""The trial's calendars: connected once, they start the huddle, and the card follows a move."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from handlers.trial.page_actions import act
from handlers.trial.page_server import Page
from handlers.trial.page_state import everything
from handlers.trial.small_calendar import SmallCalendar
from handlers.trial.small_slack.world import CantDo, Message
from handlers.trial.trial import Trial
from tests.conftest import eventually

SAM = "U1"


@pytest.fixture
def page(trial: Trial) -> Iterator[Page]:
    page = Page(trial, 0)
    page.start()
    yield page
    page.stop()


def get(page: Page, path: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", page.server_port, timeout=10)) as link:
        link.request("GET", path)
        answer = link.getresponse()
        return answer.status, answer.read()


def does(trial: Trial, what: str, **more: Any) -> None:
    done = act(trial, {"as": SAM, "do": what, **more})
    assert not done.get("error") and not done.get("errors"), done


def told(trial: Trial, words: str, user: str = SAM) -> Message:
    def look() -> Message | None:
        said = trial.slack.messages(trial.slack.dm(user))
        return next((m for m in reversed(said) if words in m.plain), None)

    return eventually(look)


def told_now(trial: Trial, words: str) -> Message | None:
    said = trial.slack.messages(trial.slack.dm(SAM))
    return next((m for m in reversed(said) if words in m.plain), None)


def trial_message(trial: Trial, message: Message) -> Message:
    said = trial.slack.messages(message.channel)
    return next(m for m in said if m.ts == message.ts)


def press(trial: Trial, message: Message, action: str) -> None:
    for block in message.blocks:
        for part in block.get("elements", ()):
            if part.get("action_id") == action:
                done = trial.slack.click(SAM, message, action, part["value"], block["block_id"])
                assert done.error is None
                return
    raise AssertionError(f"there is no {action}")


def ten_minutes(trial: Trial, until: Callable[[], Any], most: int = 30) -> Any:
    """Let time pass, ten minutes at a time, until something is there."""
    for _ in range(most):
        try:
            return eventually(until, 120)
        except AssertionError:
            does(trial, "clock", move="ten")
    raise AssertionError("it never came")


def meeting(trial: Trial, title: str) -> dict[str, Any]:
    found = everything(trial, SAM)["calendar"]["meetings"]
    return next(one for one in found if one["title"] == title)


def connect(trial: Trial, page: Page) -> None:
    state = everything(trial, SAM)["calendar"]
    does(trial, "command", channel="C1", text=state["command"])
    view = eventually(lambda: trial.slack.modal(SAM))
    done = trial.slack.submit(SAM, view, {"address": page.address + state["path"]})
    assert (done.error, done.errors) == (None, {})


def test_without_a_command_typed_the_call_is_prepared_moved_held_and_told(
    trial: Trial, page: Page
) -> None:
    connect(trial, page)
    assert "look like customers" in told(trial, "meetings in the next two weeks").plain
    offer = ten_minutes(trial, lambda: told_now(trial, "*Acme* in"))
    press(trial, offer, "meeting.start")
    card = told(trial, "11:00 New York · 45 min")
    does(trial, "calendar", how="later", id=meeting(trial, "Acme demo")["id"])
    ten_minutes(trial, lambda: "11:30 New York" in trial_message(trial, card).plain)
    asked = ten_minutes(trial, lambda: told_now(trial, "How did *Acme* go?"))
    press(trial, asked, "debrief.partly")


def test_an_address_is_its_owners_and_nothing_else_is_served(trial: Trial, page: Page) -> None:
    status, body = get(page, trial.calendar.path(SAM))
    assert status == 200 and b"SUMMARY:Acme demo" in body
    assert b"Harbor Foods pilot" not in get(page, trial.calendar.path("U3"))[1]
    for path in ("/calendar/U1/guess.ics", "/calendar/", "/calendar/U9/x.ics"):
        assert get(page, path)[0] == 404


def test_what_a_person_may_do_is_checked(trial: Trial) -> None:
    now = trial.clock.now()
    theirs = next(e for e in trial.calendar.of(SAM, now) if "U3" not in e.people)
    with pytest.raises(CantDo, match="not in your calendar"):
        trial.calendar.cancel("U3", theirs.id)
    with pytest.raises(CantDo, match="name"):
        trial.calendar.add(SAM, "  ", now)
    trial.calendar.cancel(SAM, theirs.id)
    with pytest.raises(CantDo, match="not in your calendar"):
        trial.calendar.move(SAM, theirs.id, timedelta(hours=1))


def test_it_is_kept_between_two_runs_and_gone_after_starting_over(trial: Trial) -> None:
    does(trial, "calendar", how="add", title="Birch demo", guest="pat@birch.example")
    path = trial.calendar.path(SAM)
    trial.stop()
    trial.start()
    assert meeting(trial, "Birch demo")["with"] == ["pat@birch.example"]
    assert trial.calendar.path(SAM) == path
    trial.start_over()
    titles = [one["title"] for one in everything(trial, SAM)["calendar"]["meetings"]]
    assert "Acme demo" in titles and "Birch demo" not in titles


def test_what_it_writes_is_read_back_whatever_a_title_holds() -> None:
    calendar = SmallCalendar((SAM,))
    title = 'A, B; "C"\\n <!channel> ' + "long " * 20
    calendar.add(SAM, title, datetime(2026, 12, 1, 15, tzinfo=UTC), "pat@birch.example")
    raw = calendar.read(calendar.path(SAM), {SAM: "sam"})
    assert raw is not None
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert str(event["SUMMARY"]) == " ".join(title.split())[:120]
    assert "mailto:pat@birch.example" in [str(each) for each in event["ATTENDEE"]]
