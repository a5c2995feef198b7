"""Repeated wrong passwords close the door for a while: per account and place, and per place."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ohmstead.web.models import SignInFailures

WINDOW: Final = timedelta(minutes=15)
MOST_PER_ACCOUNT: Final = 5
MOST_PER_PLACE: Final = 50  # an office shares one address


def _keys(request: HttpRequest, email: str) -> Iterator[tuple[str, int]]:
    place = request.META.get("REMOTE_ADDR", "")
    for text, most in ((f"{email.strip().lower()}|{place}", MOST_PER_ACCOUNT), (place, MOST_PER_PLACE)):
        yield salted_hmac("ohmstead.web.lockout", text, algorithm="sha256").hexdigest(), most


def is_locked(request: HttpRequest, email: str) -> bool:
    since = timezone.now() - WINDOW
    too_many = Q()
    for key, most in _keys(request, email):
        too_many |= Q(key=key, count__gte=most)
    return SignInFailures.objects.filter(too_many, last_at__gte=since).exists()


def note_failure(request: HttpRequest, email: str) -> None:
    now = timezone.now()
    SignInFailures.objects.filter(last_at__lt=now - WINDOW).delete()
    for key, _ in _keys(request, email):
        _, created = SignInFailures.objects.get_or_create(key=key, defaults={"count": 1, "last_at": now})
        if not created:
            SignInFailures.objects.filter(key=key).update(count=F("count") + 1, last_at=now)


def note_success(request: HttpRequest, email: str) -> None:
    account, _ = next(_keys(request, email))
    SignInFailures.objects.filter(key=account).delete()
