"""A thousand answers of a lying model, through the real app to Slack: nothing made up is said."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.clock.now import HandClock
from bot.library.post import Post, load_cards
from bot.people.rep import Rep
from bot.settings import Settings
from handlers.slack.sources import WRITTEN
from handlers.trial.small_slack.slack import FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import Served, eventually
from tests.soak import Verdict
from tests.support.archives import CARDS
from tests.support.lies import KINDS, Liar
from tests.support.model_server import Body, ModelServer, Reply, asks_a_judge, judges

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
QUESTIONS = (
    "the buyer wants a bigger discount",
    "we lost the deal to a competitor",
    "the demo is for a mixed group",
    "the customer complains about bugs",
    "my forecast is never right",
    "an engineer joins the sales call",
    "reps don't plan their calls",
    "we made a mistake at a customer",
)
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def lies(folder: Path, answers: int, believed: bool = False) -> Verdict:
    """`answers` to `/tip`, each written by a model that lies in three statements of four.

    By default our own check is alone. With `believed` a judge takes every lie that it is shown for
    true: then free words may be wrong, but no quote, source or number.
    """
    clock, liar, cards = HandClock(START), Liar(seed=8), load_cards(CARDS)[0]
    found: Counter[str] = Counter()

    def replies(body: Body) -> Reply:
        return judges(body) if asks_a_judge(body) else liar(body)

    with FakeSlack(clock) as slack, ModelServer(replies) as model:
        users = [f"U{n}" for n in range(4)]
        for user in users:
            slack.add_user(user, f"sam{user}", tz="UTC")
        slack.add_channel("C1", "deals", members=users)
        served = Served(_settings(folder, slack, model, believed), slack, clock)
        for user in users:
            served.bot.coach.people.greet(Rep("T1", user))
        for n in range(answers):
            said = _asked(slack, users[n % len(users)], QUESTIONS[n % len(QUESTIONS)])
            found.update(_wrongs(said, liar, cards))
        served.stop()
    told = ("written", "statements said", *["lies"] * believed)
    law = "with a judge that believes it, " * believed
    return Verdict(
        f"{law}of a lying model's answers nothing made up is said",
        {"answers": answers, "lies told": len(liar.lies)} | {name: found[name] for name in told},
        {name: found[name] for name in sorted(set(found) - set(told))}
        | {"kinds of lie not tried": len(KINDS.keys() - set(liar.lies.values()))}
        | {"hardly any answer written": int(found["written"] < answers / 2)},
    )


def _settings(folder: Path, slack: FakeSlack, model: ModelServer, judge: bool) -> Settings:
    return Settings.from_env(
        {
            "SLACK_BOT_TOKEN": "xoxb-T1",
            "SLACK_SIGNING_SECRET": "secret",
            "SLACK_API_URL": slack.api_url,
            "COACH_DB": str(folder / "coach.db"),
            "COACH_EMBED_MODEL": "none",
            "OPENAI_BASE_URL": model.url,
            "COACH_MODEL": "m",
            "COACH_MODEL_SECONDS": "30",
            "COACH_MODEL_TOKENS_A_DAY": "1000000000",
            "COACH_MODEL_JUDGE": "yes" if judge else "no",
        }
    )


def _asked(slack: FakeSlack, user: str, words: str) -> Message:
    before = len(slack.ephemerals(user))
    slack.command(user, "C1", "/tip", words)
    eventually(lambda: len(slack.ephemerals(user)) > before, tries=1_000)
    return slack.ephemerals(user)[-1]


def _wrongs(said: Message, liar: Liar, cards: dict[str, Post]) -> Counter[str]:
    """What is wrong with a message, beside how much was written in it."""
    found: Counter[str] = Counter()
    raw = json.dumps([said.text, said.blocks], ensure_ascii=False, default=str)
    found["links, mentions, hidden characters"] += bool(_HIDDEN.search(raw))
    found["links, mentions, hidden characters"] += bool(re.search(r"<[^>]*>|https?://|evil", raw))
    if WRITTEN not in said.plain:
        return found
    found["written"] += 1
    for text, quote, source in _statements(said):
        found["statements said"] += 1
        found["lies"] += text in liar.lies or text not in liar.true
        homes = [card for card in cards.values() if quote in " ".join(card.body.split())]
        found["invented or altered quotes"] += not homes
        found["wrong sources"] += not any(card.title and card.title in source for card in homes)
        found["made-up numbers"] += bool(_numbers(text) - _numbers(quote))
    return found


def _statements(said: Message) -> Iterator[tuple[str, str, str]]:
    """Each written statement with its quote, which may be itself, and the source below them."""
    waiting: list[tuple[str, str]] = []
    for block in said.blocks:
        text = _text(block)
        if block["type"] == "section":
            waiting.append((text, text))
        elif block["type"] == "context":
            for line in text.split("\n"):
                if line.startswith("“") and waiting:
                    waiting[-1] = (waiting[-1][0], line.removesuffix(" …").strip("“”"))
                else:
                    yield from ((*each, line) for each in waiting)
                    waiting = []


def _text(block: dict) -> str:
    parts = [block.get("text"), *block.get("elements", [])]
    return html.unescape(" ".join(str(p.get("text", "")) for p in parts if isinstance(p, dict)))


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))
