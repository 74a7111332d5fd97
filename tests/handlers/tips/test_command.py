"""`/tip`: advice with its source, privately, for anything that anybody may type."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.clock.now import HandClock
from bot.storage.raw_rows import Rows
from bot.tips.use_table import Use
from handlers.app import Bot
from handlers.tips.command import EXAMPLE
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import CantDo
from tests.conftest import ARCHIVES, eventually, needs_archives
from tests.support.tips import ask, press

Wake = Callable[[], None]


def test_a_tip_gives_advice_a_sentence_and_its_source(slack: FakeSlack, bot: Bot) -> None:
    answer = ask(slack, "the buyer wants a bigger discount")
    assert "Negotiating with a Clock" in answer.plain
    assert "Our note on" in answer.plain
    assert answer.text and answer.text in answer.plain


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("we gave them a free trial and nobody uses it", "Expect little effort"),
        ("how does a free trial turn into revenue", "what path leads from there"),
        ("angry customer, how much compensation should I offer", "Ask what would put it right"),
        ("they push for a demo today and we know nothing about them", "step back"),
    ],
)
def test_of_a_post_the_lesson_comes_that_the_words_call_for(
    slack: FakeSlack, bot: Bot, words: str, advice: str
) -> None:
    assert advice in ask(slack, words).plain


def test_only_the_one_who_asked_sees_a_tip(slack: FakeSlack, bot: Bot) -> None:
    answer = ask(slack, "scope creep")
    assert answer.plain not in [message.plain for message in slack.seen_by("U2")]


def test_no_words_bring_a_tip_not_had_lately(slack: FakeSlack, bot: Bot) -> None:
    answers = [ask(slack, "").text for _ in range(8)]
    assert len(set(answers)) == 8


def test_a_manager_and_a_rep_start_at_different_tips(slack: FakeSlack, bot: Bot) -> None:
    assert ask(slack, "", "U1").text != ask(slack, "", "U2").text


def test_coach_tip_does_the_same(slack: FakeSlack, bot: Bot) -> None:
    slack.command("U1", "C1", "/coach", "tip the buyer wants a bigger discount")
    eventually(lambda: "Negotiating with a Clock" in slack.ephemerals("U1")[-1].plain)


def test_a_question_without_an_answer_is_kept(slack: FakeSlack, bot: Bot) -> None:
    answer = ask(slack, "kubernetes ingress certificates <@U2>")
    assert "The library has nothing on" in answer.plain
    assert "ask again" in answer.plain, "it says what to do"
    assert [g.words for g in Use(bot.coach.store.read, "T1").gaps()] == [
        "kubernetes ingress certificates @kim"
    ]


def test_another_brings_another_lesson_in_its_place(slack: FakeSlack, bot: Bot) -> None:
    first = ask(slack, "angry client complains")
    press(slack, "U1", first, "Another")
    eventually(lambda: slack.ephemerals("U1")[-1].text != first.text)
    assert len(slack.ephemerals("U1")) == 1


def test_a_vote_is_kept_and_the_last_one_wins(slack: FakeSlack, bot: Bot) -> None:
    press(slack, "U1", ask(slack, "angry client complains"), "Helpful")
    eventually(lambda: "it helped" in slack.ephemerals("U1")[-1].plain)
    press(slack, "U1", slack.ephemerals("U1")[-1], "Not helpful")
    eventually(lambda: "did not help" in slack.ephemerals("U1")[-1].plain)
    votes = Rows(bot.coach.store.read).newest("feedback", 2)
    assert [vote["helpful"] for vote in votes] == [0]


def test_share_repeats_a_tip_in_the_channel_and_says_who(slack: FakeSlack, bot: Bot) -> None:
    answer = ask(slack, "angry client complains")
    press(slack, "U1", answer, "Share")
    shared = eventually(lambda: slack.messages("C1"))[-1]
    assert answer.text == shared.text
    assert "@sam" in shared.plain
    eventually(lambda: "Shared in #deals." in slack.ephemerals("U1")[-1].plain)
    assert len(slack.ephemerals("U1")) == 1, "the private tip says it itself"
    with pytest.raises(CantDo):
        slack.button(slack.ephemerals("U1")[-1], "Share")


def test_share_never_reaches_a_channel_with_outsiders(slack: FakeSlack, bot: Bot) -> None:
    press(slack, "U1", ask(slack, "angry client complains", channel="C3"), "Share")
    eventually(lambda: "shared with another organisation" in slack.ephemerals("U1")[-1].plain)
    assert slack.messages("C3") == []
    assert "Not shared." in slack.said_to("U1")
    assert "Shared by" not in slack.said_to("U1")


def test_where_outsiders_are_known_to_read_no_share_is_offered(
    slack: FakeSlack, bot: Bot, clock: HandClock
) -> None:
    press(slack, "U1", ask(slack, "angry client complains", channel="C3"), "Share")
    eventually(lambda: "shared with another organisation" in slack.ephemerals("U1")[-1].plain)
    with pytest.raises(CantDo):
        slack.button(ask(slack, "angry client complains", channel="C3"), "Share")
    assert slack.button(ask(slack, "angry client complains"), "Share"), "elsewhere it is"
    clock.forward(hours=13)  # by then it may be shared no more
    assert slack.button(ask(slack, "angry client complains", channel="C3"), "Share")


def test_share_where_it_cannot_be_told_who_reads_goes_to_the_rep(
    slack: FakeSlack, bot: Bot
) -> None:
    answer = ask(slack, "angry client complains")
    slack.fail("conversations.info", "500")
    press(slack, "U1", answer, "Share")
    eventually(lambda: "couldn't tell who reads" in slack.ephemerals("U1")[-1].plain)
    assert slack.messages("C1") == []


def test_share_in_a_channel_without_the_coach_says_how_to_invite_it(
    slack: FakeSlack, bot: Bot
) -> None:
    press(slack, "U1", ask(slack, "angry client complains", channel="C2"), "Share")
    eventually(lambda: "/invite" in slack.ephemerals("U1")[-1].plain)
    slack.command("U1", "C1", "/coach", "status")
    eventually(lambda: "not in that channel" in slack.ephemerals("U1")[-1].plain)


def test_in_a_direct_message_there_is_nothing_to_share(slack: FakeSlack, bot: Bot) -> None:
    answer = ask(slack, "angry client complains", channel=slack.dm("U1"))
    with pytest.raises(CantDo):
        slack.button(answer, "Share")


@pytest.mark.parametrize(
    "words",
    [
        'follow-up call "NOT" (',
        "don’t panic",
        "title:lost NEAR(a b) lost*",
        "100% c++ what now?",
        "<@U2> <!channel> <https://x.example|x> &amp; &lt;b&gt;",
        "👋🏽 عميل غاضب",
        "\x00\x07\u202e",
        "?",
        "angry " * 800,
    ],
)
def test_any_text_is_safe_to_type(slack: FakeSlack, bot: Bot, words: str) -> None:
    answer = ask(slack, words)
    assert "went wrong" not in answer.plain
    assert "<!channel>" not in answer.text


def test_a_replayed_command_does_nothing_twice(slack: FakeSlack, bot: Bot) -> None:
    delivery = slack.command("U1", "C1", "/tip", "angry client complains")
    eventually(lambda: slack.ephemerals("U1"))
    assert slack.replay(delivery).status == 200
    ask(slack, "something else entirely")
    assert len(slack.ephemerals("U1")) == 2


def test_a_forged_request_is_refused(slack: FakeSlack, bot: Bot) -> None:
    slack.world.workspaces["T1"].signing_secret = "guessed"
    assert slack.command("U1", "C1", "/tip", "x").status == 401


def test_the_example_that_newcomers_are_given_has_a_fitting_answer(
    slack: FakeSlack, bot: Bot
) -> None:
    assert "Ask why" in ask(slack, EXAMPLE).plain


def test_help_goes_through_a_day_from_the_huddle_on(slack: FakeSlack, bot: Bot) -> None:
    slack.command("U1", "C1", "/coach", "help")
    answer = eventually(lambda: slack.ephemerals("U1"))[-1].plain
    first = [answer.index(f"`{name} ") for name in ("/huddle", "/debrief", "/tip", "/coach")]
    assert first == sorted(first)


def test_unknown_words_after_coach_get_help(slack: FakeSlack, bot: Bot) -> None:
    slack.command("U1", "C1", "/coach", "stauts")
    answer = eventually(lambda: slack.ephemerals("U1"))[-1]
    assert "Did you mean `/coach status`? `/coach help` lists all there is." in answer.plain
    assert len(answer.plain.splitlines()) == 1


def test_when_slack_asks_to_wait_the_answer_comes_later(
    slack: FakeSlack, bot: Bot, clock, wake: Wake
) -> None:
    slack.fail("response_url", "429", retry_after=5)
    slack.command("U1", "C1", "/tip", "angry client complains")
    eventually(lambda: [e for e in slack.log if e.status == 429])
    assert slack.ephemerals("U1") == []

    def six_seconds_later() -> object:
        clock.forward(seconds=6)
        wake()
        return slack.ephemerals("U1")

    eventually(six_seconds_later)


def test_nothing_that_was_typed_stands_in_the_log(
    slack: FakeSlack, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    ask(slack, "zanzibar indemnity caps")
    slack.fail("response_url", "500")
    slack.command("U1", "C1", "/tip", "zanzibar again")
    eventually(lambda: slack.said_to("U1"))
    assert "zanzibar" not in caplog.text.casefold()
    assert "xoxb" not in caplog.text


@needs_archives
def test_an_imported_post_is_quoted_word_for_word(slack: FakeSlack, bot: Bot) -> None:
    from bot.archives.reader import read_file

    coach = bot.coach
    for path in sorted(ARCHIVES.glob("*.txt")):
        coach.library.put(read_file(path.read_bytes(), path.name).posts, coach.now())
    coach.indexing.update()
    answer = ask(slack, "the buyer wants a bigger discount")
    texts = [" ".join(entry.text.split()) for entry in coach.library.entries().values()]
    assert "Our note" not in answer.plain
    quoted = next(line for line in answer.plain.splitlines() if line.startswith(">"))
    assert any(quoted.strip("> ") in text for text in texts)
