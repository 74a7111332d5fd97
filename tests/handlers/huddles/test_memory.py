"""What a card remembers of an account, and who gets to read it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from bot.clock.now import HandClock
from bot.coach import ROOT, Coach, read_files
from bot.debriefs.replies_table import Replies
from bot.debriefs.reply import Reply
from bot.huddles.huddle import Item, items_of
from bot.huddles.item_source import why_of_item
from bot.huddles.table import Huddles
from bot.library.entry import Entry
from bot.library.post import Post, PostCard
from bot.settings import Settings
from bot.text.sentences import sentence_hash
from handlers.app import Bot
from handlers.huddles._card import redraw
from handlers.huddles.card_drawing import HUDDLE_WHY
from handlers.huddles.private_drawing import plays
from handlers.trial.small_slack.slack import FakeSlack
from tests.support.huddles import (
    KIM,
    SAM,
    ask,
    card,
    debriefed,
    form,
    huddle,
    kept,
    press,
    private,
    reads,
    told,
)


def test_a_card_opens_with_the_last_call_its_outcome_and_the_open_step(
    slack: FakeSlack, bot: Bot
) -> None:
    debriefed(bot, shared_in="C1")
    message = huddle(slack, "acme 15:00")
    assert "Last call 22 Nov 2026: the goal was partly reached." in message.plain
    assert "Open step: Send the security sheet, ours, by 27 Nov 2026." in message.plain


def test_what_was_not_shared_is_shown_to_its_rep_alone(slack: FakeSlack, bot: Bot) -> None:
    debriefed(bot, forgot="who signs")
    message = huddle(slack, "acme 15:00 @kim")
    own = private(slack, "Only you see this")
    assert "who signs" in own.plain and "security sheet" in own.plain
    assert "security sheet" not in message.plain and "who signs" not in message.plain
    assert "Last call 22 Nov 2026." in message.plain
    assert "who signs" not in slack.said_to("U2")


def test_a_colleague_who_asks_learns_nothing_of_what_was_not_shared(
    slack: FakeSlack, bot: Bot
) -> None:
    debriefed(bot, forgot="who signs")
    huddle(slack, "acme 15:00 @sam", "U2")
    assert "security sheet" not in slack.said_to("U2") and "who signs" not in slack.said_to("U2")


def test_what_was_shared_elsewhere_stays_there(slack: FakeSlack, bot: Bot) -> None:
    slack.add_channel("C4", "vip", members=["U1", "U3"], private=True)
    debriefed(bot, KIM, shared_in="C4", channel="C4")
    message = huddle(slack, "acme 15:00")
    assert "security sheet" not in message.plain and "Last call" not in message.plain


def test_what_was_forgotten_is_never_on_the_card_even_when_the_rest_was_shared(
    slack: FakeSlack, bot: Bot
) -> None:
    debriefed(bot, shared_in="C1", forgot="who signs")
    message = huddle(slack, "acme 15:00")
    assert "who signs" not in message.plain
    assert "who signs" in private(slack, "Only you see this").plain


def test_what_only_the_rep_knew_becomes_an_item_when_the_rep_says_so(
    slack: FakeSlack, bot: Bot
) -> None:
    debriefed(bot, forgot="who signs")
    huddle(slack, "acme 15:00")
    press(slack, private(slack, "Only you see this"), "Add to the huddle")
    message = reads(slack, "who signs")
    assert "0 of 8 ready" in message.plain
    assert kept(bot, 2).items[-1].added_by == "U1"


def test_the_customers_step_is_remembered_where_it_was_shared(slack: FakeSlack, bot: Bot) -> None:
    debriefed(bot, shared_in="C1", their_step="Ask their CFO")
    assert "Their step: Ask their CFO, by 30 Nov 2026." in huddle(slack, "acme 15:00").plain


def test_the_private_note_does_not_repeat_what_the_card_says(slack: FakeSlack, bot: Bot) -> None:
    debriefed(bot, shared_in="C1", forgot="who signs")
    huddle(slack, "acme 15:00")
    note = private(slack, "Only you see this")
    assert "You forgot to ask: who signs" in note.plain
    assert "security sheet" not in note.plain


def test_a_call_that_nobody_spoke_about_hides_nothing_of_the_one_before(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    debriefed(bot, shared_in="C1", forgot="who signs")
    clock.forward(hours=1)
    huddle(slack, "acme now 15m")
    clock.forward(hours=1)
    message = huddle(slack, "acme 15:00")
    assert "Last call 23 Nov 2026; before that, 22 Nov 2026: the goal was partly" in message.plain
    assert "Open step: Send the security sheet" in message.plain
    assert "security sheet" not in private(slack, "who signs").plain


def test_a_call_that_nobody_spoke_about_tells_nothing_that_was_not_shared(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    debriefed(bot)
    huddle(slack, "acme now 15m")
    clock.forward(hours=1)
    message = huddle(slack, "acme 15:00")
    assert "Last call 23 Nov 2026." in message.plain
    assert "security sheet" not in message.plain


def test_a_private_card_remembers_for_its_owner(slack: FakeSlack, bot: Bot) -> None:
    debriefed(bot)
    ask(slack, "acme 15:00", channel=slack.dm("U1"))
    assert "Send the security sheet" in told(slack, "0 of 7 ready", "U1").plain


def test_a_step_that_was_done_is_not_called_open(slack: FakeSlack, bot: Bot) -> None:
    call = debriefed(bot, shared_in="C1")
    now = bot.coach.now()
    done = Reply(
        0, SAM, call.id, None, "step_done", "Send the security sheet", "done", "button", now
    )
    bot.coach.store.write(lambda db: Replies(db).put(done))
    message = huddle(slack, "acme 15:00")
    assert "Last call 22 Nov 2026: the goal was partly reached." in message.plain
    assert "Open step" not in message.plain


def test_a_cancelled_call_is_not_remembered(slack: FakeSlack, bot: Bot) -> None:
    press(slack, huddle(slack, "Acme 10:00"), "Cancel")
    reads(slack, "cancelled")
    assert "Last call" not in huddle(slack, "Acme 15:00").plain
    assert "Last call" not in card(slack).plain


# Why: the sentence behind an item ------------------------------------------------------------

OURS = "Name the smallest thing that would make today worth it. Then plan for it."
FIRST = "Name the smallest thing that would make today worth it."
SLUG = "2026-01-02-small-things"


def _card() -> PostCard:
    return PostCard(
        SLUG, "Small things", "Ann", "Blog", date(2026, 1, 2), None, False, False,
        ("Plan for a small gain.", "Bring cake."), ("", ""), ("gain", "cake"), (), (), ("before",),
        (), "A note.",
    )  # fmt: skip


def _post(body: str) -> Post:
    return Post(SLUG, "Small things", "Ann", "Blog", date(2026, 1, 2), None, False, False, body)


ITEM = Item(1, 1, "Which small gain do we plan for?", "tick", SLUG, sentence_hash(FIRST))


def test_why_is_the_very_sentence_where_the_original_was_imported() -> None:
    why = why_of_item(ITEM, {SLUG: Entry(SLUG, _card(), _post(OURS))})
    assert why and why.source and (why.source.quote, why.source.shelf) == (FIRST, "original")


def test_why_is_the_cards_lesson_where_the_sentence_is_not_found() -> None:
    for original in (None, _post("Something else stands here.")):
        why = why_of_item(ITEM, {SLUG: Entry(SLUG, _card(), original)})
        assert why and why.source
        assert (why.source.quote, why.source.shelf) == ("Plan for a small gain.", "card")


def test_the_post_behind_an_item_can_be_read_where_the_team_imported_it(
    slack: FakeSlack, bot: Bot
) -> None:
    coach = bot.coach
    now = coach.now()
    coach.library.put([_post(f"{OURS}\n\n{'More of it. ' * 1000}")], now)
    huddle(slack, "Acme 15:00")
    call = kept(bot).call
    coach.store.write(lambda db: Huddles(db).set_items(call, [replace(ITEM, id=0)]))
    redraw(call.owner, call.id, bot.coach, bot.messenger)
    message = reads(slack, ITEM.text)
    item = kept(bot).items[0]
    slack.click("U2", message, HUDDLE_WHY, f"1:{item.id}")
    answer = private(slack, FIRST, "U2")
    assert "Our note on" not in answer.plain and "2 Jan 2026" in answer.plain
    press(slack, answer, "Read the post", "U2")
    assert "Then plan for it." in form(slack, "U2", "Small things").plain


def test_there_is_no_why_and_no_item_when_the_post_is_gone(bot: Bot) -> None:
    assert why_of_item(ITEM, {}) is None
    coach = bot.coach
    for play in coach.plays.values():
        assert all(item.post is None for item in items_of(play, ()))
        assert len(items_of(play, coach.library.entries())) == len(play.items)


def test_a_faulty_play_is_named_to_managers_and_the_others_work(
    slack: FakeSlack, settings: Settings, clock: HandClock, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    (tmp_path / "prompts" / "plays" / "renewal.toml").write_text('title = "Renewal"\nitem = 3\n')
    with Coach(settings, clock, read=partial(read_files, tmp_path / "prompts")) as coach:
        assert len(coach.files.faults) == 1 and coach.files.faults[0].startswith(
            "renewal.toml, line 2"
        )
        assert "group-demo" in coach.plays and "renewal" not in coach.plays
        shown = plays(coach.plays, coach.files.faults).text
        assert "renewal.toml, line 2" in shown and "Group demo" in shown
