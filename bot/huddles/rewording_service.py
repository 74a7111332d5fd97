"""Having a model put a card's items for its account, from what all its readers may see."""

from __future__ import annotations

import logging
from itertools import compress

from bot.errors import CoachError
from bot.huddles.card_service import CardService
from bot.huddles.table import Huddles
from bot.library.library import Library
from bot.model.prompts import Prompts
from bot.people.rep import Rep
from bot.storage.store import Store
from bot.writing.service import WritingService

log = logging.getLogger(__name__)


class RewordingService:
    """Wordings: asked of the model, and kept for the items that nobody has touched meanwhile."""

    def __init__(
        self,
        store: Store,
        library: Library,
        prompts: Prompts,
        cards: CardService,
        writing: WritingService,
    ) -> None:
        self._store, self._library, self._prompts = store, library, prompts
        self._cards = cards
        self._writing = writing

    def may_be_written(self, rep: Rep, call_id: int, anew: bool) -> bool:
        """Whether a model can be asked, and no item is worded yet, or they are wanted `anew`."""
        if not self._writing.on or "huddle" not in self._prompts():
            return False
        return anew or not self._cards.card(rep, call_id).sources

    def write(self, rep: Rep, call_id: int) -> bool:
        """Have items of a card worded; False if the card stays as it is. Raises nothing."""
        try:
            return self._write(rep, call_id)
        except CoachError as gone:  # the huddle was cancelled meanwhile, say
            log.info("wordings came to nothing", extra={"why": type(gone).__name__})
            return False
        except Exception:  # whatever it was, the play has words of its own
            log.exception("wordings were left out")
            return False

    def _write(self, rep: Rep, call_id: int) -> bool:
        card = self._cards.card(rep, call_id)
        from bot.huddles._rewording import (  # late: as in `CardService`
            SCHEMA,
            laid_out,
            offered,
            wordings_of,
        )

        items = offered(card.huddle.items, self._library.entries())
        if not items or not card.huddle.ts:
            return False
        workspace_id, seen = rep.workspace_id, card.seen
        drafted = self._writing.draft(
            workspace_id, "huddle", SCHEMA, card=seen, items=laid_out(items)
        )
        if drafted is None:
            return False
        worded = wordings_of(drafted.answer, items, seen)
        given = {item.id: f"{item.text}\n{source.quote}\n{seen}" for item, source in items.values()}
        pairs = [(text, given[id]) for id, text in worded.items()]
        agreed = self._writing.agreed(workspace_id, pairs, drafted.ends)
        kept = dict(compress(worded.items(), agreed))
        log.info("wordings of the model", extra={"kept": len(kept)})
        if not kept or self._cards.card(rep, call_id).seen != seen:  # then it is asked anew
            return False
        asked = [item for item, _ in items.values()]
        return self._store.write(
            lambda db: Huddles(db).set_wordings(
                Huddles(db).open(rep, call_id).call, asked, kept, drafted.prompt
            )
        )
