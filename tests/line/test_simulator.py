"""Simulated stations charge through the running system; the energy is what their meters counted."""

import asyncio
import contextlib
import json
import secrets

import psycopg
import pytest

from ohmstead.journal.entry import EntryKind
from ohmstead.simulator import sessions
from ohmstead.simulator.car import CAR_BY_NAME, Car
from ohmstead.simulator.fleet import Fleet, Options
from ohmstead.simulator.happenings import happen
from ohmstead.simulator.record import read
from ohmstead.simulator.scenario import load, parse
from ohmstead.station.tokens import PresentedToken
from tests.line.security import client_certificate

PATIENCE_S = 30
SHEET = """
name: line
models:
  ac16: {{vendor: Voltmark, model: Duo 22, ocpp: "1.6", signed: true}}
  ac201: {{vendor: Nordlade, model: Stele 2, ocpp: "2.0.1", signed: true}}
  dc21: {{vendor: Kilopond, model: Cube 150, ocpp: "2.1", dc: {{power_kw: 150}}}}
settings: {{meter_interval_s: 1, retry_s: 1}}
security: {{profile: {profile}, password: "{password}", certificate_file: "{files}.pem", key_file: "{files}.key"}}
sites:
  - name: Line
    kind: depot
    stations:
      - {{identity: {name}-16, model: ac16}}
      - {{identity: {name}-201, model: ac201}}
      - {{identity: {name}-21, model: dc21}}
"""


def known_fleet(network, tmp_path, profile=0):
    """Three stations the network knows; they have not connected yet."""
    name, password = f"SIM-{secrets.token_hex(3)}", secrets.token_hex(16)
    sheet = SHEET.format(profile=profile, password=password, files=f"{tmp_path}/{{identity}}", name=name)
    options = Options(
        url=f"{network.system.url}/{network.organisation.slug}",
        tls_url=f"{network.system.tls_url}/{network.organisation.slug}",
        ca_file=str(network.system.folder / "ca" / "root.pem"),
        speed=60.0,
        tick_s=0.1,
        with_drivers=False,
        reconnect_first_s=0.1,
        record=tmp_path / "acknowledged.jsonl",
    )
    fleet = Fleet(parse(sheet, "line.yaml"), options)
    for identity in fleet.stations:
        known = {"security_profile": profile} | ({"password": password} if profile in (1, 2) else {})
        network.station(identity, **known)
        if profile == 3:
            issued = client_certificate(network, identity)
            (tmp_path / f"{identity}.pem").write_text(issued.certificate_pem)
            key = issued.key_pem
            (tmp_path / f"{identity}.key").write_bytes(key if isinstance(key, bytes) else key.encode())
    return fleet


@contextlib.asynccontextmanager
async def living(fleet, *beside):
    task = asyncio.create_task(fleet.run(*beside))
    try:
        await so(lambda: all(station.online for station in fleet.stations.values()))
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def so(fits):
    async with asyncio.timeout(PATIENCE_S):
        while not fits():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.02)


async def charge(station, card):
    evse = station.evses[0]
    sessions.plug(station, evse, Car(CAR_BY_NAME["saloon"], 0.3))
    verdict = await sessions.present(station, evse, card)
    assert verdict.accepted, verdict
    begin_wh = evse.session.begin_wh
    await so(lambda: evse.meter.register_wh > begin_wh + 100)
    return begin_wh


async def leave(station, card):
    evse = station.evses[0]
    assert (await sessions.present(station, evse, card)).accepted
    sessions.unplug(station, evse)
    await so(lambda: station.online and not station.outbox.stored)
    return evse.meter.register_wh


@pytest.mark.parametrize("profile", [0, 1, 2, 3])
async def test_every_dialect_boots_authorises_charges_and_stops(network, tmp_path, profile):
    fleet = known_fleet(network, tmp_path, profile)
    counted = {}
    async with living(fleet):
        for number, (identity, station) in enumerate(fleet.stations.items()):
            card = PresentedToken(network.card(f"04A{number}{secrets.token_hex(4).upper()}"))
            begin_wh = await charge(station, card)
            counted[identity] = await leave(station, card) - begin_wh
    ended = network.settled(3, state="ended")
    assert {session.station.identity: session.energy_wh for session in ended} == counted
    assert {session.stop_reason for session in ended} == {"driver"}
    assert [session.flags for session in ended if set(session.flags) - {"short"}] == []


async def test_a_session_with_an_hour_offline_is_whole(network, tmp_path):
    fleet = known_fleet(network, tmp_path)
    counted = {}
    async with living(fleet):
        for number, (identity, station) in enumerate(fleet.stations.items()):
            card = PresentedToken(network.card(f"04B{number}{secrets.token_hex(4).upper()}"))
            begin_wh = await charge(station, card)
            station.link.go_offline()
            await so(lambda station=station: len(station.outbox.stored) >= 2)
            station.link.come_online()
            await so(lambda station=station: station.online)
            counted[identity] = await leave(station, card) - begin_wh
    ended = network.settled(3, state="ended")
    assert {session.station.identity: session.energy_wh for session in ended} == counted


async def test_a_card_nobody_knows_does_not_charge(network, tmp_path):
    fleet = known_fleet(network, tmp_path)
    async with living(fleet):
        for station in fleet.stations.values():
            evse = station.evses[0]
            sessions.plug(station, evse, Car(CAR_BY_NAME["saloon"], 0.3))
            assert not (await sessions.present(station, evse, PresentedToken("0BADCAFE"))).accepted
    assert network.sessions() == []


async def test_t19_after_a_storm_every_meter_and_every_session_agree(network, tmp_path):
    scenario = load("storm").only(20).with_cards(60)
    for planned in scenario.stations:
        network.station(planned.identity)
    for card in scenario.cards:
        network.card(card.uid)
    options = Options(
        url=f"{network.system.url}/{network.organisation.slug}",
        speed=30.0,
        tick_s=0.1,
        reconnect_first_s=0.1,
        reconnect_most_s=1.0,
        record=tmp_path / "storm.jsonl",
    )
    fleet = Fleet(scenario, options)
    begin_wh = {identity: [evse.meter.register_wh for evse in s.evses] for identity, s in fleet.stations.items()}
    async with living(fleet, happen):
        await so(lambda: not any(station.link.up for station in fleet.stations.values()))
        await so(lambda: all(station.online for station in fleet.stations.values()))
        await fleet.wind_down(PATIENCE_S)
    counted = {
        (identity, evse.number): evse.meter.register_wh - begin
        for identity, station in fleet.stations.items()
        for evse, begin in zip(station.evses, begin_wh[identity], strict=True)
    }
    known = {line.message_id for line in read(options.record)}
    begun = len({line.key.split(":")[1] for line in read(options.record, lambda line: line.key.startswith("event:"))})
    begun += len(
        {(line.station, line.key) for line in read(options.record, lambda line: line.key.startswith("start:"))}
    )
    sessions_told = network.settled(begun, state__in=["ended", "refused"])
    told = dict.fromkeys(counted, 0)
    for session in sessions_told:
        told[session.station.identity, session.evse] += session.energy_wh
    assert told == counted
    assert known <= journaled_ids(network)
    assert any("offline" in session.flags for session in sessions_told)


def journaled_ids(network):
    with psycopg.connect(network.system.database_url) as connection:
        rows = connection.execute("SELECT frame FROM journal.entry WHERE kind = %s", [EntryKind.RECEIVED]).fetchall()
    return {json.loads(bytes(frame))[1] for (frame,) in rows}
