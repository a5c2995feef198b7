"""The drivers' API: the same start, limits and stop for any app, and nobody else's sessions."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.web.little_network import session
from tests.web.test_driver_app import began, starts

API = "/api/v1/driver"
KEY = "a key of 16 letters"


class App:
    def __init__(self, bearer="", **options):
        from django.test import Client

        self.browser = Client(headers={"host": "localhost"}, **options)
        self.headers = {"authorization": f"Bearer {bearer}"} if bearer else {}

    def get(self, address):
        return self.browser.get(API + address, headers=self.headers)

    def send(self, method, address, body=None, **headers):
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(self.browser, method)(
            API + address, json.dumps(body or {}), content_type="application/json", headers=self.headers | more
        )

    def start(self, plug="HILL-1-1", key=KEY):
        return self.send("post", "/starts", {"plug": plug}, idempotency_key=key)


@pytest.fixture
def app(network):
    """A guest's."""
    return App(App().send("post", "/guests").json()["token"])


def test_an_app_starts_follows_limits_and_stops(app, network):
    from ohmstead.network.models import Command

    plug = app.get("/plugs/hill-1-1").json()
    assert plug["state"] == "available"
    assert "no price" in plug["price"]
    answer = app.start()
    assert answer.status_code == 201
    assert answer.json()["phase"] == "asked"
    begun = starts().get()
    running = began(begun)
    followed = app.get(f"/starts/{answer.json()['id']}").json()
    assert (followed["phase"], followed["session"]) == ("charging", str(running.pk))
    found = app.get(f"/sessions/{running.pk}").json()
    assert (found["doing"], found["energy_wh"], found["plug"]) == ("charging", "5500.000", "HILL-1-1")
    limited = app.send("put", f"/sessions/{running.pk}/limit", {"energy_wh": "20000"})
    assert limited.json()["limit"]["energy_wh"] == "20000.000"
    assert [app.send("post", f"/sessions/{running.pk}/stop").status_code for _ in range(2)] == [202, 202]
    assert Command.objects.filter(kind="StopSession").count() == 1
    assert app.get(f"/sessions/{running.pk}").json()["doing"] == "stopping"
    assert [each["id"] for each in app.get("/sessions?running=true").json()] == [str(running.pk)]


def test_the_same_key_is_the_same_start(app):
    assert app.start().json()["id"] == app.start().json()["id"]
    assert starts().count() == 1


@pytest.mark.parametrize(
    ("plug", "status", "said"),
    [("HILL-3-1", 409, "plug_out_of_service"), ("HILL-4-1", 409, "station_away"), ("VALE-1-1", 404, "no such plug")],
)
def test_a_refusal_says_why_and_what_next(app, plug, status, said):
    answer = app.start(plug)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert said in answer.text
    assert not starts().exists()


def test_a_start_without_a_key_or_with_more_than_a_plug_is_refused(app):
    assert app.send("post", "/starts", {"plug": "HILL-1-1"}).status_code == 422
    assert app.send("post", "/starts", {"plug": "HILL-1-1", "token": "04A2"}, idempotency_key=KEY).status_code == 422
    assert not starts().exists()


@pytest.mark.parametrize("bearer", ["guest_forged", "driver_0123456789", "ohm_something", "guest_"])
def test_a_forged_token_is_nobody(network, bearer):
    assert App(bearer).get("/me").status_code == 401


def test_a_drivers_own_app_has_a_sign_in_of_its_own(browser_of, network):
    from allauth.usersessions.models import UserSession

    signed_in = App()
    signed_in.browser = browser_of("reader")
    bearer = signed_in.send("post", "/tokens").json()["token"]
    own = App(bearer)
    assert own.get("/me").json()["kind"] == "driver"
    assert own.start().status_code == 201
    assert starts().get().app_start.token.driver.user == network.people["reader"]
    UserSession.objects.get(session_key=bearer.removeprefix("driver_")).end()
    assert own.get("/me").status_code == 401


def test_cookies_need_the_csrf_token_to_write(network):
    browser = App(enforce_csrf_checks=True)
    browser.browser.force_login(network.people["reader"])
    assert browser.start().status_code == 403
    assert not starts().exists()


def test_what_is_anothers_does_not_exist(app, network):
    app.start()
    running, theirs = began(starts().get()), session(network.foreign)
    other = App(App().send("post", "/guests").json()["token"])
    start_id = starts().get().app_start.pk
    for found in (running, theirs):
        assert other.get(f"/sessions/{found.pk}").status_code == 404
        assert other.send("post", f"/sessions/{found.pk}/stop").status_code == 404
        assert other.send("put", f"/sessions/{found.pk}/limit", {"minutes": 1}).status_code == 404
        assert other.get(f"/sessions/{found.pk}/stream").status_code == 404
    assert other.get(f"/starts/{start_id}").status_code == 404
    assert other.get(f"/starts/{start_id}/stream").status_code == 404
    assert other.get("/sessions").json() == []


@pytest.mark.parametrize("limit", [{"energy_wh": "0"}, {"minutes": 0}, {"soc_percent": 80}, {"kwh": 3}])
def test_a_limit_that_cannot_be_kept_is_refused(app, limit):
    app.start()
    running = began(starts().get())
    assert app.send("put", f"/sessions/{running.pk}/limit", limit).status_code == 422
    assert app.get(f"/sessions/{running.pk}").json()["limit"]["energy_wh"] is None


def test_the_server_stops_at_the_limit_and_asks_again_while_the_station_does_not(app, network):
    from django.utils import timezone

    from ohmstead.charging.session_limits import stop_at_limits
    from ohmstead.network.models import Command

    app.start()
    running = began(starts().get(), energy_wh=Decimal(19_900), soc_percent=60.0)
    app.send("put", f"/sessions/{running.pk}/limit", {"energy_wh": "20000", "soc_percent": 80})
    now = timezone.now()
    running.power_w = 0.0
    running.save()
    assert stop_at_limits(now) == 0
    running.energy_wh = Decimal(20_000)
    running.save()
    assert stop_at_limits(now) == 1
    assert stop_at_limits(now) == 0
    assert app.get(f"/sessions/{running.pk}").json()["limit"]["reached"] == "energy"
    Command.objects.filter(kind="StopSession").update(state="rejected")
    assert stop_at_limits(now + timedelta(minutes=2)) == 1
    assert Command.objects.filter(kind="StopSession").count() == 2


def test_a_guest_whose_first_answer_was_lost_has_one_start_and_may_stop_it(network):
    first, again = App(), App()
    key = "4f1c2b7d9e8a4f1c2b7d9e8a4f1c2b7d"
    answers = [each.start(key=key).json() for each in (first, again)]
    assert answers[0]["id"] == answers[1]["id"]
    assert starts().count() == 1
    assert again.get(f"/starts/{answers[0]['id']}").status_code == 200


def test_a_key_that_can_be_guessed_opens_nobody_elses_start(network):
    first, other = App(), App()
    mine = first.start(key="12345678").json()["id"]
    assert other.start(key="12345678").json().get("id") != mine
    assert other.get(f"/starts/{mine}").status_code == 404


def test_a_limit_that_was_changed_meanwhile_is_not_the_one_that_stops(app, network, monkeypatch):
    from django.utils import timezone

    from ohmstead.charging import session_limits
    from ohmstead.charging.models import SessionLimit
    from ohmstead.network.models import Command

    app.start()
    running = began(starts().get(), energy_wh=Decimal(20_000))
    app.send("put", f"/sessions/{running.pk}/limit", {"energy_wh": "15000"})
    read = list(session_limits._open(timezone.now()))
    SessionLimit.objects.update(energy_wh=Decimal(50_000))
    monkeypatch.setattr(session_limits, "_open", lambda now: read)
    assert session_limits.stop_at_limits(timezone.now()) == 0
    assert not Command.objects.filter(kind="StopSession").exists()


def test_a_guest_is_refused_where_guests_may_not_charge(app, network):
    network.hill.guests_may_charge = False
    network.hill.save()
    assert App().send("post", "/guests").status_code == 403
    assert app.start().status_code == 409


def test_the_reference_names_every_operation(network):
    named = {
        each["operationId"] for path in App().get("/openapi.json").json()["paths"].values() for each in path.values()
    }
    assert {"get_site", "get_plug", "start", "get_start", "get_session", "set_limit", "stop"} <= named
