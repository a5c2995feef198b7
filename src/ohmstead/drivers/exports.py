"""The writes of account exports: asked for, made by a job, fetched by their driver alone, forgotten."""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.drivers.models import AccountExport, Driver, ExportState

FETCHED_WITHIN: Final = timedelta(days=7)
_STUCK: Final = timedelta(hours=1)


@transaction.atomic
def ask_export(driver: Driver, *, by: Actor) -> AccountExport:
    """One at a time; asking again while one is made is the same one."""
    try:
        with transaction.atomic():
            made = AccountExport.objects.create(driver=driver)
    except IntegrityError:
        return AccountExport.objects.get(driver=driver, state=ExportState.WAITING)
    app.configure_task("web.make_export").defer(export_id=str(made.pk))
    record(by, "driver.export_asked", driver)
    return made


def note_progress(export: AccountExport, done_percent: int) -> None:
    AccountExport.objects.filter(pk=export.pk, state=ExportState.WAITING).update(done_percent=done_percent)


@transaction.atomic
def finish(export: AccountExport, content: bytes, now: datetime) -> None:
    AccountExport.objects.filter(pk=export.pk, state=ExportState.WAITING).update(
        state=ExportState.READY,
        done_percent=100,
        content=content,
        size=len(content),
        ready_at=now,
        expires_at=now + FETCHED_WITHIN,
    )


@transaction.atomic
def note_fetched(export: AccountExport, *, by: Actor) -> None:
    record(by, "driver.export_fetched", export.driver)


def forget_old(now: datetime) -> None:
    """Files whose time is over go; an export whose job went down may be asked for again."""
    AccountExport.objects.filter(expires_at__lte=now, state=ExportState.READY).update(
        state=ExportState.EXPIRED, content=None
    )
    AccountExport.objects.filter(state=ExportState.WAITING, asked_at__lt=now - _STUCK).update(state=ExportState.FAILED)
