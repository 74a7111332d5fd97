"""The one service: a short method for each thing that a rep can do, grouped by what it is about."""

from __future__ import annotations

from bot.coach.asking import AskingDesk
from bot.coach.cards import CardDesk
from bot.coach.daily import DailyDesk
from bot.coach.debriefs import DebriefDesk
from bot.coach.feedback import FeedbackDesk
from bot.coach.house import House
from bot.coach.huddles import HuddleDesk
from bot.coach.nudges import NudgeDesk
from bot.coach.people import PeopleDesk
from bot.coach.questions import QuestionDesk
from bot.coach.records import RecordsDesk
from bot.coach.replies import ReplyDesk
from bot.coach.tips import TipDesk
from bot.coach.wordings import WordingDesk
from bot.coach.writing import WritingDesk


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
