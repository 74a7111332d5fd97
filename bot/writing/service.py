"""Answers that a model writes and the posts decide: what does not stand on its quote is dropped."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.library.entry import Entry
from bot.library.library import Library
from bot.model.endpoint import Endpoint
from bot.model.prompts import JUDGE, Prompts
from bot.writing import choosing
from bot.writing.choosing import Chosen
from bot.writing.passages import laid_out, passages_for, quoted, standing
from bot.writing.statement import (
    LEAST,
    MOST,
    QUESTION,
    STATEMENTS,
    VERDICTS,
    Written,
    statements_of,
)

if TYPE_CHECKING:
    from bot.writing.verification import Verdict

log = logging.getLogger(__name__)


class Drafted(NamedTuple):
    """What a model answered, the prompt and version that brought it, and when its time is over.

    `ends` is monotonic.
    """

    answer: Mapping[str, Any]
    prompt: str
    ends: float


class WritingService:
    """Writes from passages of the library, and from nothing that its reader may not see."""

    def __init__(
        self,
        model: Endpoint,
        library: Library,
        prompts: Prompts,
        seconds: float,
        judges: bool,
    ) -> None:
        self._model, self._library, self._prompts = model, library, prompts
        self._seconds, self._judges = seconds, judges

    @property
    def on(self) -> bool:
        """Whether there is a model to ask now, and the judge's prompt if one is to agree."""
        return self._model.ready and (not self._judges or JUDGE in self._prompts())

    @property
    def chooses(self) -> bool:
        """Whether a model is asked which lesson fits."""
        return self.on and choosing.PROMPT in self._prompts()

    def choose(
        self, workspace_id: str, words: str, posts: Iterable[tuple[Entry, Sequence[str]]]
    ) -> Chosen | None:
        """Which lesson of these posts fits best, by a model; None if it has no answer in time."""
        lessons = choosing.numbered(posts)
        prompt = self._prompts().get(choosing.PROMPT)
        if not (self.on and prompt and lessons):
            return None
        answer = self._model.write(
            workspace_id,
            prompt,
            {"question": words[:QUESTION], "posts": choosing.laid_out(lessons)},
            choosing.CHOICE,
            self._seconds * choosing.SHARE,
            fault=lambda answer: choosing.fault(answer, lessons),
        )
        return None if answer is None else choosing.read(answer, lessons)

    def tip(self, workspace_id: str, words: str, posts: Sequence[str]) -> Written | None:
        """Two or three statements on a situation; None if the model has not two that stand.

        They come within what choosing left of the time.
        """
        entries = self._library.entries()
        if not (passages := passages_for(posts, entries)):
            return None
        values = {"question": words[:QUESTION], "passages": laid_out(passages)}
        share = 1 - choosing.SHARE if self.chooses else 1.0
        drafted = self.draft(workspace_id, "tip", STATEMENTS, share, **values)
        if drafted is None:
            return None
        from bot.writing.verification import verify  # late: only what a model wrote is verified

        verdicts = verify(statements_of(drafted.answer), passages)
        good = self.to_ask(verdicts)
        pairs = [(verdict.statement.text, quoted(verdict, passages)) for verdict in good]
        enough = len(good) >= LEAST  # else a judge's word changes nothing
        agreed = self.agreed(workspace_id, pairs, drafted.ends) if enough else []
        kept = standing(compress(good, agreed), entries)
        log.info("statements of the model", extra={"came": len(verdicts), "kept": len(kept)})
        if len(kept) < LEAST:
            return None
        return Written(kept[:MOST], drafted.prompt, tuple(passages))

    def draft(
        self,
        workspace_id: str,
        name: str,
        schema: Mapping[str, Any],
        share: float = 1.0,
        /,
        **values: str,
    ) -> Drafted | None:
        """What the prompt `name` brings, as `schema` has it: anybody's words, to be verified.

        `values` fill the prompt: only what all readers of the answer may see. An answer, and what
        a judge says of it, come within `share` of the time that is set for one.
        """
        prompt = self._prompts().get(name)
        if not (self.on and prompt):
            return None
        seconds = self._seconds * share
        ends = time.monotonic() + seconds
        answer = self._model.write(workspace_id, prompt, values, schema, seconds)
        return None if answer is None else Drafted(answer, f"{prompt.name} {prompt.version}", ends)

    def to_ask(self, verdicts: Iterable[Verdict]) -> list[Verdict]:
        """The verdicts to have `agreed`: what stands and, if there is a judge, what is in doubt."""
        judge = self._judges
        return [verdict for verdict in verdicts if not verdict.why or (judge and verdict.doubtful)]

    def agreed(
        self, workspace_id: str, pairs: Sequence[tuple[str, str]], ends: float
    ) -> list[bool]:
        """For each statement and what it rests on, whether the judge takes it to stand.

        Without a judge all do; with one that has no word by `ends`, or is no good, none does.
        """
        if not self._judges or not pairs:
            return [True] * len(pairs)
        from bot.writing._judge import JudgeSheet  # late: as verification

        sheet = JudgeSheet(pairs)
        if (left := ends - time.monotonic()) <= 0:
            return sheet.verdicts(None)
        prompt, values = self._prompts()[JUDGE], {"pairs": sheet.text}
        answer = self._model.write(workspace_id, prompt, values, VERDICTS, left, fault=sheet.fault)
        return sheet.verdicts(answer)
