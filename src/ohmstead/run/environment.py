"""What a deployment says: one frozen value read from `OHMSTEAD_*` and `DATABASE_URL`."""

import os
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Environment:
    database_url: str
    nats_url: str
    secret_key: str  # also keys the hashes of station passwords
    allowed_hosts: tuple[str, ...]
    demo: bool

    def django_database(self) -> dict[str, Any]:
        """Django's DATABASES entry; host may be a socket folder given as ?host=."""
        url = urlsplit(self.database_url)
        query = dict(parse_qsl(url.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": query.pop("host", None) or url.hostname or "",
            "PORT": str(url.port or ""),
            "OPTIONS": query,
            "CONN_HEALTH_CHECKS": True,
            "CONN_MAX_AGE": None,
        }


@cache
def environment() -> Environment:
    return Environment(
        database_url=os.environ.get("DATABASE_URL", "postgresql:///ohmstead"),
        nats_url=os.environ.get("OHMSTEAD_NATS_URL", "nats://127.0.0.1:4222"),
        secret_key=os.environ.get("OHMSTEAD_SECRET_KEY", "only-for-local-trials"),
        allowed_hosts=tuple(os.environ.get("OHMSTEAD_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")),
        demo=os.environ.get("OHMSTEAD_DEMO", "") == "1",
    )
