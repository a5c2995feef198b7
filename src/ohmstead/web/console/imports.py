"""Sites and stations as tables: uploaded, looked at, applied as a whole; and exported."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.network.errors import ImportHasFaults, ImportIsOver
from ohmstead.network.imports.actions import apply_import, discard_import, upload_import
from ohmstead.network.imports.export import sites_csv, stations_csv
from ohmstead.network.imports.plans import plan_of
from ohmstead.network.models import ImportDraft, ImportKind
from ohmstead.network.rules import site_sheet, station_sheet
from ohmstead.network.rules.opening import Hours
from ohmstead.network.rules.opening_text import week_text
from ohmstead.network.rules.problems import Problem, Unusable
from ohmstead.network.rules.sheet import BYTES_MAX, Change
from ohmstead.web.console.entries import in_words
from ohmstead.web.console.sites import found_sites
from ohmstead.web.console.stations import StationFilter, listed
from ohmstead.web.scope import ConsoleRequest, console_view

_SHOWN: Final = 200
_COLUMNS: Final = {ImportKind.SITES: site_sheet.COLUMNS, ImportKind.STATIONS: station_sheet.COLUMNS}


@console_view(Right.NETWORK)
def upload(request: ConsoleRequest, kind: str) -> HttpResponse:
    if kind not in ImportKind.values:
        raise Http404("There is no such table.")
    problem = ""
    if request.method == "POST":
        made = _uploaded(request, ImportKind(kind))
        if isinstance(made, ImportDraft):
            return HttpResponseRedirect(reverse("import-preview", args=[made.pk]))
        problem = made
    context = {"here": kind, "kind": kind, "columns": _COLUMNS[ImportKind(kind)], "problem": problem}
    return render(request, "console/import.html", context, status=422 if problem else 200)


def _uploaded(request: ConsoleRequest, kind: ImportKind) -> ImportDraft | str:
    """The draft, or why there is none."""
    file = request.FILES.get("table")
    if file is None:
        return _("Choose a file first.")
    if (file.size or 0) > BYTES_MAX:
        return in_words(Problem("The file is larger than %(most)d MB.", {"most": BYTES_MAX // 1_000_000}))
    viewer = request.viewer
    try:
        return upload_import(viewer.organisation, kind, file.read(), by=viewer.actor, file_name=file.name or "")
    except Unusable as unusable:
        return in_words(unusable.problem)


@console_view(Right.NETWORK)
def preview(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """Looking costs a plan; applying makes it anew and carries it out."""
    draft = _draft(request, draft_id)
    if request.method == "POST":
        try:
            apply_import(draft, by=request.viewer.actor)
        except (ImportHasFaults, ImportIsOver) as refused:
            messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("import-preview", args=[draft.pk]))
    context: dict[str, Any] = {"here": draft.kind, "draft": draft}
    if draft.applied_at is None:
        plan = plan_of(draft)
        context |= {
            "plan": plan,
            "faults": [(fault, in_words(fault.problem)) for fault in plan.faults[:_SHOWN]],
            "new": [(change, _where(change)) for change in plan.changes if change.before is None][:_SHOWN],
            "changed": [(c, _differences(c)) for c in plan.changes if c.before is not None][:_SHOWN],
            "shown_at_most": _SHOWN,
        }
    return render(request, "console/import_preview.html", context)


def _where(change: Change) -> str:
    return str(change.after.get("site") or change.after.get("city") or "–")


def _differences(change: Change) -> Iterator[tuple[str, str, str]]:
    """(column, before, after) as texts."""
    for name, value in change.after.items():
        if name in ("evses", "connectors"):
            yield name, "", ", ".join("/".join(map(str, key)) if isinstance(key, tuple) else str(key) for key in value)
        else:
            yield name, _text((change.before or {}).get(name)), _text(value)


def _text(value: object) -> str:
    return week_text(value) if isinstance(value, Hours) else "" if value is None else str(value)


@require_POST
@console_view(Right.NETWORK)
def discard(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    draft = _draft(request, draft_id)
    discard_import(draft, by=request.viewer.actor)
    messages.info(request, _("The file is put away. Nothing was changed."))
    return HttpResponseRedirect(reverse(draft.kind))


def _draft(request: ConsoleRequest, draft_id: UUID) -> ImportDraft:
    mine = ImportDraft.objects.select_related("organisation", "uploaded_by").filter(
        organisation=request.viewer.organisation, pk=draft_id
    )
    found = mine.first()
    if found is None:
        raise Http404("No such import.")
    return found


@console_view()
def export_sites(request: ConsoleRequest) -> HttpResponse:
    search = request.GET.get("q", "").replace("\0", "").strip()[:80]
    return _file("sites", sites_csv(found_sites(request.viewer, search), _delimiter()))


@console_view()
def export_stations(request: ConsoleRequest) -> HttpResponse:
    """With the filter of the list it was asked from."""
    return _file("stations", stations_csv(listed(request.viewer, StationFilter.of(request.GET)), _delimiter()))


def _delimiter() -> str:
    """What the reader's spreadsheet expects: where the comma is the decimal mark, it cannot part cells."""
    return ";" if (get_language() or "").startswith("de") else ","


def _file(name: str, lines: Iterator[str]) -> HttpResponse:
    response = HttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{timezone.now():%Y-%m-%d}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
