"""Opens everything once and hands each service what it needs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Self

from bot.audit.service import AuditService
from bot.calendars import service as calendar_service
from bot.calendars.away import back_at
from bot.calendars.looking import Looks
from bot.calendars.offered import MEETING_OFFER
from bot.calendars.sealing import Seals
from bot.calendars.service import CalendarService
from bot.calendars.telling import FAILING, FOUND, CalendarKind
from bot.clock.now import Clock
from bot.daily_tips.service import DailyTipKind, DailyTipService
from bot.daily_tips.setting import DAILY_TIP
from bot.debriefs import follow_up_service, handed_on
from bot.debriefs.answers_in_words import AnswersInWords
from bot.debriefs.feedback_service import FeedbackService
from bot.debriefs.follow_up import DEBRIEF, NEXT_STEP
from bot.debriefs.follow_up_service import DebriefQuestion, FollowUpService, NextStep
from bot.debriefs.form import DebriefForm, load_debrief_forms
from bot.debriefs.handed_on import Webhook
from bot.debriefs.service import DebriefService
from bot.fetching.fetcher import Fetcher
from bot.huddles import announcement, handover
from bot.huddles.announcement_service import AnnouncementService
from bot.huddles.before_call import BEFORE_CALL, BeforeCall, BeforeCallService
from bot.huddles.card_message import CARD, CardMessage
from bot.huddles.card_service import CardService
from bot.huddles.handover import HandoverService
from bot.huddles.play import Play, load_plays
from bot.huddles.rewording_service import RewordingService
from bot.huddles.service import HuddleService
from bot.huddles.start_service import StartService
from bot.imports.feed_service import FeedService
from bot.imports.service import ImportService, OfferKind
from bot.imports.telling import OFFER
from bot.inbox.service import InboxService
from bot.library.library import Library
from bot.meetings import following
from bot.meetings.following import Following
from bot.meetings.kinds import MeetingMoved, MeetingOff, MeetingOffer, MeetingShared
from bot.meetings.offer import MEETING_MOVED, MEETING_OFF, MEETING_SHARED
from bot.meetings.service import MeetingService
from bot.meetings.sharing_service import SharingService
from bot.model.endpoint import Endpoint
from bot.model.local_embedding import LocalEmbedding
from bot.model.prompts import Prompt, load_prompts
from bot.outbox.kind import Kind
from bot.outbox.service import OutboxService
from bot.outbox.table import Outbox
from bot.people.service import PeopleService
from bot.people.workspaces import WorkspaceService
from bot.questions.question import ANSWER
from bot.questions.service import AnswerKind, QuestionService
from bot.records.erasing import EraseService
from bot.records.retention import RetentionService
from bot.records.service import RecordService
from bot.search.indexing import Indexing
from bot.search.meaning import EmbeddingEndpoint, Meaning
from bot.settings import Settings
from bot.storage.store import Store
from bot.tips.learning import LearningService
from bot.tips.service import TipService
from bot.writing.service import WritingService

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[1]

# Every kind of message that is said once, and whether it is still wanted; how each is drawn stands
# in the feature's own `KINDS` in handlers/.
KINDS: Mapping[str, Kind] = {
    DEBRIEF: DebriefQuestion(),
    NEXT_STEP: NextStep(),
    DAILY_TIP: DailyTipKind(),
    ANSWER: AnswerKind(),
    CARD: CardMessage(),
    OFFER: OfferKind(),
    FOUND: CalendarKind(),
    FAILING: CalendarKind(),
    MEETING_OFFER: MeetingOffer(),
    MEETING_OFF: MeetingOff(),
    MEETING_MOVED: MeetingMoved(),
    MEETING_SHARED: MeetingShared(),
    BEFORE_CALL: BeforeCall(),
    **announcement.KINDS,
    **handed_on.KINDS,
}


@dataclass(frozen=True)
class EditableFiles:
    """The files that a manager may edit. `faults` name plays and prompts that are wrong."""

    forms: Mapping[str, DebriefForm]
    plays: Mapping[str, Play]
    prompts: Mapping[str, Prompt]
    faults: tuple[str, ...]


def read_files(folder: Path = ROOT / "prompts") -> EditableFiles:
    forms, faults = load_debrief_forms(folder / "debriefs")
    plays, faulty_plays = load_plays(folder / "plays")
    prompts, faulty_prompts = load_prompts(folder)
    for fault in (*faults, *faulty_plays, *faulty_prompts):
        log.warning(fault)
    return EditableFiles(forms, plays, prompts, (*faulty_plays, *faulty_prompts))


class Coach:
    """What handlers call: each service is one group of things that a rep can do."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        cards: Path = ROOT / "posts",
        words: Path | None = None,
        read: Callable[[], EditableFiles] = read_files,
    ) -> None:
        """Open the database of `settings` and the library, and bring its index up to date.

        `words` is the folder of synonyms and of topics outside, by default beside the cards.

        Raises `CoachError` where the database can't be opened.
        """
        self.settings, self.clock, self._read = settings, clock, read
        self.store = store = Store(settings.db)
        self.library = library = Library(store, cards)
        self.indexing = Indexing(store, library, words or cards.parent / "prompts")
        self.indexing.update()
        self.model = Endpoint(settings, store, clock)
        local = (
            LocalEmbedding()
            if settings.embeds_here
            else EmbeddingEndpoint(settings.embed_model, self.model)
        )
        self.meaning = Meaning(settings, store, library, self.indexing, local)
        self._serve(timedelta(minutes=settings.nudge_after_minutes))

    def _serve(self, after: timedelta) -> None:
        """Each service with what it works with, the lower floors first."""
        settings, store, clock, library = self.settings, self.store, self.clock, self.library
        forms, plays, prompts = lambda: self.forms, lambda: self.plays, lambda: self.prompts
        self.people = people = PeopleService(store, clock, settings.managers)
        people.on_new_zone(follow_up_service.moved)
        self.audit = AuditService(store, clock)
        self.workspaces = WorkspaceService(store, clock)
        self.inbox = InboxService(store, clock, people)
        self.writing = writing = WritingService(
            self.model, library, prompts, settings.model_seconds, settings.model_judge
        )
        self.learning = LearningService(store, library, self.indexing, self.meaning, people)
        self.tips = tips = TipService(store, clock, library, self.meaning, people, writing)
        self.questions = QuestionService(store, clock, tips)
        self.asking = StartService(store, clock, library, plays, after)
        self.follow_ups = FollowUpService(store, clock)
        self.huddles = HuddleService(store, clock, library, people, plays, self.follow_ups, after)
        self.handover = HandoverService(store, clock, after)
        people.on_left(handover.owner_left, handover.owner_is_back)
        self.announcements = AnnouncementService(store, clock)
        self.before_calls = BeforeCallService(store, clock)
        self.cards = CardService(store, clock, library, plays)
        self.wordings = RewordingService(store, library, prompts, self.cards, writing)
        self.outbox = OutboxService(store, clock, KINDS, after, self.workspaces, back_at)
        people.on_other_absence(lambda db, rep: Outbox(db).recheck(rep))
        self.daily = DailyTipService(store, clock, library, people)
        self.feedback = FeedbackService(store, library, forms, prompts, tips, writing)
        web = Fetcher(inside=settings.fetch_inside)
        self.webhook = Webhook(web, clock, settings.webhook_url, settings.webhook_secret)
        self.debriefs = DebriefService(
            store, clock, library, forms, tips, self.feedback, self.webhook
        )
        self.replies = AnswersInWords(store, clock)
        self.records = RecordService(store, clock)
        self.retention = RetentionService(store, clock, people, settings.keep_days)
        held = self.retention.on_hold
        self.erasing = EraseService(store, clock, timedelta(days=settings.erase_days), held)
        self.imports = ImportService(store, clock, library, self.indexing)
        seals = Seals(settings.secret_keys)
        self.calendars = CalendarService(store, clock, web, seals)
        self.looks = Looks(store, clock, people, web, seals, settings.own_domains)
        people.on_new_zone(calendar_service.zone_changed)
        self.meetings = MeetingService(
            store, clock, self.asking, self.huddles, settings.own_domains
        )
        self.sharing = SharingService(store, self.huddles)
        self.looks.on_news(Following(after).news)
        self.calendars.on_change(following.plan_offers)
        self.asking.on_started(following.started)
        self.feeds = FeedService(store, clock, library, people, web, settings.managers)

    def now(self) -> datetime:
        """Aware, UTC."""
        return self.clock.now()

    @property
    def commands(self) -> Mapping[str, str]:
        """What each slash command is called in this workspace."""
        return self.settings.commands

    @cached_property
    def files(self) -> EditableFiles:
        """Plays, debrief forms and prompts: read at first use, and right after the door opens."""
        return self._read()

    @property
    def forms(self) -> Mapping[str, DebriefForm]:
        return self.files.forms

    @property
    def plays(self) -> Mapping[str, Play]:
        return self.files.plays

    @property
    def prompts(self) -> Mapping[str, Prompt]:
        return self.files.prompts

    def close(self) -> None:
        self.looks.stop()
        self.meaning.close()
        self.model.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *what: object) -> None:
        self.close()
