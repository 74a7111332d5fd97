"""A model puts a card's items for its account, from what all its readers see, and keeps to them."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace

import pytest

from bot.clock.now import HandClock
from bot.debriefs.table import Debriefs
from bot.huddles.huddle import HuddleChange
from bot.records.table import Records
from bot.settings import Settings
from handlers.app import Bot
from handlers.dispatch.asked import Asked
from handlers.huddles._card import post, redraw
from handlers.huddles.card_drawing import HUDDLE_WHY
from handlers.slack.payloads import Request
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import Served, eventually
from tests.support.huddles import (
    KIM,
    SAM,
    answers,
    ask,
    debriefed,
    form,
    huddle,
    kept,
    press,
    private,
    reads,
    save,
    tick,
    ticks,
    told,
    unheard,
)
from tests.support.model_server import (
    Body,
    ModelServer,
    Reply,
    asks_a_judge,
    calls_kept,
    judges,
    judges_alike,
    says,
)
from tests.support.model_server import answers as lists
from tests.support.rewording import (
    ASKED,
    BY_A_MODEL,
    GOOD,
    MONEY,
    NAME,
    NEED,
    SHEET,
    model,
    sent,
    settings,
    when_the_model_is_done,
    worded,
    worded_card,
)

__all__ = ["model", "settings"]  # fixtures


class Gate:
    """A model that answers when it is let."""

    def __init__(self, model: ModelServer) -> None:
        self._open = threading.Event()
        model.replies = self._answer

    def _answer(self, body: Body) -> Reply:
        self._open.wait(20)
        return worded(body, GOOD)

    def let(self) -> None:
        self._open.set()


# The card --------------------------------------------------------------------------------------


def test_the_card_comes_at_once_and_is_worded_when_the_model_has_answered(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    gate = Gate(model)
    first = huddle(slack, ASKED)
    assert NEED in first.plain and NAME in first.plain and BY_A_MODEL not in first.plain
    gate.let()
    after = reads(slack, BY_A_MODEL)
    assert after.ts == first.ts
    assert all(text in after.plain for text in GOOD.values())
    assert NEED not in after.plain and NAME not in after.plain and MONEY in after.plain


def test_the_card_says_who_worded_it_and_from_which_posts(slack: FakeSlack, bot: Bot) -> None:
    shown = worded_card(slack, bot).plain
    assert "Written by a model: 2 items in words for this call." in shown
    assert "Houston" in shown and "Lazy" in shown and "2011" in shown and "2013" in shown


def test_why_shows_the_item_as_the_play_has_it_and_its_post(slack: FakeSlack, bot: Bot) -> None:
    message = worded_card(slack, bot)
    item = next(item for item in kept(bot).items if item.text == NAME)
    slack.click("U2", message, HUDDLE_WHY, f"1:{item.id}")
    why = private(slack, NAME, "U2")
    assert "Houston" in why.plain and GOOD[NAME] not in why.plain


def test_the_form_and_the_menu_name_the_item_as_the_card_does(slack: FakeSlack, bot: Bot) -> None:
    message = worded_card(slack, bot)
    options = json.dumps(message.blocks[-1], ensure_ascii=False)
    assert GOOD[NEED] in options and NEED not in options
    item = next(item for item in answers(bot) if item.text == NEED)
    slack.click("U1", message, "huddle.answer", f"1:{item.id}:off")
    assert GOOD[NEED] in form(slack).plain
    save(slack, answer="a trial")
    assert "1 of 8 ready" in reads(slack, f"☑ {GOOD[NEED]} › *a trial*").plain


def test_the_prompt_is_kept_with_each_wording(slack: FakeSlack, bot: Bot) -> None:
    worded_card(slack, bot)
    found = {item.text: item.wording for item in kept(bot).items if item.wording}
    assert found == GOOD
    table = next(db for db in Records(bot.coach.store.read).tables() if db.name == "huddle_items")
    by = table.columns.index("worded_by")
    version = f"huddle {bot.coach.prompts['huddle'].version}"
    assert {row[by] for row in table.rows} == {None, version}


def test_an_item_that_was_touched_meanwhile_keeps_its_words(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    gate = Gate(model)
    message = huddle(slack, ASKED)
    eventually(lambda: model.asked)
    name = next(item for item in ticks(bot) if item.text == NAME)
    tick(slack, message, name, "U2")
    tick(slack, reads(slack, "1 of 8 ready"), name, "U2")  # and taken back: it was touched
    reads(slack, "0 of 8 ready")
    gate.let()
    after = reads(slack, BY_A_MODEL).plain
    assert NAME in after and GOOD[NEED] in after and GOOD[NAME] not in after


def test_what_is_ticked_later_keeps_its_wording_and_its_tick(slack: FakeSlack, bot: Bot) -> None:
    message = worded_card(slack, bot)
    tick(slack, message, next(item for item in ticks(bot) if item.text == NAME))
    assert GOOD[NAME] in reads(slack, "1 of 8 ready").plain
    assert next(item for item in ticks(bot) if item.text == NAME).done


def test_another_goal_is_another_question_to_the_model(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    message = worded_card(slack, bot)
    pilot = {MONEY: "Who has to be convinced of the pilot before the money is released?"}
    model.replies = lambda body: worded(body, pilot)
    press(slack, message, "Set the goal")
    save(slack, goal="a pilot")
    shown = reads(slack, pilot[MONEY]).plain
    assert NEED in shown and GOOD[NEED] not in shown
    assert "a pilot" in json.dumps(model.asked[-1])


def test_a_card_that_is_posted_again_is_not_worded_again(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    worded_card(slack, bot)
    ask(slack, ASKED)
    press(slack, private(slack, "has a huddle already"), "Post it again")
    eventually(lambda: len(slack.messages("C1")) == 2)
    assert all(text in when_the_model_is_done(slack, bot).plain for text in GOOD.values())
    assert len(model.asked) == 1


def test_without_a_model_nobody_is_asked(
    slack: FakeSlack, settings: Settings, clock: HandClock, model: ModelServer
) -> None:
    served = Served(replace(settings, model=""), slack, clock)
    huddle(slack, ASKED)
    assert NEED in when_the_model_is_done(slack, served.bot).plain
    served.stop()
    assert model.asked == []


ILL = {
    "hung": Reply(b"", hangs=True),
    "rubbish": says('{"items": [{"item": 1, "text": {"a": 1}}, "Buy now"]}'),
}


@pytest.mark.parametrize("how", ILL)
def test_a_model_that_brings_nothing_leaves_the_card_alone(
    how: str, slack: FakeSlack, settings: Settings, clock: HandClock, model: ModelServer
) -> None:
    model.replies = lambda body: ILL[how]
    served = Served(replace(settings, model_seconds=1), slack, clock)
    first = huddle(slack, ASKED)
    after = when_the_model_is_done(slack, served.bot)
    called = calls_kept(served.bot)
    served.stop()
    assert (after.ts, after.plain, after.edited) == (first.ts, first.plain, None)
    assert len(slack.messages("C1")) == 1
    assert not [m for m in slack.ephemerals("U1") if "Only you see" not in m.plain]
    assert called == 1


def test_what_the_judge_turns_down_is_not_shown(
    slack: FakeSlack, settings: Settings, clock: HandClock, model: ModelServer
) -> None:
    model.replies = lambda body: (
        judges(body, lambda statement: statement == GOOD[NEED])
        if asks_a_judge(body)
        else worded(body, GOOD)
    )
    served = Served(replace(settings, model_judge=True), slack, clock)
    shown = worded_card(slack, served.bot).plain
    served.stop()
    assert GOOD[NEED] in shown and NAME in shown


@pytest.mark.parametrize("word", [True, False])
def test_what_a_judge_that_is_no_good_agrees_to_is_not_shown(
    word: bool, slack: FakeSlack, settings: Settings, clock: HandClock, model: ModelServer
) -> None:
    model.replies = lambda body: (
        judges_alike(body, word) if asks_a_judge(body) else worded(body, GOOD)
    )
    served = Served(replace(settings, model_judge=True), slack, clock)
    first = huddle(slack, ASKED)
    after = when_the_model_is_done(slack, served.bot)
    ended = served.coach.model.last()
    served.stop()
    assert (after.plain, after.edited) == (first.plain, None)
    assert ended is not None and ended.code == "misjudged"


# Who reads it, and what the model reads --------------------------------------------------------


def test_the_model_is_given_the_card_and_the_posts_sentences_and_nothing_else(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    huddle(slack, f"{ASKED} @kim")
    reads(slack, BY_A_MODEL)
    assert sent(model, "Account: Acme") and sent(model, NEED)
    for foreign in ("kim", "sam", "U1", "U2", "T1", "C1", "deals"):
        assert not re.search(rf"\b{foreign}\b", json.dumps(model.asked))


def test_what_was_shared_in_the_channel_is_given(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    debriefed(bot, shared_in="C1", forgot="who signs")
    huddle(slack, ASKED)
    when_the_model_is_done(slack, bot)
    assert sent(model, "Send the security sheet")
    assert not sent(model, "who signs")


def test_what_was_not_shared_is_never_given_for_a_channel(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    slack.add_channel("C4", "vip", members=["U1", "U3"], private=True)
    debriefed(bot, forgot="who signs")
    debriefed(bot, KIM, shared_in="C4", channel="C4")
    slack.command("U2", slack.dm("U2"), "/huddle", "Acme discovery 10:00")
    told(slack, GOOD[NEED], "U2")
    bot.coach.huddles.change(KIM, 3, HuddleChange(goal="kims-goal"), unheard(bot, KIM))
    model.asked.clear()
    huddle(slack, ASKED)
    private(slack, "Only you see this")
    when_the_model_is_done(slack, bot)
    assert len(model.asked) == 1
    for secret in ("security sheet", "who signs", "kims-goal"):
        assert not sent(model, secret)


def test_a_card_in_the_reps_own_messages_is_worded_from_what_the_rep_may_read(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    call = debriefed(bot, KIM)
    ask(slack, ASKED, channel=slack.dm("U1"))
    told(slack, GOOD[NEED], "U1")
    assert not sent(model, "security sheet"), "it is Kim's, and not shared"
    bot.coach.huddles.cancel(SAM, call.id + 1, unheard(bot, SAM))
    debriefed(bot)
    model.replies = lambda body: worded(body, SHEET)
    ask(slack, "Acme discovery 16:00", channel=slack.dm("U1"))
    told(slack, SHEET[NEED], "U1")
    assert sent(model, "Send the security sheet")


def test_a_private_wording_does_not_go_to_a_channel_with_its_card(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    debriefed(bot)
    model.replies = lambda body: worded(body, SHEET)
    ask(slack, ASKED, channel=slack.dm("U1"))
    told(slack, SHEET[NEED], "U1")
    model.replies = lambda body: lists(items=[])
    request = Request(SAM, "", "", "C1", "", "", {})
    post(Asked.of(request, bot.coach, bot.messenger), 2, "C1")
    shown = when_the_model_is_done(slack, bot).plain
    assert NEED in shown and "security sheet" not in shown
    assert all("security sheet" not in m.plain for m in slack.seen_by("U2"))


def test_a_wording_goes_with_the_words_that_it_was_made_of(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    call = debriefed(bot, shared_in="C1")
    model.replies = lambda body: worded(body, SHEET)
    huddle(slack, ASKED)
    reads(slack, SHEET[NEED])
    coach = bot.coach
    debrief = Debriefs(coach.store.read).get(SAM, call.id)
    assert debrief
    changed = replace(debrief, next_step="call the lawyer", shared=False)
    coach.store.write(lambda db: Debriefs(db).put(changed, coach.now()))
    redraw(SAM, 2, bot.coach, bot.messenger)
    shown = reads(slack, NEED).plain
    assert "security sheet" not in shown and BY_A_MODEL not in shown


def test_in_a_channel_with_outsiders_nothing_is_worded(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    debriefed(bot, shared_in="C1")
    ask(slack, ASKED, channel="C3")
    told(slack, GOOD[NEED], "U1")
    assert slack.messages("C3") == []
    gate = Gate(model)
    first = huddle(slack, "Acme discovery tomorrow 16:00")
    slack.world.channels["C1"].shared = True
    bot.coach.clock.forward(minutes=2)  # type: ignore[attr-defined]
    gate.let()
    after = when_the_model_is_done(slack, bot)
    assert after.plain == first.plain


def test_forget_me_takes_the_wordings_that_may_hold_the_reps_words(
    slack: FakeSlack, bot: Bot, model: ModelServer
) -> None:
    debriefed(bot, shared_in="C1")
    model.replies = lambda body: worded(body, SHEET)
    huddle(slack, ASKED, "U2")
    reads(slack, SHEET[NEED])
    bot.coach.records.forget(SAM)
    bot.coach.records.finish_forgetting()
    assert [item.wording for item in kept(bot, 2).items] == [None] * 8
    path = bot.coach.store.path
    on_disk = b"".join(p.read_bytes() for p in path.parent.glob(path.name + "*") if p.is_file())
    assert SHEET[NEED].encode() not in on_disk
