"""A scripted model: an OpenAI-compatible server on localhost that does as it is told."""

from __future__ import annotations

import json
import random
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple, Self

from bot.records.table import Records
from bot.writing._judge import PLANTED
from handlers.app import Bot
from handlers.trial.small_slack.http_server import HttpServer

Body = Mapping[str, Any]


class Reply(NamedTuple):
    """What the server sends: a status, a body and headers, and how slowly."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = {}
    hangs: bool = False  # nothing comes until the server stops
    drips: bool = False  # a byte now and then until the server stops
    length: int | None = None  # what Content-Length says, if it lies


class ModelServer:
    """Answers `/v1/chat/completions` and `/v1/embeddings`. `replies` makes an answer of a request.

    `asked` are the bodies of all requests, in the order in which they came.
    """

    def __init__(self, replies: Callable[[Body], Reply]) -> None:
        self.replies = replies
        self.asked: list[Body] = []
        self.chooses = picks("1.1")  # which lesson fits; such requests are kept apart
        self.chose_from: list[Body] = []
        self._over = threading.Event()
        self._server = HttpServer(("127.0.0.1", 0), _handler(self))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1/"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *what: object) -> None:
        self._over.set()
        self._server.stop()

    def send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if reply.hangs:
            self._over.wait(60)
            return
        handler.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(reply.length or len(reply.body)))
        handler.end_headers()
        if reply.drips:
            for byte in reply.body:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                if self._over.wait(0.2):
                    return
        else:
            handler.wfile.write(reply.body)


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            body = json.loads(sent) | {"path": self.path}
            choosing = asks_for_a_choice(body)
            (server.chose_from if choosing else server.asked).append(body)
            try:
                server.send(self, (server.chooses if choosing else server.replies)(body))
            except OSError:
                self.close_connection = True  # the other side has hung up

        def log_message(self, format: str, *args: object) -> None:
            """Quietly."""

    return Handler


def calls_kept(bot: Bot) -> int:
    """How often a model was turned to, as the database has it: not each call reaches the server."""
    tables = Records(bot.coach.store.read).tables()
    return sum(1 for table in tables if table.name == "model_calls" for _ in table.rows)


_FOREIGN = "never always seven 40 discount Globex should without because CEO".split()  # noqa: SIM905


def altered(text: str, chosen: random.Random, after: int = 0) -> str:
    """`text` with a word put in, or put in another's place, behind its first `after` words."""
    words = text.split()
    at = chosen.randrange(after, len(words))
    foreign = chosen.choice([w for w in _FOREIGN if w.casefold() not in text.casefold().split()])
    words[at : at + chosen.randrange(2)] = [foreign]
    return " ".join(words)


# Replies ------------------------------------------------------------------------------------


def says(text: str, finish: str = "stop", refusal: str | None = None, tokens: int = 50) -> Reply:
    """An answer of a chat model."""
    message = {"role": "assistant", "content": text, "refusal": refusal}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    usage = {"prompt_tokens": tokens - 10, "completion_tokens": 10, "total_tokens": tokens}
    return _json({"id": "c1", "object": "chat.completion", "created": 1, "model": "m",
                  "choices": [choice], "usage": usage})  # fmt: skip


def states(*statements: tuple[str, str, str]) -> Reply:
    """An answer of (statement, post, quote)."""
    rows = [dict(zip(("statement", "post", "quote"), each, strict=True)) for each in statements]
    return says(json.dumps({"statements": rows}))


def answers(**lists: Sequence[Mapping[str, Any]]) -> Reply:
    """An answer of lists of rows, by name."""
    return says(json.dumps(lists))


def asks_for_a_choice(body: Body) -> bool:
    return "You look after a small library" in json.dumps(body)


def picks(lesson: str, grade: int = 3, *near: str) -> Callable[[Body], Reply]:
    """A model that chooses this lesson, whatever is asked."""
    row = {"need": "a lesson", "lesson": lesson, "grade": grade, "near": near}
    return lambda body: says(json.dumps(row))


def asks_a_judge(body: Body) -> bool:
    return "verdicts" in json.dumps(body)


def judges(body: Body, fine: Callable[[str], bool] = lambda statement: True) -> Reply:
    """A judge's word on the sheet that it is shown: right on what is planted, else as `fine`."""
    planted = {pair.statement: pair.known for pair in PLANTED}
    return _verdicts(body, lambda each: planted[each] if each in planted else fine(each))


def judges_alike(body: Body, word: bool) -> Reply:
    """The word of a judge that says the same of each pair, planted ones included."""
    return _verdicts(body, lambda each: word)


def _verdicts(body: Body, word: Callable[[str], bool | None]) -> Reply:
    shown = re.findall(r"^\d+\. Statement: (.*)$", body["messages"][-1]["content"], re.M)
    return says(json.dumps({"verdicts": [word(each) for each in shown]}))


def fails(status: int, message: str = "no", **headers: str) -> Reply:
    """An error as these servers word it."""
    plain = {name.replace("_", "-"): value for name, value in headers.items()}
    return _json({"error": {"message": message, "type": "x", "code": None}}, status, plain)


def embeds(vectors: Sequence[Sequence[float]]) -> Reply:
    rows = [{"object": "embedding", "index": n, "embedding": v} for n, v in enumerate(vectors)]
    return _json({"object": "list", "data": rows, "model": "e",
                  "usage": {"prompt_tokens": 5, "total_tokens": 5}})  # fmt: skip


def _json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(json.dumps(value).encode(), status, headers or {})
