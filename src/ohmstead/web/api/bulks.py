"""The same work for many stations."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.network import bulk_actions, command_queries
from ohmstead.network.bulk_actions import Manner
from ohmstead.network.bulks import progress
from ohmstead.network.models import Bulk, Station
from ohmstead.station.commands.operations import OPERATIONS
from ohmstead.web.api.access import viewer
from ohmstead.web.api.command_bodies import command_of
from ohmstead.web.api.commands import CommandOut, command_out
from ohmstead.web.api.operation import Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.problems import Refused
from ohmstead.web.api.things import stations_named, the
from ohmstead.web.command_rights import right_of
from ohmstead.web.console.station_states import in_state
from ohmstead.web.console.stations import StationFilter
from ohmstead.web.scope import Viewer

router = Router(tags=["Commands"])


class ChosenIn(Input):
    """Stations by identity, or by a filter; a station must fit all that is given."""

    identities: list[str] = Field([], max_length=10_000, examples=[["HILL-1", "HILL-2"]])
    search: str = Field("", max_length=80)
    state: str = Field("", max_length=20, examples=[""])
    site_id: UUID | None = None
    everything: bool = Field(False, description="Every station, when nothing else is given.")


class MannerIn(Input):
    pace: int = Field(20, ge=1, le=500, description="Stations at work at the same time.")
    stop_after: int | None = Field(None, ge=1, description="Stop after so many failures.")
    wait_until_online_s: int = Field(
        0, ge=0, le=30 * 86_400, description="How long to wait for stations that are away."
    )


class BulkIn(Input):
    operation: str = Field(max_length=40, description="Name of the operation.", examples=["change_availability"])
    fields: dict[str, Any] = Field(
        {}, description="As in the operation's own address.", examples=[{"operative": False}]
    )
    stations: ChosenIn
    manner: MannerIn = Field(default_factory=lambda: MannerIn.model_validate({}))
    title: str = Field("", max_length=160, examples=["Close for the night"])


class BulkOut(Schema):
    id: UUID
    title: str = Field(examples=["Close for the night"])
    state: str = Field(description="running, done, cancelled or stopped.", examples=["running"])
    reason: str
    counts: dict[str, int] = Field(description="Commands by state, and in total.", examples=[{"total": 40, "done": 12}])
    pace: int
    stop_after: int | None
    retries_id: UUID | None
    asked_by: str = Field(examples=["Ada"])
    asked_at: datetime
    ended_at: datetime | None


def chosen(who: Viewer, wanted: ChosenIn) -> QuerySet[Station]:
    found = stations_named(who, wanted.identities) if wanted.identities else who.stations()
    narrowed = StationFilter(search=wanted.search, site=str(wanted.site_id or ""))
    if not (wanted.identities or wanted.state or narrowed.narrows or wanted.everything):
        raise Refused("invalid", "Say which stations: by identity, by a filter, or everything.")
    found = narrowed.but_state(found)
    return in_state(found, wanted.state) if wanted.state else found


def manner(body: MannerIn, stations: ChosenIn) -> Manner:
    wait = timedelta(seconds=body.wait_until_online_s) if body.wait_until_online_s else None
    shown = stations.model_dump(mode="json", exclude_defaults=True)
    return Manner(pace=body.pace, stop_after=body.stop_after, wait_until_online=wait, chosen=shown)


def _mine(who: Viewer, bulk_id: UUID) -> Bulk:
    found: Bulk = the(
        Bulk.objects.filter(organisation=who.organisation).select_related("organisation"), bulk_id, "bulk"
    )
    return found


def bulk_out(who: Viewer, bulk_id: UUID) -> BulkOut:
    _mine(who, bulk_id)
    found = command_queries.bulk(who.organisation, bulk_id)
    return _out(found.bulk, found.counts)


def _out(bulk: Bulk, counts: Any) -> BulkOut:
    plain = ("title", "state", "reason", "pace", "stop_after", "retries_id", "asked_at", "ended_at")
    return BulkOut(
        id=bulk.pk,
        counts=dict(counts),
        asked_by=str(bulk.asked_by or ""),
        **{name: getattr(bulk, name) for name in plain},
    )


@operation(router, "GET", "/bulks", "list_bulks", "List bulk work", answers=page_of(BulkOut))
def list_bulks(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Newest first."""
    found = Bulk.objects.filter(organisation=viewer(request).organisation).select_related("asked_by")
    rows = page(found, query, lambda row: row, ("-asked_at", "-pk"))
    counts = progress([row.pk for row in rows["items"]])
    return rows | {"items": [_out(row, counts.get(row.pk, {})) for row in rows["items"]]}


@operation(router, "GET", "/bulks/{uuid:bulk_id}", "get_bulk", "One bulk", answers=BulkOut)
def get_bulk(request: HttpRequest, bulk_id: UUID) -> BulkOut:
    return bulk_out(viewer(request), bulk_id)


@operation(
    router, "GET", "/bulks/{uuid:bulk_id}/commands", "list_bulk_commands", "Its commands", answers=page_of(CommandOut)
)
def list_bulk_commands(request: HttpRequest, bulk_id: UUID, query: Query[PageQuery]) -> Any:
    """One for each station, or several in their order."""
    found = command_queries.bulk_commands(_mine(viewer(request), bulk_id)).select_related("station", "asked_by")
    return page(found, query, command_out, ("pk",))


@operation(
    router,
    "POST",
    "/bulks",
    "create_bulk",
    "Ask many stations",
    right=Right.OPERATE,
    answers=BulkOut,
    location="/bulks/{id}",
)
def create_bulk(request: HttpRequest, body: BulkIn) -> BulkOut:
    """A command for each station, so many at a time, in the background."""
    who, wanted = viewer(request), OPERATIONS.get(body.operation)
    if wanted is None:
        raise Refused("invalid", "There is no such operation.")
    if not who.has(right_of(wanted)):
        raise Refused("forbidden", f"This needs the scope {right_of(wanted).value}, which you do not have.")
    made = bulk_actions.ask_stations(
        who.organisation,
        chosen(who, body.stations),
        command_of(wanted, body.fields),
        by=who.actor,
        manner=manner(body.manner, body.stations),
        title=body.title,
    )
    return bulk_out(who, made.pk)


@operation(
    router,
    "POST",
    "/bulks/{uuid:bulk_id}/cancel",
    "cancel_bulk",
    "Stop bulk work",
    right=Right.OPERATE,
    answers=BulkOut,
    status=200,
)
def cancel(request: HttpRequest, bulk_id: UUID) -> BulkOut:
    """What was sent already ends by itself."""
    who = viewer(request)
    bulk_actions.cancel_bulk(_mine(who, bulk_id), by=who.actor)
    return bulk_out(who, bulk_id)


@operation(
    router,
    "POST",
    "/bulks/{uuid:bulk_id}/retry",
    "retry_bulk",
    "Repeat what failed",
    right=Right.OPERATE,
    answers=BulkOut,
    location="/bulks/{id}",
)
def retry(request: HttpRequest, bulk_id: UUID) -> BulkOut:
    """As new bulk work of those stations that did not do it."""
    who = viewer(request)
    bulk = _mine(who, bulk_id)
    wanted = next((each for each in OPERATIONS.values() if each.kind.__name__ == bulk.kind), None)
    if wanted is not None and not who.has(right_of(wanted)):
        raise Refused("forbidden", f"This needs the scope {right_of(wanted).value}, which you do not have.")
    return bulk_out(who, bulk_actions.retry_bulk(bulk, by=who.actor).pk)
