"""How often a caller may ask: counted per minute in one row each, shared by all web processes."""

import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpResponse

WINDOW_S: Final = 60


@dataclass(frozen=True, slots=True)
class Share:
    """What is left of this minute."""

    limit: int
    used: int
    reset_s: int

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit

    def put_on(self, answer: HttpResponse) -> None:
        answer.headers["RateLimit-Limit"] = str(self.limit)
        answer.headers["RateLimit-Remaining"] = str(max(0, self.limit - self.used))
        answer.headers["RateLimit-Reset"] = str(self.reset_s)
        if self.exceeded:
            answer.headers["Retry-After"] = str(self.reset_s)


def take(asker_id: UUID) -> Share:
    """Count one request. The table is not logged: losing it to a crash costs nobody anything."""
    now = int(time.time())
    window = now // WINDOW_S
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO web_api_rate AS r (asker_id, minute, count) VALUES (%s, %s, 1)
               ON CONFLICT (asker_id) DO UPDATE SET minute = excluded.minute,
                 count = CASE WHEN r.minute = excluded.minute THEN r.count + 1 ELSE 1 END
               RETURNING count""",
            [asker_id, window],
        )
        (used,) = cursor.fetchone() or (1,)
    return Share(settings.OHMSTEAD_API_REQUESTS_PER_MINUTE, used, (window + 1) * WINDOW_S - now)
