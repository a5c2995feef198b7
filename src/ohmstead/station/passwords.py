"""Station passwords: random keys, so a fast keyed hash is enough and a reconnect storm stays cheap."""

import hmac
import secrets
from typing import Final

# OCPP 1.6 security whitepaper and 2.0.1 A00.FR.205: 16 to 40 characters.
_LENGTH: Final = 32
_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


def new_password() -> str:
    """Letters and digits only, without look-alikes: an installer may have to type it."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def password_hash(secret_key: str, password: str) -> str:
    """Hex of HMAC-SHA256; compare with hmac.compare_digest."""
    return hmac.digest(secret_key.encode(), password.encode("utf-8", "surrogatepass"), "sha256").hex()
