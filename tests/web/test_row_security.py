"""Requests of a known viewer are bound to the tenant, whatever the view forgets."""

import pytest


@pytest.fixture
def forgetful(network):
    """A view that asks for all stations without any filter."""
    from django.http import HttpResponse

    from ohmstead.network.models import Station
    from ohmstead.web.scope import console_view

    @console_view()
    def view(request):
        return HttpResponse(" ".join(Station.objects.order_by("identity").values_list("identity", flat=True)))

    return view


def test_a_view_without_a_filter_shows_ones_own_only(forgetful, network, rf_of):
    assert forgetful(rf_of("operator")).text == "HILL-1 HILL-2 HILL-3 HILL-4"
    assert forgetful(rf_of("neighbour")).text == "VALE-1"


@pytest.fixture
def rf_of(network):
    from django.test import RequestFactory

    def request(role):
        made = RequestFactory().get("/console/", headers={"host": "localhost"})
        made.user, made.session = network.people[role], {}
        return made

    return request


def test_it_costs_two_short_statements_a_request(forgetful, network, rf_of, queries_of):
    """Binding and releasing; the membership and the view's own query are the other two."""
    assert queries_of(lambda: forgetful(rf_of("operator"))) == 4


def test_the_api_is_bound_and_released(network, operator):
    from django.db import connection

    assert operator.get("/api/v1/stations").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        assert cursor.fetchone() == ("none",)


def test_a_live_update_is_bound(network, viewer):
    from ohmstead.network.models import Station
    from ohmstead.web.live.stream import _rendered

    class Forgetful:
        def everything(self):
            return " ".join(Station.objects.order_by("identity").values_list("identity", flat=True))

    assert _rendered(viewer, Forgetful(), None, "en") == "HILL-1 HILL-2 HILL-3 HILL-4"
