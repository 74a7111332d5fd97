"""Handing something on: JSON by POST, signed so that whoever gets it can tell where it came from.

As in Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks, spec): three headers,
HMAC-SHA256 over `id.timestamp.body`, base64, and the same id each time it is tried.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from binascii import Error

from bot.fetching.fetcher import Bounds, Fetcher, WebRequest

GONE = "410"  # whoever answers so wants no more of it (the same spec)
PREFIX = "whsec_"
KEY_BYTES = range(24, 65)  # the same spec: a symmetric secret has 24 to 64 bytes
BOUNDS = Bounds(bytes=64_000, seconds=15, redirects=0)  # of the answer, which nobody reads


def key_of(secret: str) -> bytes:
    """The bytes of a secret, `whsec_` and base64. Raises ValueError."""
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except Error as error:
        raise ValueError("not base64") from error
    if not secret.startswith(PREFIX) or len(key) not in KEY_BYTES:
        raise ValueError("not whsec_ and 24 to 64 bytes")
    return key


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 of what the secret makes of it; `timestamp` is in Unix seconds."""
    signed = f"{id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.new(key_of(secret), signed, hashlib.sha256).digest()).decode()


def hand_on(fetcher: Fetcher, url: str, secret: str, id: str, timestamp: int, body: bytes) -> None:
    """Post it. Raises NotFetched for anything but an answer of 2xx: nobody knows then whether it
    was taken, and whoever tries again says the same id."""
    headers = (
        ("Content-Type", "application/json"),
        ("webhook-id", id),
        ("webhook-timestamp", str(timestamp)),
        ("webhook-signature", signature(secret, id, timestamp, body)),
    )
    fetcher.send(url, WebRequest("POST", headers, body), BOUNDS)
