"""Secrets as the file keeps them: sealed where there is a key for it, else as they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from bot.errors import CoachError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

SEALED = "sealed:"  # before what Fernet made of it; no address begins so
AGAIN = "I can't read the address of your calendar any more. Paste the address again."


class Unreadable(CoachError):
    """It was sealed with a key that is not there any more."""


class Seals:
    """Seals with the first of the `keys` and opens with each (Fernet, by cryptography): so a key is
    replaced by putting the new one before it. Without keys nothing is sealed."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)

    def seal(self, text: str) -> str:
        if not self._keys or text.startswith(SEALED):
            return text
        return SEALED + self._fernet.encrypt(text.encode()).decode()

    def open(self, kept: str) -> str:
        """What was sealed, or kept in clear. Raises `Unreadable`."""
        if not kept.startswith(SEALED):
            return kept
        if not self._keys:
            raise Unreadable(AGAIN)
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.decrypt(kept.removeprefix(SEALED)).decode()
        except InvalidToken as error:
            raise Unreadable(AGAIN) from error

    def is_current(self, kept: str) -> bool:
        """Whether nothing can be done about it: it is sealed with the first key, no key opens it,
        or there is none."""
        if not self._keys or not kept.startswith(SEALED):
            return not self._keys
        first = Seals(self._keys[:1])
        return first._open_or_not(kept) is not None or self._open_or_not(kept) is None

    def is_sealed(self, kept: str) -> bool:
        return kept.startswith(SEALED)

    def opens(self, kept: str) -> bool:
        return self._open_or_not(kept) is not None

    def sealed_anew(self, kept: str) -> str:
        """Sealed with the first key. Raises `Unreadable`."""
        return self.seal(self.open(kept))

    def opens_to(self, kept: str, text: str) -> bool:
        return self._open_or_not(kept) == text

    def _open_or_not(self, kept: str) -> str | None:
        try:
            return self.open(kept)
        except Unreadable:
            return None

    @cached_property
    def _fernet(self) -> MultiFernet:
        from cryptography.fernet import Fernet, MultiFernet  # late: 30 ms, and few need it

        return MultiFernet([Fernet(key) for key in self._keys])
