"""What can go wrong, in words that a person can read."""

NO_FOLDER = "The folder {folder} does not exist. Make it first, or set COACH_DB to another place."


# With what a process ends that can't go on, for whoever supervises it (sysexits.h).
DATA_WRONG = 65  # the file is damaged, or not of this version
UNAVAILABLE = 69  # Slack or a port can't be had
NO_PLACE = 73  # the folder is missing, or can't be written
DISK_TROUBLE = 74
BUSY = 75  # somebody else has the file; it may pass
NOT_ALLOWED = 77  # a token is refused, or the file can only be read
SETTINGS_WRONG = 78


class CoachError(Exception):
    """An error whose message is written for whoever sees it; it is shown as it stands."""

    status = 1  # of the process that it ends


class WrongField(CoachError):
    """What was filled into a form can't be kept as it is; `field` says where."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class NotYet(Exception):
    """An event can't be understood before something else is known; it is to be tried again."""
