"""Working through a huddle: ticks, answers, two people at once, late clicks, restarts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest

from bot.calls.table import Calls
from handlers.app import Bot
from handlers.huddles.card_drawing import HUDDLE_ANSWER, HUDDLE_TICK, HUDDLE_WHY
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import elements
from tests.conftest import Served, eventually
from tests.support.huddles import (
    SAM,
    answers,
    block_of,
    card,
    form,
    huddle,
    kept,
    late,
    press,
    private,
    reads,
    save,
    tick,
    ticks,
)


def test_a_tick_is_kept_with_who_and_when_and_shown(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00 @kim")
    tick(slack, message, ticks(bot)[0], "U2")
    item = ticks(bot)[0]
    assert (item.done, item.by_id) == (True, "U2")
    assert item.at == bot.coach.now()
    reads(slack, "1 of 7 ready")


def test_a_tick_can_be_taken_back(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00")
    tick(slack, message, ticks(bot)[0])
    reads(slack, "1 of 7 ready")
    tick(slack, message, ticks(bot)[0])
    reads(slack, "0 of 7 ready")
    changes = Calls(bot.coach.store.read).changes("T1", 1)
    assert [(c.before, c.after) for c in changes] == [("open", "ready"), ("ready", "open")]


def test_an_items_block_has_another_name_after_each_tick(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00")
    item = ticks(bot)[0]
    names = {block_of(message, item)}
    for count in (1, 0, 1):
        tick(slack, message, item)
        names.add(block_of(reads(slack, f"{count} of 7 ready"), item))
    assert len(names) == 4


def test_a_screen_reader_says_which_item_a_button_answers(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00")
    read_out = [
        block["accessory"]["accessibility_label"]
        for block in message.blocks
        if block.get("accessory", {}).get("action_id") == HUDDLE_ANSWER
    ]
    assert len(read_out) == len(set(read_out)) == len(answers(bot))
    assert read_out[0] == "Answer: What do they gain from giving us this time?"


def test_two_people_at_once_lose_no_tick(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme technical demo 15:00 @kim")
    half = len(ticks(bot)) // 2
    mine, theirs = ticks(bot)[:half], ticks(bot)[half:]

    def work(user: str, items: Sequence[object]) -> None:
        for item in items:
            tick(slack, message, item, user)  # type: ignore[arg-type]

    people = [
        threading.Thread(target=work, args=(user, items))
        for user, items in (("U1", mine), ("U2", theirs))
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert all(item.done for item in ticks(bot))
    assert [item.by_id for item in ticks(bot)] == ["U1"] * half + ["U2"] * len(theirs)
    reads(slack, f"{len(ticks(bot))} of {len(kept(bot).items)} ready")


def test_a_late_click_says_what_it_says_and_the_card_stays_true(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00 @kim")
    first = tick(slack, message, ticks(bot)[0])
    reads(slack, "1 of 7 ready")
    assert late(slack, first, "U2").status == 200
    assert ticks(bot)[0].done and ticks(bot)[0].by_id == "U1"
    eventually(lambda: block_of(card(slack), ticks(bot)[0]).endswith(":on:2"))
    assert "1 of 7 ready" in card(slack).plain


def test_a_click_on_a_cancelled_call_is_told_so(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00")
    first = tick(slack, message, ticks(bot)[0])
    press(slack, reads(slack, "1 of 7 ready"), "Cancel")
    reads(slack, "cancelled")
    late(slack, first, "U1")
    private(slack, "This call was cancelled")


def test_an_answer_stands_on_the_card_with_who_gave_it(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00 @kim")
    press(slack, message, "Answer", "U2")
    save(slack, "U2", answer="They save two weeks")
    message = reads(slack, "They save two weeks")
    assert "They save two weeks* · @kim" in message.plain and "1 of 7 ready" in message.plain
    assert answers(bot)[0].answer == "They save two weeks"


def test_an_answer_can_be_changed_and_taken_back(slack: FakeSlack, bot: Bot) -> None:
    press(slack, huddle(slack, "Acme 15:00"), "Answer")
    save(slack, answer="Two weeks")
    press(slack, reads(slack, "Two weeks"), "Edit")
    save(slack, answer="Three weeks")
    press(slack, reads(slack, "Three weeks"), "Edit")
    save(slack, answer="")
    reads(slack, "0 of 7 ready")
    changes = Calls(bot.coach.store.read).changes("T1", 1)
    assert [c.after for c in changes] == ["Two weeks", "Three weeks", "open"]


def test_two_answers_to_two_items_at_once_are_both_kept(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00 @kim")
    for user, item in zip(("U1", "U2"), answers(bot), strict=False):
        value = f"1:{item.id}:off"
        slack.click(user, message, HUDDLE_ANSWER, value, block_of(message, item))
    for user in ("U1", "U2"):
        form(slack, user)
    for user in ("U1", "U2"):
        save(slack, user, answer=f"by {user}")
    assert [item.answer for item in answers(bot)[:2]] == ["by U1", "by U2"]
    reads(slack, "2 of 7 ready")


def test_anyone_adds_an_item_while_there_is_room(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00 @kim")
    for n in range(3):
        press(slack, message, "Add an item", "U2")
        save(slack, "U2", item=f"Bring sheet {n}")
        message = reads(slack, f"Bring sheet {n}")
    assert "0 of 10 ready" in message.plain and "Add an item" not in message.plain
    value = f"1:{kept(bot).items[-1].id}"
    slack.click("U1", message, HUDDLE_WHY, value)
    assert "@kim added it" in private(slack, "rests on no post").plain


def test_why_is_the_sentence_its_post_and_its_date(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00")
    item = next(item for item in kept(bot).items if item.post)
    slack.click("U2", message, HUDDLE_WHY, f"1:{item.id}")
    answer = private(slack, "Our note on", "U2")
    assert item.text in answer.plain and "15 Apr 2009" in answer.plain
    assert not slack.ephemerals("U1")


def test_each_item_takes_one_row_and_all_whys_are_in_one_menu(slack: FakeSlack, bot: Bot) -> None:
    message = huddle(slack, "Acme 15:00")
    items = kept(bot).items
    for item in items:
        block = next(b for b in message.blocks if b["block_id"] == block_of(message, item))
        assert item.text in str(block)
        assert [e["action_id"] for e in elements(block)] == [
            HUDDLE_TICK if item.kind == "tick" else HUDDLE_ANSWER
        ]
    [menu] = [e for b in message.blocks for e in elements(b) if e["action_id"] == HUDDLE_WHY]
    assert [option["text"]["text"] for option in menu["options"]] == [item.text for item in items]
    rows = [b for b in message.blocks if b["block_id"].startswith("item:")]
    assert len(rows) == len(items)


def test_why_parts_explains_lead_support_and_listen(slack: FakeSlack, bot: Bot) -> None:
    press(slack, huddle(slack, "Acme 15:00"), "Why")
    answer = private(slack, "Batter up!")
    assert all(part in answer.plain for part in ("Lead", "Support", "Listen"))


def test_a_restart_in_the_middle_loses_nothing(
    slack: FakeSlack, served: Served, restart: Callable[[], None]
) -> None:
    message = huddle(slack, "Acme 15:00 @kim")
    tick(slack, message, ticks(served.bot)[0])
    restart()
    tick(slack, message, ticks(served.bot)[1], "U2")
    reads(slack, "2 of 7 ready")


@pytest.mark.parametrize("how", ["500", "reset", "internal_error"])
def test_a_card_that_slack_did_not_take_is_drawn_later(
    slack: FakeSlack, served: Served, wake: Callable[[], None], how: str
) -> None:
    message = huddle(slack, "Acme 15:00")
    slack.fail("chat.update", how)
    tick(slack, message, ticks(served.bot)[0])
    eventually(lambda: any(e.name == "chat.update" for e in slack.log))
    assert "0 of 7 ready" in card(slack).plain

    def a_minute_later() -> bool:
        served.coach.clock.forward(minutes=1)  # type: ignore[attr-defined]
        wake()
        return "1 of 7 ready" in card(slack).plain

    eventually(a_minute_later)


def test_what_was_not_drawn_before_a_restart_is_drawn_after_it(
    slack: FakeSlack, served: Served, restart: Callable[[], None], wake: Callable[[], None]
) -> None:
    message = huddle(slack, "Acme 15:00")
    slack.fail("chat.update", "500")
    tick(slack, message, ticks(served.bot)[0])
    restart()
    eventually(lambda: wake() or "1 of 7 ready" in card(slack).plain)
    assert served.bot.coach.huddles.get(SAM, 1).ready == 1
