"""Names a value by a digest that says nothing of it: to tell whether it is still the same one.

scrypt (RFC 7914) with a salt of its own for each digest, because what is waived may be a password: guessing
costs 16 MiB and tens of milliseconds a try, and two digests of one value have nothing in common.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

LOG_COST = 14
BLOCK = 8
LENGTH = 24
SALT_BYTES = 16
"""Bytes of salt that `digest` takes."""


def digest(value: Any, salt: bytes) -> str:
    """Return `scrypt:<salt>:<hash>` of JSON data; the salt must be random."""
    return f"scrypt:{_text(salt)}:{_text(_hash(value, salt))}"


def same(value: Any, known: str) -> bool:
    """Tell whether `known` is the digest of this value."""
    _, salt, wanted = known.split(":")
    return hmac.compare_digest(_text(_hash(value, urlsafe_b64decode(salt))), wanted)


def _hash(value: Any, salt: bytes) -> bytes:
    plain = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.scrypt(plain, salt=salt, n=1 << LOG_COST, r=BLOCK, p=1, maxmem=64 << 20, dklen=LENGTH)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode()
