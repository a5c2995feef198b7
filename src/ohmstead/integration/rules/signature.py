"""Signatures as Standard Webhooks 1.0 asks: HMAC-SHA256 over "id.timestamp.body", one for each valid secret."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

MARK: Final = "whsec_"


def secret_of(random_bytes: bytes) -> str:
    return MARK + base64.b64encode(random_bytes).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(MARK))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(secrets: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, message_id, timestamp, body) for secret in secrets),
    }
