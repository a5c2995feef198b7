"""Versions of things: `ETag: "whole-settable"`.

The first part changes with anything that is shown, so it serves If-None-Match. The second changes only with what
can be set, so a write with If-Match is not refused because a meter moved on.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from ohmstead.web.api.problems import Refused


def tagged(request: HttpRequest, answer: HttpResponse, settable: frozenset[str]) -> HttpResponse:
    """With its version; empty when the caller has that one already."""
    if answer.streaming or answer.status_code != 200:
        return answer
    tag = _tag(answer.content, settable)
    wanted = request.headers.get("If-None-Match", "")
    if tag in _tags(wanted) or wanted.strip() == "*":
        answer = HttpResponse(status=304)
        del answer.headers["Content-Type"]
    answer.headers["ETag"] = tag
    return answer


def _tag(content: bytes, settable: frozenset[str]) -> str:
    whole = hashlib.sha256(content).hexdigest()[:16]
    try:
        shown: Any = json.loads(content) if settable else None
    except ValueError:
        shown = None
    if not isinstance(shown, dict):
        return f'"{whole}"'
    part = {name: value for name, value in shown.items() if name in settable or f"{name}_id" in settable}
    return f'"{whole}-{hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:16]}"'


def _tags(header: str) -> list[str]:
    return [each.strip().removeprefix("W/") for each in header.split(",")]


def _settable_part(tag: str) -> str:
    return tag.strip('"').rsplit("-", 1)[-1]


@contextmanager
def unchanged(request: HttpRequest, read: Callable[[], HttpResponse], settable: frozenset[str]) -> Iterator[None]:
    """The thing is the version that If-Match names, and no other write with If-Match comes in between."""
    wanted = request.headers.get("If-Match")
    if wanted is None:
        yield
        return
    key = int.from_bytes(hashlib.sha256(request.path.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        try:
            _compare(wanted, read(), settable)
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _compare(wanted: str, now: HttpResponse, settable: frozenset[str]) -> None:
    if now.status_code != 200 or wanted.strip() == "*":
        return  # the write itself will say what is wrong
    current = _settable_part(_tag(now.content, settable))
    if current not in [_settable_part(tag) for tag in _tags(wanted)]:
        raise Refused("changed-meanwhile", "It was changed since you read it. Read it again, then decide.")
