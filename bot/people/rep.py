"""A rep: someone the coach talks to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Rep(NamedTuple):
    """Who asks. The workspace travels inside the rep, so that no query can forget it."""

    workspace_id: str
    user_id: str


@dataclass(frozen=True)
class Profile:
    """What Slack tells of a rep: the name people call them, an IANA zone, and the locale in which
    they use Slack ("de-DE"); "" where it did not say."""

    name: str
    zone: str
    locale: str = ""
