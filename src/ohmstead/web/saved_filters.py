"""Filters that people keep under a name: their own, or for everybody in the organisation."""

from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict

from ohmstead.access.audit import record
from ohmstead.web.models import SavedFilter
from ohmstead.web.scope import Viewer

MOST: Final = 50  # of one person, and shared by one organisation
_KEPT: Final = ("q", "state", "site", "dialect", "sort", "hide")


class BadFilter(Exception):
    """The message is a sentence for a person."""


def saved_filters(viewer: Viewer, page: str) -> QuerySet[SavedFilter]:
    """The viewer's own and those shared, by name."""
    mine = Q(user=viewer.user) | Q(user=None)
    return SavedFilter.objects.filter(mine, organisation=viewer.organisation, page=page).order_by("name")


@transaction.atomic
def save_filter(viewer: Viewer, page: str, name: str, query: QueryDict, *, shared: bool) -> SavedFilter:
    """A name that is there already gets the new filter. Raises BadFilter."""
    name = name.strip()
    if not name or len(name) > 60 or not name.isprintable():
        raise BadFilter("A filter needs a name of at most 60 characters.")
    owner = None if shared else viewer.user
    known = SavedFilter.objects.filter(organisation=viewer.organisation, page=page, user=owner)
    if known.exclude(name=name).count() >= MOST:
        raise BadFilter("There are too many saved filters. Remove one first.")
    kept = QueryDict(mutable=True)
    for key in _KEPT:
        if values := [value[:80] for value in query.getlist(key) if value]:
            kept.setlist(key, values)
    found, _ = known.update_or_create(
        organisation=viewer.organisation, page=page, user=owner, name=name, defaults={"query": kept.urlencode()[:500]}
    )
    if shared:
        record(viewer.actor, "filter.shared", found)
    return found


@transaction.atomic
def remove_filter(viewer: Viewer, found: SavedFilter) -> None:
    if found.user_id is None:
        record(viewer.actor, "filter.removed", found)
    found.delete()
