"""Writes of imports: uploaded first, looked at, then applied as a whole or not at all."""

from datetime import timedelta
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.network.errors import ImportHasFaults, ImportIsOver
from ohmstead.network.imports.applying import apply_sites, apply_stations
from ohmstead.network.imports.plans import plan_of
from ohmstead.network.models import ImportDraft, ImportKind
from ohmstead.network.rules.sheet import Plan
from ohmstead.network.text import plain

KEPT_FOR: Final = timedelta(days=7)


@transaction.atomic(durable=True)
def upload_import(
    organisation: Organisation, kind: ImportKind, content: bytes, *, by: Actor, file_name: str = ""
) -> ImportDraft:
    """Nothing is changed yet. Files that nobody applied for a week are forgotten on the way.

    Raises Unusable for a file that is no such table at all.
    """
    old = timezone.now() - KEPT_FOR
    ImportDraft.objects.filter(organisation=organisation, applied_at=None, uploaded_at__lt=old).delete()
    draft = ImportDraft(
        organisation=organisation,
        kind=kind,
        content=content,
        file_name=plain(file_name, 120) or f"{kind}.csv",
        uploaded_by_id=by.user_id,
    )
    plan_of(draft)
    draft.save(force_insert=True)
    return draft


@transaction.atomic(durable=True)
def apply_import(draft: ImportDraft, *, by: Actor) -> Plan:
    """All of it or nothing. What it does is worked out anew: somebody may have changed the network meanwhile.

    Raises ImportHasFaults, ImportIsOver.
    """
    with connection.cursor() as cursor:  # two imports of one organisation would each not see the other's rows
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('ohmstead.import'), hashtext(%s))", [str(draft.organisation_id)]
        )
    draft.refresh_from_db(from_queryset=ImportDraft.objects.select_for_update())
    if draft.applied_at is not None:
        raise ImportIsOver("This file was applied already.")
    plan = plan_of(draft)
    if plan.faults:
        raise ImportHasFaults("The file has faults, so nothing of it was applied.")
    apply = apply_sites if draft.kind == ImportKind.SITES else apply_stations
    apply(draft.organisation, plan.changes, by)
    draft.applied_at, draft.content = timezone.now(), b""
    draft.created, draft.changed, draft.unchanged = plan.created, plan.changed, plan.unchanged
    draft.save()
    record(by, "import.applied", draft, kind=draft.kind, created=plan.created, changed=plan.changed)
    return plan


@transaction.atomic(durable=True)
def discard_import(draft: ImportDraft, *, by: Actor) -> None:
    """Nothing came of it, so nothing is said of it."""
    ImportDraft.objects.filter(pk=draft.pk, applied_at=None).delete()
