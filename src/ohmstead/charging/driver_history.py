"""Totals of the sessions of one driver."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from ohmstead.charging.models import Session
from ohmstead.charging.rules.history import Month, without_gaps


def by_month(sessions: QuerySet[Session], zone: ZoneInfo) -> list[Month]:
    """Of any filter of sessions, by the month in which each began; one statement."""
    lasts = Coalesce(F("ended_at"), F("last_event_at")) - F("started_at")
    rows = (
        sessions.order_by()
        .annotate(month=TruncMonth("started_at", tzinfo=zone))
        .values("month")
        .annotate(number=Count("id"), energy=Sum("energy_wh"), lasted=Sum(lasts))
    )
    today = timezone.now().astimezone(zone).date()
    return without_gaps([_month(row, zone) for row in rows], today)


def this_month(sessions: QuerySet[Session], zone: ZoneInfo) -> Month:
    now = timezone.now().astimezone(zone)
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = by_month(sessions.filter(started_at__gte=first), zone)
    return months[-1] if months else Month(date(now.year, now.month, 1))


def _month(row: Mapping[str, Any], zone: ZoneInfo) -> Month:
    first = row["month"].astimezone(zone).date()
    lasted = row["lasted"]
    return Month(first, row["number"], row["energy"] or Decimal(0), int(lasted.total_seconds()) if lasted else 0)
