"""What can go wrong, in words that a person can read."""


class CoachError(Exception):
    """An error whose message is written for whoever sees it; it is shown as it stands."""
