"""Writes of sites: each is one transaction with its audit row."""

from typing import Any, Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.network.errors import BadValues, SiteExists, SiteInUse
from ohmstead.network.models import Site
from ohmstead.network.row_changes import changed, with_whole_position, write
from ohmstead.network.rules import opening_text
from ohmstead.network.rules.problems import Problem
from ohmstead.network.rules.site_facts import SiteValues, checked_site


@transaction.atomic(durable=True)
def create_site(organisation: Organisation, *, by: Actor, **values: Unpack[SiteValues]) -> Site:
    """Raises BadValues, SiteExists."""
    site = Site(organisation=organisation, **columns(with_whole_position(Site(), {"name": "", **values})))
    save_named(site)
    record(by, "site.created", site)
    return site


@transaction.atomic(durable=True)
def update_site(site: Site, *, by: Actor, **values: Unpack[SiteValues]) -> None:
    """What is not given stays as it is. Raises BadValues, SiteExists."""
    site = locked_site(site)
    before, after = changed(site, columns(with_whole_position(site, dict(values))))
    if not after:
        return
    write(site, after)
    save_named(site, list(after))
    record(by, "site.changed", site, before=before, after=after)


@transaction.atomic(durable=True)
def remove_site(site: Site, *, by: Actor) -> None:
    """It can be brought back. Raises SiteInUse while stations stand there."""
    site = locked_site(site)
    if site.removed_at is not None:
        return
    standing = site.stations.filter(removed_at=None).count()
    if standing:
        stand = "1 station stands" if standing == 1 else f"{standing} stations stand"
        raise SiteInUse(f"{stand} at {site}. Move or remove what stands there first.")
    site.removed_at = timezone.now()
    site.save(update_fields=["removed_at"])
    record(by, "site.removed", site)


@transaction.atomic(durable=True)
def restore_site(site: Site, *, by: Actor) -> None:
    """Raises SiteExists when another site has its name by now."""
    site = locked_site(site)
    if site.removed_at is None:
        return
    site.removed_at = None
    save_named(site, ["removed_at"])
    record(by, "site.restored", site)


def columns(values: dict[str, Any]) -> dict[str, Any]:
    """The values as they are stored. Raises BadValues."""
    clean, problems = checked_site(values)
    if problems:
        raise BadValues(problems)
    if "opening" in clean:
        clean["opening"] = opening_text.to_json(clean["opening"])
    return clean


def locked_site(site: Site) -> Site:
    """The caller's object, fresh."""
    site.refresh_from_db(from_queryset=Site.objects.select_for_update(no_key=True))
    return site


def save_named(site: Site, update_fields: list[str] | None = None) -> None:
    """Raises SiteExists."""
    try:
        with transaction.atomic():
            site.save(update_fields=update_fields, force_insert=update_fields is None)
    except IntegrityError:
        raise SiteExists({"name": Problem("There is a site named %(name)s already.", {"name": site.name})}) from None
