"""What can go wrong, in words that a person can read."""

NO_FOLDER = "The folder {folder} does not exist. Make it first, or set COACH_DB to another place."


class CoachError(Exception):
    """An error whose message is written for whoever sees it; it is shown as it stands."""


class WrongField(CoachError):
    """What was filled into a form can't be kept as it is; `field` says where."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class NotYet(Exception):
    """An event can't be understood before something else is known; it is to be tried again."""
