"""Secrets that must be read again are kept sealed: the database alone tells nothing."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken


class BrokenSeal(ValueError):
    """Sealed with another key; the deployment's secret was changed."""


class Seal:
    """`purpose` keeps what one part of the system sealed from being opened by another."""

    def __init__(self, secret_key: str, purpose: str) -> None:
        digest = hashlib.sha256(f"{purpose}\n{secret_key}".encode()).digest()
        self._box = Fernet(base64.urlsafe_b64encode(digest))

    def close(self, content: bytes) -> bytes:
        return self._box.encrypt(content)

    def open(self, sealed: bytes | memoryview) -> bytes:
        try:
            return self._box.decrypt(bytes(sealed))
        except InvalidToken:
            raise BrokenSeal("It was sealed with another secret key.") from None
