"""What a model writes on a rep's debrief, for that rep alone."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from itertools import compress

from bot.debriefs.debrief import THEIR_STEP
from bot.debriefs.feedback import ADVICE, SCHEMA, Feedback, Looked, OwnWords, own_words, recalled
from bot.debriefs.form import Forms, typed_ids
from bot.debriefs.replies_table import Replies
from bot.debriefs.reply import answers
from bot.debriefs.table import Debriefs
from bot.library.entry import Entry
from bot.library.library import Library
from bot.model.prompts import Prompts
from bot.people.rep import Rep
from bot.search.ranking import Hit
from bot.search.ranking import sure as surely
from bot.storage.database import Database
from bot.storage.store import Store
from bot.tips.service import TipService
from bot.writing.passages import PASSAGES, laid_out, passages_for, quoted, standing
from bot.writing.service import Drafted, WritingService
from bot.writing.statement import LEAST, Written, statements_of

log = logging.getLogger(__name__)

SEARCHES = 3  # questions put to the library about one debrief


class FeedbackService:
    """Feedback: asked of the model, kept, and shown as long as it fits the debrief."""

    def __init__(
        self,
        store: Store,
        library: Library,
        forms: Forms,
        prompts: Prompts,
        tips: TipService,
        writing: WritingService,
    ) -> None:
        self._store, self._library, self._forms, self._prompts = store, library, forms, prompts
        self._tips = tips
        self._writing = writing

    def may_be_written(self, rep: Rep, call_id: int) -> bool:
        """Whether a model can be asked about the rep's debrief of a call, and was not yet."""
        if not self._writing.on or "debrief" not in self._prompts():
            return False
        own = self._own(self._store.read, rep, call_id)
        return own is not None and bool(own.typed) and self.of(rep, call_id) is None

    def write(self, rep: Rep, call_id: int) -> bool:
        """Have feedback written and keep it; False if nothing came of it. Raises nothing."""
        try:
            return self._write(rep, call_id)
        except Exception:  # whatever it was, the debrief stands without it
            log.exception("feedback was left out")
            return False

    def of(self, rep: Rep, call_id: int) -> Feedback | None:
        """The feedback on the rep's debrief; None if there is none, or if it does not fit it."""
        db = self._store.read
        looked = Debriefs(db).feedback(rep, call_id)
        own = self._own(db, rep, call_id) if looked else None
        if looked is None or own is None or own.state != looked.on:
            return None
        advice = self._tips.sourced(looked.advice)
        return Feedback(looked.record, advice) if advice else None

    def _write(self, rep: Rep, call_id: int) -> bool:
        own = self._own(self._store.read, rep, call_id)
        entries = self._library.entries()
        passages = passages_for(self._posts(rep, own), entries) if own else {}
        if own is None or not passages:
            return False
        values = {"answers": own.laid_out(), "passages": laid_out(passages)}
        drafted = self._writing.draft(rep.workspace_id, "debrief", SCHEMA, **values)
        looked = drafted and self._verified(rep, drafted, own, passages, entries)
        if not looked:
            return False

        def work(db: Database) -> bool:
            if self._own(db, rep, call_id) != own:  # it was changed meanwhile, or forgotten
                return False
            Debriefs(db).put_feedback(rep, call_id, looked)
            return True

        return self._store.write(work)

    def _verified(
        self,
        rep: Rep,
        drafted: Drafted,
        own: OwnWords,
        passages: Mapping[str, str],
        entries: Mapping[str, Entry],
    ) -> Looked | None:
        """What of an answer stands; None without advice, or if that is all and it is one line."""
        from bot.writing.verification import verify  # late: only what a model wrote is verified

        record = recalled(drafted.answer, own)
        verdicts = verify(statements_of(drafted.answer, "advice"), passages)
        good = self._writing.to_ask(verdicts)
        pairs = [(each.text, each.rests_on) for each in record]
        pairs += [(verdict.statement.text, quoted(verdict, passages)) for verdict in good]
        enough = good and len(pairs) >= LEAST  # else a judge's word changes nothing
        agreed = self._writing.agreed(rep.workspace_id, pairs, drafted.ends) if enough else []
        advice = standing(compress(good, agreed[len(record) :]), entries)[:ADVICE]
        record = list(compress(record, agreed))
        log.info("feedback of the model", extra={"record": len(record), "advice": len(advice)})
        if not advice or len(record) + len(advice) < LEAST:
            return None
        return Looked(tuple(record), Written(advice, drafted.prompt, tuple(passages)), own.state)

    def _posts(self, rep: Rep, own: OwnWords) -> list[str]:
        """Posts on what was forgotten, lost or surprising, and on the goal and what came of it."""
        told = [*own.situations, *(own.typed.get(id, "") for id in ("goal", "achieved"))]
        found: dict[str, Hit] = {}
        for words in [each for each in told if each][:SEARCHES]:
            for hit in self._tips.ranked(rep.workspace_id, words)[:PASSAGES]:
                if hit.post not in found or hit.score > found[hit.post].score:
                    found[hit.post] = hit
        best = sorted(found.values(), key=lambda hit: hit.score, reverse=True)
        return [hit.post for hit in surely(best)]

    def _own(self, db: Database, rep: Rep, call_id: int) -> OwnWords | None:
        """What the rep typed, as it stands; None without a debrief."""
        if (debrief := Debriefs(db).get(rep, call_id)) is None:
            return None
        said = answers(Replies(db).of_call(rep, call_id))
        return own_words(debrief, said, typed_ids(self._forms()) | {THEIR_STEP.id})
