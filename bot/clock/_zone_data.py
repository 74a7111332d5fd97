"""Which zone files count: the newer of the host's and of the pinned `tzdata` package."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import tzdata

_VERSION = re.compile(r"(?:#\s*version\s+)?(20[0-9]{2}[a-z]+)")
# Where distributions write the version: IANA's own file, and that of BSD and macOS.
_FILES = ("tzdata.zi", "+VERSION", "VERSION")


class ZoneData(NamedTuple):
    """IANA versions such as “2026b”; `host` is "" where there is none or it can't be read."""

    used: str
    pinned: str
    host: str


def host_version(places: Iterable[str]) -> str:
    """The version of the first zone files in these folders, which is what `zoneinfo` reads."""
    for place in map(Path, places):
        if not (place / "Europe").is_dir():
            continue
        for name in _FILES:
            try:
                with (place / name).open(encoding="utf-8", errors="replace") as file:
                    found = _VERSION.match(file.readline())
            except OSError:
                continue
            if found:
                return found[1]
        return ""
    return ""


def choose(host: str, pinned: str) -> str:
    """The newer one; the pinned one where the host's is not known."""
    return host if (len(host), host) > (len(pinned), pinned) else pinned


def use_the_newer(places: Iterable[str] | None = None) -> ZoneData:
    """Let `zoneinfo` read the newer zone files from now on.

    It prefers the host's, however old they are. On a host with last year's files each time of day
    in Vancouver or Casablanca would be an hour off.
    """
    pinned = tzdata.IANA_VERSION
    host = host_version(_HOST if places is None else places)
    used = choose(host, pinned)
    zoneinfo.reset_tzpath(to=_HOST if used == host and host != pinned else ())
    zoneinfo.ZoneInfo.clear_cache()
    return ZoneData(used, pinned, host)


_HOST = tuple(zoneinfo.TZPATH)
