"""A plug reserved for a driver who called, and the day it stands in."""

from datetime import UTC, timedelta

import pytest


@pytest.fixture
def ada(network):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import create_token
    from ohmstead.drivers.people import create_driver

    driver = create_driver(network.hill, "Ada Fast", by=SYSTEM)
    driver.card = create_token(network.hill, "04ADA1", by=SYSTEM, driver=driver)
    return driver


@pytest.fixture
def form(network, ada):
    return {"site": network.market.pk, "token": ada.card.pk, "any_of": "any", "starts_at": "", "minutes": "30"}


def test_the_operator_reserves_for_a_driver_and_the_trail_says_who(operator, network, ada, form):
    from ohmstead.access.models import AuditEntry

    done = operator.post(f"/console/drivers/{ada.pk}/book", form, follow=True).text
    assert "is reserved for Ada Fast." in done
    made = ada.reservations.get()
    assert made.during.upper - made.during.lower == timedelta(minutes=30)
    assert AuditEntry.objects.filter(verb="reservation.booked", actor_kind="user", thing_id=str(made.pk)).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"minutes": "90"}, "A reservation lasts at most 60 minutes."),
        ({"starts_at": "2020-01-01T10:00"}, "A reservation begins now or later."),
        ({"starts_at": "tomorrow"}, "Choose a site"),
        ({"token": "nobody's"}, "Choose a site"),
        ({"minutes": "soon"}, "Choose a site"),
    ],
)
def test_what_the_site_does_not_allow_is_said_and_nothing_is_reserved(operator, ada, form, change, words):
    refused = operator.post(f"/console/drivers/{ada.pk}/book", form | change)
    assert (refused.status_code, words in refused.text) == (422, True)
    assert not ada.reservations.exists()


def test_a_driver_without_a_card_gets_one_first(operator, ada):
    ada.card.delete()
    assert "no card that may charge" in operator.get(f"/console/drivers/{ada.pk}/book").text


def test_the_calendar_shows_the_day_of_a_site(operator, network, ada, form):
    operator.post(f"/console/drivers/{ada.pk}/book", form)
    page = operator.get(f"/console/reservations/calendar?site={network.market.pk}").text
    assert page.count('class="block') == 1
    assert "Ada Fast" in page
    after = operator.get(f"/console/reservations/calendar?site={network.market.pk}&day=2021-01-01").text
    assert "No plug is reserved on this day." in after


@pytest.mark.parametrize("query", ["?day=never", "?site=x", "?day=9999-12-31"])
def test_the_calendar_takes_any_address(operator, network, query):
    assert operator.get(f"/console/reservations/calendar{query}").status_code == 200


def test_a_day_when_the_clocks_change_is_whole():
    from datetime import date
    from zoneinfo import ZoneInfo

    from ohmstead.web.console.reservation_calendar import _bounds

    begins, ends = _bounds(date(2026, 10, 25), ZoneInfo("Europe/Berlin"))
    assert ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(hours=25)
