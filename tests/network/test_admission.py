import threading
import time

import pytest

from ohmstead.bus.messages import AdmitRequest
from ohmstead.station.answers import Admission
from ohmstead.station.passwords import password_hash


def request(identity="ST-1", *, gateway="gw-1", profile=0, organisation=None, **more):
    return AdmitRequest(
        identity=identity,
        organisation=organisation,
        gateway=gateway,
        remote_address="192.0.2.7",
        subprotocol="ocpp1.6",
        security_profile=profile,
        **more,
    )


def admit(*requests):
    from ohmstead.network.admission import admit

    return admit(requests)


def stations(organisation, count, **fields):
    from ohmstead.network.models import Station

    return Station.objects.bulk_create(
        Station(organisation=organisation, identity=f"ST-{n:05}", admission="accepted", **fields) for n in range(count)
    )


def test_a_known_station_comes_in(station):
    station.vendor, station.heartbeat_interval_s = "Hill", 60
    station.save()
    (reply,) = admit(request("st-1"))
    assert (reply.admission, reply.http_status, reply.reason) == (Admission.ACCEPTED, 101, None)
    assert (reply.station_id, reply.organisation_id, reply.epoch) == (station.id, station.organisation_id, 1)
    assert (reply.vendor, reply.model, reply.heartbeat_interval_s) == ("Hill", None, 60)
    station.refresh_from_db()
    assert (station.gateway, station.epoch, station.remote_address) == ("gw-1", 1, "192.0.2.7")


def test_c2_a_newer_connection_gets_a_higher_number_also_on_another_gateway(station):
    first, second = admit(request(), request(gateway="gw-2"))
    (third,) = admit(request(gateway="gw-3"))
    assert [first.epoch, second.epoch, third.epoch] == [1, 2, 3]
    station.refresh_from_db()
    assert station.gateway == "gw-3"


def test_c7_an_unknown_station_is_held_in_the_inbox(organisation):
    from ohmstead.network.models import Station

    replies = admit(request("NEW-1"), request("new-1"), request("NEW-2"))
    assert [each.admission for each in replies] == [Admission.PENDING] * 3
    assert replies[0].station_id == replies[1].station_id
    assert set(Station.objects.values_list("identity", "admission")) == {("NEW-1", "pending"), ("NEW-2", "pending")}


def test_c7_an_unknown_station_is_refused_with_a_sentence(organisation):
    from ohmstead.network.models import Refusal, Station

    organisation.unknown_stations = "refuse"
    organisation.save()
    (reply,) = admit(request("NEW-1"))
    assert (reply.admission, reply.http_status) == (Admission.REFUSED, 404)
    assert reply.reason == "Hill Energy does not know station NEW-1. Add it in the console first."
    assert not Station.objects.exists()
    assert Refusal.objects.get().code == "unknown_station"


def test_the_inbox_has_an_end(organisation):
    from ohmstead.network import admission
    from ohmstead.network.models import Station

    Station.objects.bulk_create(
        Station(organisation=organisation, identity=f"P-{n}") for n in range(admission.HELD_AT_MOST)
    )
    (reply,) = admit(request("NEW-1"))
    assert (reply.admission, reply.http_status) == (Admission.REFUSED, 404)
    assert "too many stations waiting" in reply.reason


def test_a_wrong_password_is_refused_and_the_reason_stays_visible(station):
    from ohmstead.network.models import Refusal

    station.security_profile = 1
    station.password_hash = password_hash("secret", "right")
    station.save()
    wrong = request(profile=1, password_hash=password_hash("secret", "wrong"))
    first, again, right = admit(wrong, wrong, request(profile=1, password_hash=password_hash("secret", "right")))
    assert (first.admission, first.http_status) == (Admission.REFUSED, 401)
    assert "wrong password" in first.reason
    assert again == first
    assert right.admission is Admission.ACCEPTED
    admit(wrong)
    row = Refusal.objects.get()
    assert (row.identity, row.code, row.count, row.remote_address) == ("ST-1", "password_wrong", 3, "192.0.2.7")
    assert row.organisation_id == station.organisation_id
    station.refresh_from_db()
    assert station.epoch == 1


@pytest.mark.parametrize(
    ("configured", "slug", "status"),
    [
        pytest.param("", "hill", 101, id="named in the address"),
        pytest.param("hill", None, 101, id="the configured one"),
        pytest.param("", None, 404, id="two and none named"),
        pytest.param("", "vale", 404, id="unknown name"),
    ],
)
def test_which_organisation(station, settings_of, configured, slug, status):
    from ohmstead.access.models import Organisation

    Organisation.objects.create(slug="dale", name="Dale")
    with settings_of(OHMSTEAD_DEFAULT_ORGANISATION=configured):
        (reply,) = admit(request(organisation=slug))
    assert reply.http_status == status


def test_the_same_identity_in_two_organisations_is_two_stations(station):
    from ohmstead.access.models import Organisation
    from ohmstead.network.models import Station

    dale = Organisation.objects.create(slug="dale", name="Dale")
    other = Station.objects.create(organisation=dale, identity="ST-1", admission="accepted")
    replies = admit(request(organisation="hill"), request(organisation="dale"))
    assert [each.station_id for each in replies] == [station.id, other.id]


def test_a_hostile_address_is_stored_bounded(organisation):
    from ohmstead.network.models import Station

    admit(AdmitRequest(**{**_fields(request("NEW-1")), "remote_address": "x\x00" * 100}))
    assert len(Station.objects.get().remote_address) == 64


def test_s2_a_batch_of_500_takes_three_statements(organisation, statements):
    stations(organisation, 500)
    asked = [request(f"ST-{n:05}") for n in range(500)]
    with statements() as seen:
        replies = admit(*asked)
    assert len(seen()) == 3
    assert {each.admission for each in replies} == {Admission.ACCEPTED}
    assert len({each.station_id for each in replies}) == 500


def test_a_storm_of_10000_known_stations_with_passwords(organisation):
    key = password_hash("secret", "right")
    stations(organisation, 10_000, security_profile=1, password_hash=key)
    began = time.perf_counter()
    for start in range(0, 10_000, 500):
        replies = admit(*(request(f"ST-{n:05}", profile=1, password_hash=key) for n in range(start, start + 500)))
        assert all(each.admission is Admission.ACCEPTED and each.epoch == 1 for each in replies)
    assert time.perf_counter() - began < 10


def test_s1_two_desks_and_the_same_stations_never_deadlock(organisation):
    stations(organisation, 60)
    known = [f"ST-{n:05}" for n in range(60)]
    failures = []
    from django.db import connection

    def desk(order):
        try:
            for _ in range(10):
                admit(*(request(identity) for identity in order))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    new = [f"NEW-{n}" for n in range(20)]
    desks = [threading.Thread(target=desk, args=(order,)) for order in (known + new, new[::-1] + known[::-1])]
    for each in desks:
        each.start()
    for each in desks:
        each.join(30)
    assert failures == []
    from ohmstead.network.models import Station

    assert set(Station.objects.values_list("epoch", flat=True)) == {20}


def _fields(struct):
    return {name: getattr(struct, name) for name in struct.__struct_fields__}
