"""Partitions of the readings: months ahead, and none older than is kept."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db import connection, transaction

from ohmstead.charging.models import Mark, StrayStop
from ohmstead.charging.staging import rows

MONTHS_AHEAD: Final = 2
_LOCK: Final = 0x6F686D02  # one process at a time


def ensure_partitions(around: datetime) -> None:
    """A partition for the month before `around` and for those up to MONTHS_AHEAD after it."""
    month = _first_of_month(around.astimezone(UTC).date())
    wanted = [_first_of_month(month - timedelta(days=1))]
    for _ in range(MONTHS_AHEAD + 1):
        wanted.append(month)
        month = _next_month(month)
    missing = [month for month in wanted if _name(month) not in _existing()]
    for month in missing:
        _create(month)


@transaction.atomic
def _create(month: date) -> None:
    """Readings of that month that lie in the default partition move into the new one."""
    name, until = _name(month), _next_month(month)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if name in _existing():
            return
        cursor.execute(f"CREATE TABLE {name} (LIKE charging_reading INCLUDING ALL)")
        cursor.execute(
            f"""WITH moved AS (DELETE FROM charging_reading_default WHERE at >= %s AND at < %s RETURNING *)
                INSERT INTO {name} SELECT * FROM moved""",
            [_midnight(month), _midnight(until)],
        )
        cursor.execute(
            f"ALTER TABLE charging_reading ATTACH PARTITION {name} "
            f"FOR VALUES FROM ('{month} 00:00:00Z') TO ('{until} 00:00:00Z')"
        )


def forget_before(moment: datetime) -> list[str]:
    """Drop whole months that ended before `moment`, and what else is older; the names of the dropped partitions."""
    kept_from = _name(_first_of_month(moment.astimezone(UTC).date()))
    dropped = sorted(name for name in _existing() if name != "charging_reading_default" and name < kept_from)
    with connection.cursor() as cursor:
        for name in dropped:
            cursor.execute(f"DROP TABLE {name}")
        cursor.execute("DELETE FROM charging_reading_default WHERE at < %s", [moment])
    Mark.objects.filter(at__lt=moment).delete()
    StrayStop.objects.filter(at__lt=moment).delete()
    return dropped


def _existing() -> set[str]:
    return {
        name
        for (name,) in rows(
            """SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
               WHERE i.inhparent = 'charging_reading'::regclass""",
            [],
        )
    }


def _name(month: date) -> str:
    return f"charging_reading_{month:%Y%m}"


def _first_of_month(day: date) -> date:
    return day.replace(day=1)


def _next_month(month: date) -> date:
    return _first_of_month(month + timedelta(days=32))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
