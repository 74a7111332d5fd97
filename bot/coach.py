"""The one service: a short method for each thing that a rep can do, grouped by what it is about."""

from __future__ import annotations

from bot.daily_tips.service import DailyDesk
from bot.debriefs.answers_in_words import ReplyDesk
from bot.debriefs.feedback_service import FeedbackDesk
from bot.debriefs.service import DebriefDesk
from bot.house import House
from bot.huddles.card_service import CardDesk
from bot.huddles.rewording_service import WordingDesk
from bot.huddles.service import HuddleDesk
from bot.huddles.start_service import AskingDesk
from bot.nudges.service import NudgeDesk
from bot.people.service import PeopleDesk
from bot.questions.service import QuestionDesk
from bot.records.service import RecordsDesk
from bot.tips.service import TipDesk
from bot.writing.service import WritingDesk


class Coach:
    """What handlers call. Each desk is one group of things to do."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.people = PeopleDesk(house)
        self.writing = WritingDesk(house)
        self.tips = TipDesk(house, self.writing)
        self.questions = QuestionDesk(house, self.tips)
        self.asking = AskingDesk(house)
        self.huddles = HuddleDesk(house)
        self.cards = CardDesk(house)
        self.wordings = WordingDesk(house, self.cards, self.writing)
        self.nudges = NudgeDesk(house)
        self.daily = DailyDesk(house)
        self.feedback = FeedbackDesk(house, self.tips, self.writing)
        self.debriefs = DebriefDesk(house, self.tips, self.feedback)
        self.replies = ReplyDesk(house)
        self.records = RecordsDesk(house)
