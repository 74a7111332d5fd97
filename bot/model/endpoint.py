"""The writer: the only door to a model, at any OpenAI-compatible endpoint.

A model that is off, slow, broken, over its budget, unwilling or talking rubbish gives None; why is
told by a code to the log, the database and `doctor`, never to a rep, and never what was said.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.clock.now import Clock
from bot.errors import CoachError
from bot.model.budget_table import EMBED, Ended, ModelBudget
from bot.model.prompts import FilledPrompt, Prompt, PromptFaulty
from bot.settings import Settings
from bot.storage.store import Store

if TYPE_CHECKING:
    import ssl

log = logging.getLogger(__name__)

CALLS = 8  # calls under way at once; one that is over its time may hold its thread a little longer
WAITING = 16  # answers that wait for a model at once; beyond that they come without it
FAILURES = 3  # in a row, and nobody is asked for a while
PAUSE = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(minutes=10)
LETTERS_A_TOKEN = 3  # English has about four; counted short, so that the reserve is enough
ANSWER = 40_000  # characters of an answer that are looked at

# Why nothing came, and what to do about it.
CODES = {
    "timeout": "The model took too long. Try a faster one, or raise COACH_MODEL_SECONDS.",
    "no_answer": "The model's endpoint does not answer. Check OPENAI_BASE_URL.",
    "server": "The model's endpoint failed. Look at its own log.",
    "key": "The model's endpoint refuses the key. Check OPENAI_API_KEY.",
    "no_model": "The endpoint does not know the model. Check COACH_MODEL, or COACH_EMBED_MODEL.",
    "limit": "The model's endpoint asks to wait, or its quota is used up.",
    "request": "The endpoint does not accept what we ask. Check COACH_MODEL.",
    "refused": "The model refused to answer.",
    "cut_off": "The model's answer was cut off. Raise max_tokens in the prompt.",
    "rubbish": "The model's answer was not the JSON that was asked for. Try another model.",
    "misjudged": "Asked to check itself, the model was wrong about a statement of which we know"
    " whether it is true. So its answer was not shown. Try a better model, or set"
    " COACH_MODEL_JUDGE=no.",
    "budget": "The day's tokens are used up. Raise COACH_MODEL_TOKENS_A_DAY.",
    "paused": "The model failed several times, so it is left alone for a minute.",
    "busy": "Too many answers wait for the model already.",
    "library": "The package “openai” is missing. Install the requirements again.",
}
_NO_FAULT = ("budget", "paused", "busy", "refused", "misjudged")  # say nothing about the endpoint


class _Failed(Exception):
    """A call brought nothing; `code` is one of `CODES`, `tokens` what it cost, if that is known."""

    def __init__(self, code: str, tokens: int | None = None, wait_s: float = 0) -> None:
        super().__init__(code)
        self.code = code
        self.tokens = tokens
        self.wait_s = wait_s


class _Line:
    """The connection of one call: how long it may last, and the way to end it from outside."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self._client: Any = None

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.until - time.monotonic()

    def hold(self, client: Any) -> Any:
        self._client = client
        return client

    def hang_up(self) -> None:
        """Close the connection, so that an answer that drips lets go of its thread."""
        if self._client is not None:
            self._client.close()


class _Answer(NamedTuple):
    value: Any
    tokens: int | None


class Endpoint:
    """Asks the model. Safe to use from several threads; closed once, at the end."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings, self._store, self._clock = settings, store, clock
        self._calls = ThreadPoolExecutor(CALLS, thread_name_prefix="model")
        self._waiting = ThreadPoolExecutor(WAITING, thread_name_prefix="waiting")
        self._free = threading.BoundedSemaphore(WAITING)
        self._writes, self._embeds = CircuitBreaker(), CircuitBreaker()
        self._left_out: frozenset[str] = frozenset()  # what this endpoint turned out not to take
        if self.on:
            self._calls.submit(_warm_up)

    @property
    def on(self) -> bool:
        """Whether a model is set up to write."""
        return bool(self._settings.model and self._reachable)

    @property
    def ready(self) -> bool:
        """Whether a model can be asked now: one is set up, and is not left alone for a while."""
        return self.on and not self._writes.rests(self._clock.elapsed())

    @property
    def _reachable(self) -> bool:
        return bool(self._settings.openai_key or self._settings.openai_url)

    def write(
        self,
        workspace_id: str,
        prompt: Prompt,
        values: Mapping[str, str],
        schema: Mapping[str, Any],
        seconds: float | None = None,
        fault: Callable[[Mapping[str, Any]], str] = lambda answer: "",
    ) -> dict[str, Any] | None:
        """What the model answers, as `schema` has it, within `seconds` (by default the setting's).

        None if it has no answer in time, or one with a `fault`, which is a code. Its fields are not
        checked here: they are anybody's words.
        """
        if not self.on:
            return None
        try:
            filled = prompt.fill(**values)
        except PromptFaulty as faulty:
            log.error(str(faulty))
            return None
        tokens = sum(map(len, filled)) // LETTERS_A_TOKEN + prompt.max_tokens
        what = f"{prompt.name} {prompt.version}"

        def call(line: _Line) -> _Answer:
            answer = self._complete(prompt, filled, schema, line)
            if code := fault(answer.value):
                raise _Failed(code, answer.tokens)
            return answer

        found = self._ask(workspace_id, what, tokens, call, seconds)
        return found if isinstance(found, dict) else None

    def embed(self, workspace_id: str, texts: Sequence[str]) -> list[list[float]] | None:
        """A vector for each text, in order; None if no embedding model is set, or none came."""
        if not (self._settings.embed_model and self._reachable and texts):
            return None
        tokens = sum(map(len, texts)) // LETTERS_A_TOKEN + len(texts)
        found = self._ask(workspace_id, EMBED, tokens, lambda line: self._vectors(texts, line))
        return found if isinstance(found, list) else None

    def beside(self, work: Callable[[], object]) -> bool:
        """Do `work`, which waits for the model, on threads kept for that; False if all wait."""
        if not self._free.acquire(blocking=False):
            self._note("busy")
            return False

        def run() -> None:
            try:
                work()
            except Exception:
                log.exception("what waited for the model went wrong")
            finally:
                self._free.release()

        self._waiting.submit(run)
        return True

    def used_today(self, workspace_id: str) -> int:
        """Tokens that the workspace used today (UTC)."""
        return ModelBudget(self._store.read).used(workspace_id, self._clock.now())

    def last(self, embedding: bool = False) -> Ended | None:
        """How the last call to write ended, or to embed, in this process or another; None if there
        was none."""
        return ModelBudget(self._store.read).last(embedding)

    def close(self) -> None:
        """Finish what waits; a call that is over its time is not waited for."""
        self._waiting.shutdown(wait=True)
        self._calls.shutdown(wait=False, cancel_futures=True)

    # One call --------------------------------------------------------------------------------

    def _ask(
        self,
        workspace_id: str,
        what: str,
        tokens: int,
        call: Callable[[_Line], _Answer],
        seconds: float | None = None,
    ) -> Any:
        now = self._clock.now()
        breaker = self._embeds if what == EMBED else self._writes
        if not breaker.lets_through(self._clock.elapsed()):
            return self._note("paused")
        ceiling = self._settings.model_tokens_a_day
        try:
            call_id = self._store.write(
                lambda db: ModelBudget(db).reserve(workspace_id, what, tokens, ceiling, now)
            )
        except CoachError:  # the store has logged it
            breaker.skipped()
            return None
        if call_id is None:
            breaker.skipped()
            return self._note("budget")
        seconds = self._settings.model_seconds if seconds is None else seconds
        try:
            answer = self._in_time(call, seconds)
        except _Failed as failed:
            breaker.failed(failed, self._clock.elapsed())
            self._settle(call_id, failed.tokens, failed.code)
            return self._note(failed.code, what)
        breaker.succeeded()
        self._settle(call_id, answer.tokens, "")
        return answer.value

    def _in_time(self, call: Callable[[_Line], _Answer], seconds: float) -> _Answer:
        """`call` on another thread: the client's own time limit is one for each read."""
        line = _Line(seconds)
        future: Future[_Answer] = self._calls.submit(call, line)
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            with suppress(Exception):  # it may be busy opening what we close
                line.hang_up()
            raise _Failed("timeout") from None
        except _Failed:
            raise
        except Exception as error:
            log.error("unexpected answer of the model", extra={"kind": type(error).__name__})
            raise _Failed("rubbish") from None

    def _settle(self, call_id: int, tokens: int | None, code: str) -> None:
        now = self._clock.now()
        with suppress(CoachError):
            self._store.write(lambda db: ModelBudget(db).settle(call_id, tokens, code, now))

    def _note(self, code: str, what: str = "") -> None:
        told = {"code": code, "what": what.replace(" ", ":")}
        log.warning("no answer of the model", extra=told)

    # The wire --------------------------------------------------------------------------------

    def _complete(
        self, prompt: Prompt, filled: FilledPrompt, schema: Mapping[str, Any], line: _Line
    ) -> _Answer:
        messages = [
            {"role": "system", "content": filled.system},
            {"role": "user", "content": filled.user},
        ]
        more = {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": prompt.name, "strict": True, "schema": dict(schema)},
            },
            "max_tokens": prompt.max_tokens,
            "temperature": prompt.temperature,
        }

        def send(client: Any) -> Any:
            return client.chat.completions.create(
                model=self._settings.model, messages=messages, **self._accepted(more)
            )

        answer = self._call(send, line)
        tokens = answer.usage.total_tokens if answer.usage else None
        return _Answer(_json_of(answer, tokens), tokens)

    def _vectors(self, texts: Sequence[str], line: _Line) -> _Answer:
        def send(client: Any) -> Any:
            return client.embeddings.create(
                model=self._settings.embed_model, input=list(texts), encoding_format="float"
            )

        answer = self._call(send, line)
        tokens = answer.usage.total_tokens if answer.usage else None
        found = [[float(n) for n in each.embedding] for each in answer.data]
        if len(found) != len(texts) or len({len(each) for each in found}) != 1 or not found[0]:
            raise _Failed("rubbish", tokens)
        return _Answer(found, tokens)

    def _accepted(self, more: Mapping[str, Any]) -> dict[str, Any]:
        kept = {key: value for key, value in more.items() if key not in self._left_out}
        if "max_tokens" in self._left_out:
            kept["max_completion_tokens"] = more["max_tokens"]
        return kept

    def _call(self, send: Callable[[Any], Any], line: _Line) -> Any:
        """Send, and again without what the endpoint does not take, as long as there is time."""
        try:
            import openai
        except ImportError:
            raise _Failed("library", 0) from None
        client = openai.OpenAI(
            api_key=self._settings.openai_key or "none",
            base_url=self._settings.openai_url or None,
            max_retries=0,
            timeout=max(0.1, line.left),
            http_client=openai.DefaultHttpxClient(verify=_trusted()),
        )
        with line.hold(client):
            while line.left > 0:
                try:
                    return send(client)
                except openai.APIStatusError as error:
                    if not (foreign := _not_taken(error, self._left_out)):
                        raise _failure(error.status_code, error.response.headers) from None
                    self._left_out |= {foreign}
                except openai.APITimeoutError:
                    break
                except openai.APIConnectionError:
                    raise _Failed("no_answer", 0) from None
        raise _Failed("timeout")


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that the library trusts, for all calls: to read them takes 40 ms."""
    import httpx2  # what openai stands on

    return httpx2.create_ssl_context()


def _warm_up() -> None:
    """Load the library before it is needed: the first answer should not pay for it (0.3 s)."""
    with suppress(ImportError):
        import openai  # noqa: F401

        _trusted()


_OPTIONAL = ("response_format", "max_tokens", "temperature")


def _not_taken(error: Any, known: frozenset[str]) -> str | None:
    """The part of our request that an endpoint does not know, by the words of its refusal."""
    if error.status_code not in (400, 404, 415, 422, 500, 501):
        return None
    told = str(error.body or error.message).casefold()
    signs = {"response_format": ("response_format", "json_schema", "schema", "grammar")}
    for name in _OPTIONAL:
        if name not in known and any(sign in told for sign in signs.get(name, (name,))):
            return name
    return None


def _failure(status: int, headers: Mapping[str, str]) -> _Failed:
    """The failure that an HTTP status means; nothing was used up by it."""
    code = {401: "key", 403: "key", 404: "no_model", 408: "timeout", 429: "limit"}.get(status)
    wait = headers.get("retry-after", "")
    wait_s = float(wait) if wait.isdecimal() else 0.0
    return _Failed(code or ("server" if status >= 500 else "request"), 0, wait_s)


def _json_of(answer: Any, tokens: int | None) -> dict[str, Any]:
    """The JSON object of an answer; a model without structured output may put words around it."""
    if not answer.choices:
        raise _Failed("rubbish", tokens)
    choice = answer.choices[0]
    if choice.finish_reason == "length":
        raise _Failed("cut_off", tokens)
    if getattr(choice.message, "refusal", None) or choice.finish_reason == "content_filter":
        raise _Failed("refused", tokens)
    text = str(choice.message.content or "")[:ANSWER]
    try:
        value = json.loads(text[text.index("{") : text.rindex("}") + 1])
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise _Failed("rubbish", tokens)
    return value


class CircuitBreaker:
    """Leaves an endpoint alone that failed several times; after the pause one call tries it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until: timedelta | None = None
        self._trying = False

    def lets_through(self, now: timedelta) -> bool:
        with self._lock:
            if self._until is None:
                return True
            if now < self._until or self._trying:
                return False
            self._trying = True
            return True

    def rests(self, now: timedelta) -> bool:
        with self._lock:
            return self._until is not None and now < self._until

    def skipped(self) -> None:
        """What was let through did not go out."""
        with self._lock:
            self._trying = False

    def succeeded(self) -> None:
        with self._lock:
            self._failures, self._until, self._trying = 0, None, False

    def failed(self, failed: _Failed, now: timedelta) -> None:
        with self._lock:
            self._trying = False
            if failed.code in _NO_FAULT:
                return
            self._failures += 1
            if failed.wait_s:
                self._until = now + min(timedelta(seconds=failed.wait_s), LONGEST_PAUSE)
            elif self._failures >= FAILURES:
                self._until = now + PAUSE
