"""Identifiers: time-ordered ones for what we create, derived ones for what the content already names."""

import os
import time
from hashlib import blake2b
from uuid import UUID


def uuid7(at_ms: int | None = None) -> UUID:
    """A time-ordered random id (RFC 9562, version 7); `at_ms` is Unix time in milliseconds, default now."""
    ms = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    bits = (ms & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10))
    return UUID(int=bits & ~(0xF000 << 64) & ~(0xC000 << 48) | 0x7000 << 64 | 0x8000 << 48)


def derived_id(*parts: object) -> UUID:
    """The same id for the same content from any process (RFC 9562, version 8).

    Parts are joined with a separator that cannot occur in an identifier, so ("a", "bc") differs from ("ab", "c").
    """
    digest = blake2b("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    bits = int.from_bytes(digest)
    return UUID(int=bits & ~(0xF000 << 64) & ~(0xC000 << 48) | 0x8000 << 64 | 0x8000 << 48)
