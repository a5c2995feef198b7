"""Drivers and groups: who belongs together, and what is refused."""

from decimal import Decimal

import pytest


def actor():
    from ohmstead.access.actors import SYSTEM

    return SYSTEM


def test_a_driver_needs_a_name_or_an_address(organisation):
    from ohmstead.drivers.errors import DriverRefused
    from ohmstead.drivers.people import create_driver

    with pytest.raises(DriverRefused, match="needs a name"):
        create_driver(organisation, "  \0", by=actor())
    with pytest.raises(DriverRefused, match="no e-mail address"):
        create_driver(organisation, "Ada", by=actor(), email="ada at home")
    assert not organisation.drivers.exists()


def test_the_trail_says_which_fields_changed_and_keeps_no_personal_value(organisation, ada):
    from ohmstead.access.models import AuditEntry
    from ohmstead.drivers.people import change_driver

    change_driver(ada, by=actor(), phone="+49 30 123456", name="Ada Fast")
    entry = AuditEntry.objects.get(verb="driver.changed")
    assert entry.details == {"fields": ["phone"]}


def test_merged_drivers_have_the_cards_and_groups_of_both(organisation, ada, ben):
    from ohmstead.drivers.actions import create_token
    from ohmstead.drivers.people import create_group, join_group, merge_drivers

    card = create_token(organisation, "CARD1", by=actor(), driver=ben)
    staff = create_group(organisation, "Staff", by=actor())
    join_group(staff, ben, by=actor(), manages=True)
    merge_drivers(ada, ben, by=actor())
    card.refresh_from_db()
    assert card.driver == ada
    assert list(ada.memberships.values_list("group__name", "manages")) == [("Staff", True)]
    assert list(organisation.drivers.all()) == [ada]


def test_a_group_cannot_stand_in_itself(organisation):
    from ohmstead.drivers.errors import DriverRefused
    from ohmstead.drivers.people import Limits, change_group, create_group

    outer = create_group(organisation, "Outer", by=actor())
    inner = create_group(organisation, "Inner", by=actor(), parent=outer)
    with pytest.raises(DriverRefused, match="in itself"):
        change_group(outer, by=actor(), name="Outer", kind=outer.kind, parent=inner, limits=Limits(), sites=[])
    outer.refresh_from_db()
    assert outer.parent is None


def test_a_limit_is_not_negative(organisation):
    from ohmstead.drivers.errors import DriverRefused
    from ohmstead.drivers.people import Limits, create_group

    with pytest.raises(DriverRefused, match="not less than nothing"):
        create_group(organisation, "Staff", by=actor(), limits=Limits(energy_wh_per_month=Decimal(-1)))
    assert not organisation.driver_groups.exists()


def test_nothing_of_another_organisation_joins(organisation, other_organisation, ada):
    from ohmstead.drivers.actions import create_token
    from ohmstead.drivers.errors import DriverRefused, TokenRefused
    from ohmstead.drivers.people import create_group, join_group
    from ohmstead.network.models import Site

    theirs = create_group(other_organisation, "Staff", by=actor())
    site = Site.objects.create(organisation=other_organisation, name="Yard")
    with pytest.raises(DriverRefused):
        join_group(theirs, ada, by=actor())
    with pytest.raises(DriverRefused):
        create_group(organisation, "Residents", by=actor(), sites=[site])
    with pytest.raises(TokenRefused):
        create_token(other_organisation, "CARD1", by=actor(), driver=ada)
