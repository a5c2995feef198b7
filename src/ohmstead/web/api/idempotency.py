"""A write that is sent twice with the same Idempotency-Key happens once; the second gets the first one's answer.

Answers may hold a secret that is told once, so they are kept encrypted.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ohmstead.kit.seal import BrokenSeal, Seal
from ohmstead.web.api.problems import Refused
from ohmstead.web.models import KeptAnswer
from ohmstead.web.scope import Viewer

KEPT_FOR: Final = timedelta(hours=24)
KEY_LENGTH: Final = 200
_KEPT_HEADERS: Final = ("Content-Type", "Location", "ETag", "Content-Disposition")
_NOT_KEPT: Final = frozenset({401, 403, 429})  # nothing was tried; the same key may come again


def once(request: HttpRequest, viewer: Viewer, answer: Callable[[], HttpResponse]) -> HttpResponse:
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method in ("GET", "HEAD"):
        return answer()
    if not 0 < len(key) <= KEY_LENGTH or not key.isprintable():
        raise Refused("invalid", f"An Idempotency-Key has 1 to {KEY_LENGTH} printable characters.")
    claim = _claim(viewer, key, _fingerprint(request))
    if isinstance(claim, HttpResponse):
        return claim
    try:
        given = answer()
    except BaseException:
        claim.delete()
        raise
    _keep(claim, given)
    return given


def _fingerprint(request: HttpRequest) -> str:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    digest.update(request.headers.get("Content-Type", "").split(";")[0].encode())
    digest.update(request.body)
    return digest.hexdigest()


def _claim(viewer: Viewer, key: str, fingerprint: str) -> KeptAnswer | HttpResponse:
    """Ours to work on, or what became of it."""
    now = timezone.now()
    mine = {"organisation": viewer.organisation, "asker_id": viewer.asker_id, "key": key}
    KeptAnswer.objects.filter(**mine, asked_at__lt=now - KEPT_FOR).delete()
    made = KeptAnswer(**mine, fingerprint=fingerprint, asked_at=now)
    if KeptAnswer.objects.bulk_create([made], ignore_conflicts=True) and _is_mine(made):
        return made
    first = KeptAnswer.objects.filter(**mine).first()
    if first is None:
        raise Refused("idempotency-key-in-use", "The first request has just ended. Try again.", headers=_SOON)
    if first.fingerprint != fingerprint:
        raise Refused("idempotency-key-reused", "This Idempotency-Key came with another request before.")
    return _again(first)


_SOON: Final = {"Retry-After": "1"}


def _is_mine(made: KeptAnswer) -> bool:
    return KeptAnswer.objects.filter(pk=made.pk).exists()


def _again(first: KeptAnswer) -> HttpResponse:
    if first.status is None:
        raise Refused(
            "idempotency-key-in-use",
            "The first request with this key has not ended. If it never does, look for its effect before a new key.",
            headers=_SOON,
        )
    try:
        body = _seal().open(first.body)
    except BrokenSeal:
        raise Refused("conflict", "This was done before; its answer can no longer be read.") from None
    answer = HttpResponse(body, status=first.status)
    del answer.headers["Content-Type"]
    for name, value in json.loads(first.headers).items():
        answer.headers[name] = value
    answer.headers["Idempotent-Replay"] = "true"
    return answer


def _keep(claim: KeptAnswer, given: HttpResponse) -> None:
    if given.status_code in _NOT_KEPT or given.status_code >= 500 or given.streaming:
        claim.delete()
        return
    headers = {name: given.headers[name] for name in _KEPT_HEADERS if name in given.headers}
    claim.status, claim.headers = given.status_code, json.dumps(headers)
    claim.body = _seal().close(given.content)
    claim.save(update_fields=["status", "headers", "body"])


def _seal() -> Seal:
    return Seal(settings.SECRET_KEY, "ohmstead.web.api.answers")


def forget_old(now: datetime) -> None:
    KeptAnswer.objects.filter(asked_at__lt=now - KEPT_FOR).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM web_api_rate WHERE minute < %s", [int(now.timestamp()) // 60 - 60])
