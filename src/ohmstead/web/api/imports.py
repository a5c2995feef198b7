"""Sites and stations as tables: uploaded, looked at, applied as a whole or not at all; and exported."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.network.imports.actions import apply_import, discard_import, upload_import
from ohmstead.network.imports.export import sites_csv, stations_csv
from ohmstead.network.imports.plans import plan_of
from ohmstead.network.models import ImportDraft, ImportKind
from ohmstead.network.rules.sheet import BYTES_MAX
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import file_answer, operation
from ohmstead.web.api.schemas import StationFilterQuery
from ohmstead.web.api.things import the
from ohmstead.web.console.sites import found_sites
from ohmstead.web.console.stations import StationFilter, listed

router = Router(tags=["Sites"])

_NETWORK = Right.NETWORK
_MOST_FAULTS = 500
_CSV: Any = {200: {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}, "example": "site\n"}}}}


class FaultOut(Schema):
    line: int
    column: str = Field(examples=["time_zone"])
    sentence: str = Field(examples=["Mars is no time zone; they are named like Europe/Berlin."])


class ImportOut(Schema):
    id: UUID
    kind: Literal["sites", "stations"] = Field(examples=["sites"])
    file_name: str = Field(examples=["sites.csv"])
    uploaded_at: datetime
    applied_at: datetime | None
    created: int
    changed: int
    unchanged: int
    faults: list[FaultOut] = Field(description="With one, nothing of the file is applied; 500 at most are told.")


class SearchQuery(Schema):
    search: str = Field("", max_length=80)


def _out(draft: ImportDraft) -> ImportOut:
    counts: Any = draft if draft.applied_at else plan_of(draft)
    faults = [] if draft.applied_at else counts.faults[:_MOST_FAULTS]
    plain = ("kind", "file_name", "uploaded_at", "applied_at")
    return ImportOut(
        id=draft.pk,
        faults=[FaultOut(line=each.line, column=each.column, sentence=str(each.problem)) for each in faults],
        **{name: getattr(draft, name) for name in plain},
        **{name: getattr(counts, name) for name in ("created", "changed", "unchanged")},
    )


def _mine(request: HttpRequest, import_id: UUID) -> Any:
    mine = ImportDraft.objects.filter(organisation=viewer(request).organisation).select_related("organisation")
    return the(mine, import_id, "import")


@operation(
    router,
    "POST",
    "/imports/{kind}",
    "upload_import",
    "Upload a table",
    right=_NETWORK,
    answers=ImportOut,
    location="/imports/{id}",
    most_bytes=BYTES_MAX + 100_000,
)
def upload(request: HttpRequest, kind: Literal["sites", "stations"], table: File[UploadedFile]) -> ImportOut:
    """A CSV file. Nothing is changed yet: the answer says what it would do, and names each fault."""
    who = viewer(request)
    made = upload_import(who.organisation, ImportKind(kind), table.read(), by=who.actor, file_name=table.name or "")
    return _out(_mine(request, made.pk))


@operation(
    router, "GET", "/imports/{uuid:import_id}", "get_import", "What a table would do", right=_NETWORK, answers=ImportOut
)
def get_import(request: HttpRequest, import_id: UUID) -> ImportOut:
    return _out(_mine(request, import_id))


@operation(
    router,
    "POST",
    "/imports/{uuid:import_id}/apply",
    "apply_import",
    "Apply a table",
    right=_NETWORK,
    answers=ImportOut,
    status=200,
)
def apply(request: HttpRequest, import_id: UUID) -> ImportOut:
    """All of it or nothing."""
    apply_import(_mine(request, import_id), by=viewer(request).actor)
    return _out(_mine(request, import_id))


@operation(router, "DELETE", "/imports/{uuid:import_id}", "discard_import", "Put a table away", right=_NETWORK)
def discard(request: HttpRequest, import_id: UUID) -> None:
    discard_import(_mine(request, import_id), by=viewer(request).actor)


@operation(router, "GET", "/exports/sites.csv", "export_sites", "Sites as a table", responses=_CSV, status=200)
def export_sites(request: HttpRequest, query: Query[SearchQuery]) -> HttpResponse:
    """In the form that can be uploaded again."""
    lines = sites_csv(found_sites(viewer(request), query.search))
    return file_answer("".join(lines).encode(), "text/csv", "sites.csv")


@operation(router, "GET", "/exports/stations.csv", "export_stations", "Stations as a table", responses=_CSV, status=200)
def export_stations(request: HttpRequest, query: Query[StationFilterQuery]) -> HttpResponse:
    """With the filters of the list; in the form that can be uploaded again."""
    wanted = StationFilter(search=query.search, state=query.state, site=str(query.site or ""), dialect=query.protocol)
    return file_answer("".join(stations_csv(listed(viewer(request), wanted))).encode(), "text/csv", "stations.csv")
