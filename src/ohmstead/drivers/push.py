"""Web push: encrypted for one browser (RFC 8291), signed as ours (VAPID), sent by the guarded client."""

import base64
import time
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from ohmstead.drivers.errors import PushRefused
from ohmstead.drivers.models import PushKey, PushSubscription
from ohmstead.kit.http import GuardedClient, Response
from ohmstead.kit.seal import Seal

KEPT_BY_SERVICE_S: Final = 3600  # a notice that could not be shown within an hour is no news any more
_TIMEOUT_S: Final = 10.0
_TOKEN_S: Final = 12 * 3600


def public_key() -> str:
    """As browsers take it; made the first time anybody asks, and the same for all processes from then on."""
    return _key().public_key


def send(subscription: PushSubscription, content: bytes, *, topic: str) -> Response:
    """`topic` replaces a repetition that still waits. Raises OutgoingRefused, OutgoingFailed."""
    from pywebpush import WebPusher

    info = {"endpoint": subscription.endpoint, "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth}}
    encoded = WebPusher(info).encode(content, content_encoding="aes128gcm")
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(KEPT_BY_SERVICE_S),
        "Urgency": "normal",
        "Topic": topic,
        **_signed(subscription.endpoint),
    }
    client = GuardedClient(
        allow_private=settings.OHMSTEAD_ALLOW_PRIVATE_ADDRESSES,
        timeout_s=_TIMEOUT_S,
        total_s=_TIMEOUT_S,
        max_bytes=64_000,
    )
    return client.request("POST", subscription.endpoint, body=encoded["body"], headers=headers)


def checked_keys(p256dh: str, auth: str) -> None:
    """Raises PushRefused for what no browser gives."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(p256dh))
        fits = len(_decoded(auth)) == 16
    except ValueError:
        fits = False
    if not fits or len(p256dh) > 200 or len(auth) > 60:
        raise PushRefused("The keys of the subscription are not valid.")


def _signed(endpoint: str) -> dict[str, str]:
    from py_vapid import Vapid02

    parts = urlsplit(endpoint)
    signer = Vapid02(private_key=_private(_key()))
    claims = {"sub": _contact(), "aud": f"{parts.scheme}://{parts.netloc}", "exp": int(time.time()) + _TOKEN_S}
    found: dict[str, str] = signer.sign(claims)
    return found


def _contact() -> str:
    return f"mailto:{settings.DEFAULT_FROM_EMAIL.rpartition('<')[2].rstrip('>')}"


def _key() -> PushKey:
    found = PushKey.objects.first()
    if found is not None:
        return found
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    raw = private.private_numbers().private_value.to_bytes(32)
    row = PushKey(private_key=_seal().close(raw), public_key=base64.urlsafe_b64encode(point).decode().rstrip("="))
    PushKey.objects.bulk_create([row], ignore_conflicts=True)  # another process may have made it meanwhile
    return PushKey.objects.get()


def _private(row: PushKey) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(_seal().open(row.private_key)), ec.SECP256R1())


def _seal() -> Seal:
    return Seal(settings.SECRET_KEY, "ohmstead.drivers.push")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
