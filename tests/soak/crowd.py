"""Two hundred people at one card in ten seconds: it is drawn at Slack's pace, and ends right."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.clock.now import HandClock
from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.people.rep import Profile, Rep
from bot.people.table import People
from bot.settings import Settings
from handlers.app import Bot
from handlers.serving.http_server import WebServer
from handlers.serving.serve import SLACK_PATH
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.soak import Verdict
from tests.support.huddles import card, huddle, tick, ticks

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECONDS = 10
# So many changes in so many seconds: tier 3 of docs.slack.dev/apis/web-api/rate-limits has 50 or
# more a minute; these are a busy Slack's, so that both a long and a short wait are met.
LIMITS = ((8, 60), (1, 3))
METHOD = "chat.update"
GRACE = timedelta(seconds=2)  # beyond what Slack asks for


def crowded(folder: Path, people: int) -> Verdict:
    """Each of `people` ticks or unticks something on one card; the clock is moved by hand."""
    figures: Counter[str] = Counter()
    zeros: Counter[str] = Counter()
    for n, limit in enumerate(LIMITS):
        (folder / str(n)).mkdir()
        found, wrong = _crowded(folder / str(n), people, *limit)
        figures.update(found)
        zeros.update(wrong)
    law = "a crowd at one card is kept, and the card catches up at Slack's pace"
    return Verdict(law, dict(figures), dict(zeros))


def _crowded(
    folder: Path, people: int, calls: int, seconds: int
) -> tuple[dict[str, int], dict[str, int]]:
    clock = HandClock(START)
    with FakeSlack(clock) as slack:
        for n in range(1, people + 1):
            slack.add_user(f"U{n}", f"p{n}", tz="UTC")
        slack.add_channel("C1", "deals", members=[f"U{n}" for n in range(1, people + 1)])
        with _coach(folder / "coach.db", slack, clock, people) as bot:
            huddle(slack, "acme 15:00")
            tier = slack.limit_method(METHOD, calls, seconds)
            failed = _press(slack, bot, clock, people)
            late = _until_right(slack, bot, clock, tier.left("T1", clock.now()))
        redraws = len([e for e in slack.log if e.name == METHOD])
    return (
        {"people": people, "redraws": redraws, "asked to wait": tier.refused},
        {
            "not kept": failed,
            "redraws at once beyond one": slack.most_at_once(METHOD) - 1,
            "while Slack asked to wait": tier.while_waiting,
            "late": late,
        },
    )


def _press(slack: FakeSlack, bot: Bot, clock: HandClock, people: int) -> int:
    """All within ten seconds of the clock; how many were not acked."""
    boxes = ticks(bot)
    first = tick(slack, card(slack), boxes[0]).payload
    numbers = count()

    def press(n: int) -> bool:
        item = boxes[n % len(boxes)]
        payload = _as(first, f"U{n + 1}", item.id, n // len(boxes) % 2 == 0, next(numbers))
        return slack.courier.send("interactive", "T1", payload).ok

    failed = 0
    a_second = max(people // SECONDS, 1)
    with ThreadPoolExecutor(20) as crowd:
        for at in range(0, people, a_second):
            failed += list(crowd.map(press, range(at, min(at + a_second, people)))).count(False)
            clock.forward(seconds=1)
            bot.scheduler.wake()
    return failed


def _as(first: dict[str, Any], user: str, item: int, on: bool, n: int) -> dict[str, Any]:
    """The first one's click by somebody else, at another box."""
    payload = copy.deepcopy(first)
    payload["user"] = payload["user"] | {"id": user}
    payload["trigger_id"] = f"crowd.{n}.{payload['trigger_id']}"
    (action,) = payload["actions"]
    word, call, _, *rest = action["block_id"].split(":")
    action["block_id"] = ":".join([word, call, str(item), *rest])
    option = {"text": {"type": "plain_text", "text": "-"}, "value": f"{call}:{item}:on"}
    action["selected_options"] = [option] if on else []
    return payload


def _until_right(slack: FakeSlack, bot: Bot, clock: HandClock, wait: timedelta) -> int:
    """Whether the card shows what is kept later than Slack's wait and a moment: 1, else 0."""
    until = clock.now() + wait + GRACE
    while clock.now() <= until:
        bot.scheduler.wake()
        if _is_right(slack, bot):
            return 0
        clock.forward(seconds=1)
    return int(not _is_right(slack, bot))


def _is_right(slack: FakeSlack, bot: Bot) -> bool:
    huddle = bot.coach.huddles.get(Rep("T1", "U1"), 1)
    return f"{huddle.ready} of {len(huddle.items)} ready" in card(slack).plain


@contextmanager
def _coach(db: Path, slack: FakeSlack, clock: HandClock, people: int) -> Iterator[Bot]:
    env = {"SLACK_BOT_TOKEN": "xoxb-T1", "SLACK_SIGNING_SECRET": "secret", "COACH_DB": str(db)}
    more = {"SLACK_API_URL": slack.api_url, "COACH_EMBED_MODEL": "none"}
    with Coach(Settings.from_env(env | more), clock) as coach:
        known = [Rep("T1", f"U{n}") for n in range(1, people + 1)]
        coach.store.write(lambda db: [_known(People(db), rep, clock.now()) for rep in known])
        bot = Bot(coach, Scheduler(clock, 20))
        server = WebServer(
            SlackRequestHandler(bot.app, path=SLACK_PATH), "127.0.0.1", 0, threads=20
        )
        server.start()
        slack.connect(f"http://127.0.0.1:{server.port}{SLACK_PATH}")
        try:
            yield bot
        finally:
            eventually(lambda: not coach.inbox.waiting())
            server.stop()
            bot.stop()


def _known(people: People, rep: Rep, now: datetime) -> None:
    people.greet(rep, now)
    people.put_profile(rep, Profile(rep.user_id, "UTC"), now)
