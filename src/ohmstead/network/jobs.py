"""Periodic upkeep of the network's tables; the worker's job runner calls it."""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from procrastinate.contrib.django import app

from ohmstead.access import live
from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.network import commands, device_model, dispatch, followups, presence, reading, refusals, timeline, uploads
from ohmstead.network.authority import RENEW_BEFORE
from ohmstead.network.certificates import SIGNING, TAKEN_OR_COMING
from ohmstead.network.models import Bulk, BulkState, Command, Station
from ohmstead.station.answers import Admission
from ohmstead.station.commands import TriggerMessage

COMMANDS_KEPT_FOR: Final = timedelta(days=180)
# The desks sweep every few seconds while they can hear the gateways; this is for when no desk runs at all.
LOST_WITHOUT_DESK_AFTER: Final = timedelta(minutes=5)
RENEWAL_ASKED_EVERY: Final = timedelta(days=1)
_RENEWALS: Final = Actor.job("certificate renewal")


@app.periodic(cron="*/5 * * * *")
@app.task(name="network.sweep_lost_gateways", queueing_lock="network.sweep_lost_gateways")
def sweep_lost_gateways(timestamp: int) -> None:
    presence.sweep(_moment(timestamp), LOST_WITHOUT_DESK_AFTER)


@app.periodic(cron="*/5 * * * *")
@app.task(name="network.give_up_silent_work", queueing_lock="network.give_up_silent_work")
def give_up_silent_work(timestamp: int) -> None:
    with transaction.atomic():
        for organisation_id, ids in dispatch.told_of(followups.give_up_silent(_moment(timestamp))).items():
            live.tell("commands", organisation_id, ids)


@app.periodic(cron="* * * * *")
@app.task(name="network.read_settings", queueing_lock="network.read_settings")
def read_settings(timestamp: int) -> None:
    reading.ask_due(_moment(timestamp))


@app.periodic(cron="17 * * * *")
@app.task(name="network.forget_old", queueing_lock="network.forget_old")
def forget_old(timestamp: int) -> None:
    now = _moment(timestamp)
    refusals.forget_old(now)
    timeline.forget_old(now)
    device_model.forget_old(now)
    uploads.forget_old(now)
    Command.objects.filter(~Q(state__in=commands.OPEN), asked_at__lt=now - COMMANDS_KEPT_FOR).delete()
    Bulk.objects.filter(~Q(state=BulkState.RUNNING), asked_at__lt=now - COMMANDS_KEPT_FOR).delete()


@app.periodic(cron="23 * * * *")
@app.task(name="network.renew_certificates", queueing_lock="network.renew_certificates")
def renew_certificates(timestamp: int) -> None:
    """Ask stations whose newest certificate ends within a month for a new signing request, once a day each.

    One that the station refused does not put it off.
    """
    now = _moment(timestamp)
    asked = Command.objects.filter(
        station=OuterRef("pk"),
        kind=TriggerMessage.__name__,
        command__message=SIGNING,
        asked_at__gt=now - RENEWAL_ASKED_EVERY,
    )
    lasting = Q(certificates__revoked_at=None)
    had = Q(certificates__used_at__isnull=False) | Q(certificates__delivery__state__in=TAKEN_OR_COMING)
    due = (
        Station.objects.filter(~Exists(asked), online=True, admission=Admission.ACCEPTED)
        .annotate(
            ends_at=Coalesce(
                Max("certificates__not_after", filter=lasting & had), Max("certificates__not_after", filter=lasting)
            )
        )
        .filter(ends_at__lt=now + RENEW_BEFORE)
        .order_by("pk")
    )
    for station in due:
        with transaction.atomic():
            commands.queue(station.pk, TriggerMessage(message=SIGNING), at=now, by=_RENEWALS)
            record(_RENEWALS, "certificate.renewal_asked", station)


def _moment(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
