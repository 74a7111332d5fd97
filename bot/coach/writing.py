"""Answers that a model writes and the posts decide: what does not stand on its quote is dropped."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.coach.house import House
from bot.library import Entry
from bot.passages import laid_out, passages_for, standing
from bot.search import Hit
from bot.written import LEAST, MOST, QUESTION, STATEMENTS, VERDICTS, Written, statements_of

if TYPE_CHECKING:
    from bot.verify import Verdict

log = logging.getLogger(__name__)


class WritingDesk:
    """Writes from passages of the library, and from nothing that its reader may not see."""

    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def on(self) -> bool:
        """Whether there is a model to write."""
        return self._house.writer.on

    def tip(self, workspace_id: str, words: str, hits: Sequence[Hit]) -> Written | None:
        """Two to four statements on a situation; None if the model has not that many that stand."""
        entries = self._house.library.entries()
        passages = passages_for(hits, entries)
        return self.from_passages(workspace_id, "tip", passages, entries, question=words[:QUESTION])

    def from_passages(
        self,
        workspace_id: str,
        name: str,
        passages: Mapping[str, str],
        entries: Mapping[str, Entry],
        **values: str,
    ) -> Written | None:
        """What the prompt `name` brings that stands on `passages`, within the time of one answer.

        `values` are the prompt's other variables: only what all readers of the answer may see.
        """
        prompt = self._house.prompts.get(name)
        if not (self.on and prompt and passages):
            return None
        ends = time.monotonic() + self._house.settings.model_seconds
        values = {"passages": laid_out(passages)} | values
        answer = self._house.writer.write(workspace_id, prompt, values, STATEMENTS)
        if answer is None:
            return None
        from bot.verify import verify  # late: only what a model wrote is verified

        verdicts = verify(statements_of(answer), passages)
        kept = standing(self._judged(workspace_id, verdicts, passages, ends), entries)
        log.info("statements of the model", extra={"came": len(verdicts), "kept": len(kept)})
        if len(kept) < LEAST:
            return None
        return Written(kept[:MOST], f"{prompt.name} {prompt.version}", tuple(passages))

    def _judged(
        self,
        workspace_id: str,
        verdicts: Sequence[Verdict],
        passages: Mapping[str, str],
        ends: float,
    ) -> list[Verdict]:
        """With the judge on, the verdicts that it shares; without its word none stands."""
        good = [verdict for verdict in verdicts if not verdict.why]
        if not self._house.settings.model_judge or not good:
            return good
        prompt, left = self._house.prompts.get("judge"), ends - time.monotonic()
        if prompt is None or left <= 0:
            return []
        pairs = "\n\n".join(
            f"{n}. Statement: {v.statement.text}\nQuote: {passages[v.statement.post][v[2] : v[3]]}"
            for n, v in enumerate(good, 1)
        )
        answer = self._house.writer.write(workspace_id, prompt, {"pairs": pairs}, VERDICTS, left)
        said = (answer or {}).get("verdicts")
        if not isinstance(said, list) or len(said) != len(good):
            return []
        return [verdict for verdict, fine in zip(good, said, strict=True) if fine is True]
