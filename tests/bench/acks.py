"""How fast Slack is told OK, at one and at twenty at a time, against an empty Bolt app; and with a
model that hangs against the coach without one."""

from __future__ import annotations

import http.client
import itertools
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from bot.clock.now import SystemClock
from handlers.serving.serve import SLACK_PATH
from handlers.trial.small_slack.slack import FakeSlack
from tests.bench.figures import line, median, p99
from tests.conftest import eventually
from tests.support.model_server import ModelServer, Reply

ROUNDS = 240
CROWD = 20
PAUSE_S = 0.02  # for each of a crowd, between one crowd and the next
MEDIAN_GOAL, P99_GOAL = 1.3, 2.0
AGAINST = {"empty": "empty Bolt app", "committing": "committing Bolt app", "coach": "no model"}

_number = itertools.count(1)
_signer = SignatureVerifier("secret")


def run() -> None:
    """Each app in its own process, the requests from this one, in turns."""
    with tempfile.TemporaryDirectory() as folder, FakeSlack(SystemClock()) as slack:
        slack.add_user("U1", "sam")
        slack.add_channel("C1", "deals", members=["U1"])
        _compare("/tip", "empty", _tip, slack, Path(folder))
        _compare("/huddle", "committing", _huddle, slack, Path(folder))
        _compare("a tick", "committing", _tick, slack, Path(folder))
        with ModelServer(lambda body: Reply(b"", hangs=True)) as model:
            hung = {"OPENAI_BASE_URL": model.url, "COACH_MODEL": "m"}
            _compare("/tip while a model hangs", "coach", _tip, slack, Path(folder), hung)


def _compare(
    what: str,
    baseline: str,
    body: Callable[[FakeSlack], str],
    slack: FakeSlack,
    folder: Path,
    more: Mapping[str, str] = {},
) -> None:
    """Our figures against those of another app; `more` are settings of ours."""
    with _served("coach", slack, folder, more) as ours, _served(baseline, slack, folder) as theirs:
        _one_card(ours, slack)
        for crowd in (1, CROWD):
            for port in (ours, theirs):
                _acks(port, body, slack, crowd, 2 * CROWD)
            taken: dict[int, list[float]] = {ours: [], theirs: []}
            for _ in range(3):
                for port in (ours, theirs):
                    taken[port] += _acks(port, body, slack, crowd, ROUNDS // 3)
                    time.sleep(1)  # what follows an ack is over before the other one's turn
            for name, figure, goal in (("median", median, MEDIAN_GOAL), ("p99", p99, P99_GOAL)):
                title = f"ack of {what}, {crowd} at a time, {name} (against {AGAINST[baseline]})"
                line(title, figure(taken[ours]), figure(taken[theirs]), "ms", goal)


@contextmanager
def _served(
    app: str, slack: FakeSlack, folder: Path, more: Mapping[str, str] = {}
) -> Iterator[int]:
    env = {
        "SLACK_BOT_TOKEN": "xoxb-T1",
        "SLACK_SIGNING_SECRET": "secret",
        "SLACK_API_URL": slack.api_url,
        "COACH_DB": str(folder / f"{app}-{next(_number)}.db"),
        "PATH": "",
        **more,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.apps", app],
        env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def _acks(
    port: int, body: Callable[[FakeSlack], str], slack: FakeSlack, crowd: int, rounds: int
) -> list[float]:
    """Milliseconds of each of `rounds` acknowledgements, sent `crowd` at once."""
    taken: list[float] = []
    with ThreadPoolExecutor(crowd) as threads:
        for _ in range(rounds // crowd):
            together = threading.Barrier(crowd)
            bodies = [body(slack) for _ in range(crowd)]
            taken += threads.map(partial(_ack, port, together), bodies)
            time.sleep(0.005 + crowd * PAUSE_S)  # people don't type in step with our answers
    return taken


def _ack(port: int, together: threading.Barrier, body: str) -> float:
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": _signer.generate_signature(timestamp=stamp, body=body) or "",
    }
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    together.wait()
    start = time.perf_counter()
    link.request("POST", SLACK_PATH, body, headers)
    answer = link.getresponse()
    answer.read()
    taken = (time.perf_counter() - start) * 1000
    link.close()
    assert answer.status == 200, answer.status
    return taken


def _one_card(port: int, slack: FakeSlack) -> None:
    """A huddle whose items can be ticked."""
    slack.connect(f"http://127.0.0.1:{port}{SLACK_PATH}")
    before = len(slack.messages("C1"))
    slack.command("U1", "C1", "/huddle", "Acme negotiation in 30m 45m")
    eventually(lambda: len(slack.messages("C1")) > before)


def _tip(slack: FakeSlack) -> str:
    return _command(slack, "/tip", "they went quiet after the demo")


def _huddle(slack: FakeSlack) -> str:
    return _command(slack, "/huddle", f"Account {next(_number)} negotiation in 30m 45m")


def _tick(slack: FakeSlack) -> str:
    """A click on the first box of the newest card, on and off in turn."""
    cards = (m for m in reversed(slack.messages("C1")) if "huddle.tick" in str(m.blocks))
    card = next(cards)
    block = next(b for b in card.blocks if "huddle.tick" in str(b))
    box = block.get("accessory") or block["elements"][0]
    chosen = box["options"] if next(_number) % 2 else []
    action = {"type": "checkboxes", "action_id": box["action_id"], "selected_options": chosen}
    payload = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "channel": {"id": "C1"},
        "message": {"ts": card.ts, "blocks": card.blocks},
        "container": {"type": "message", "message_ts": card.ts, "channel_id": "C1"},
        "trigger_id": f"{next(_number)}.2.x",
        "response_url": f"{slack.api_url}nowhere/1",
        "actions": [action | {"block_id": block["block_id"]}],
    }
    return urlencode({"payload": json.dumps(payload)})


def _command(slack: FakeSlack, command: str, text: str) -> str:
    n = next(_number)
    return urlencode(
        {
            "command": command,
            "text": text,
            "team_id": "T1",
            "user_id": "U1",
            "channel_id": "C1",
            "trigger_id": f"{n}.1.x",
            "response_url": f"{slack.api_url}nowhere/{n}",
        }
    )
