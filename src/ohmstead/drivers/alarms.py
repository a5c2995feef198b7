"""What an operator does about an alarm."""

from django.db import transaction
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.drivers.models import Alarm


@transaction.atomic
def settle_alarm(alarm: Alarm, *, by: Actor, note: str = "") -> None:
    """Looked at and dealt with; if it happens again there is a new one."""
    if alarm.settled_at is not None:
        return
    alarm.settled_at = timezone.now()
    alarm.save(update_fields=["settled_at"])
    record(by, "token.alarm_settled", alarm, note=note)
