"""Stored cross-site scripting through all that a station may say: real sockets, real folding, every address walked."""

import asyncio
from urllib.parse import quote

import pytest
import websockets

from ohmstead.station import commands as c
from tests.line.liar import H, Liar16, Liar201
from tests.line.system import until
from tests.web import one_of_each
from tests.web.streamed import text_of
from tests.web.unsafe import ESCAPED, markup, why_unsafe
from tests.web.walked import OTHER, asked, names_in, routes

OF_16 = (
    c.GetSettings(),
    c.SetSetting(name="HeartbeatInterval", value="60"),
    c.SendVendorData(vendor="us", data="x"),
    c.ResetStation(),
    c.UnlockConnector(evse=1),
    c.ListCertificates(kinds=("csms_root",)),
)
OF_201 = (
    c.ResetStation(),
    c.GetInventory(),
    c.GetMonitors(),
    c.GetDisplayMessages(),
    c.GetCustomerInformation(report=True, customer="x"),
    c.SendVendorData(vendor="us", data="x"),
    c.UnlockConnector(evse=1, connector=1),
    c.ReadVariables(variables=(c.AttributeName(name="A.B"),)),
)
# Where each of these texts stands, somebody could have been tricked.
SHOWN = {
    "BootNotification": "ven mod sno fwv icc ims vn3 mo3 sn3 fv3",
    "StatusNotification": "inf vec",
    "cards": "tag idt",
    "sessions": "tid",
    "settings": "key val unk cn2 vn2 av2",
    "vendor data": "dtv dtm dtd dv3 dm3",
    "events": "ne1 ne2 ne3 ne5 ne6 sec tec se3 te3",
    "answers": "err rc1 ai1 rst chg",
    "reports": "dsp cus",
    "logs": "dia lg2",
    "nonsense": "act pay ac3 pa3 mid",
    "signed values": "mea smd",
    "certificates": "ser",
}


@pytest.fixture
def heard(network):
    """Both liars have said everything, and it is in the tables; the organisation's owner."""
    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.models import Membership, Role, User
    from ohmstead.network.command_actions import ask_station
    from ohmstead.network.file_actions import ask_for_log
    from ohmstead.network.models import Command

    owner = User.objects.create(email=f"owner@{network.organisation.slug}.example", name="Olga")
    Membership.objects.create(organisation=network.organisation, user=owner, role=Role.OWNER)
    addresses = {Liar16: network.station("LIAR-16"), Liar201: network.station("LIAR-201")}

    def ask(identity, wishes):
        station = network.row(identity)
        ids = [ask_station(station, wish, by=SYSTEM).pk for wish in wishes]
        return [*ids, ask_for_log(station, by=SYSTEM).command_id]

    def ended(ids):
        return not Command.objects.filter(pk__in=ids, state__in=("queued", "sent", "waiting", "planned")).exists()

    async def tell(kind, identity, wishes):
        async with kind(addresses[kind]) as liar:
            await liar.speak()
            await asyncio.to_thread(until, lambda: network.row(identity).online, why=f"{identity} is online")
            ids = await asyncio.to_thread(ask, identity, wishes)
            await asyncio.to_thread(until, lambda: ended(ids), why="every command has ended", pause_s=0.2)

    async def knock():
        with pytest.raises(websockets.InvalidStatus):
            await websockets.connect(network.address(quote(H, safe="")), subprotocols=["ocpp1.6"])

    async def everything():
        await tell(Liar16, "LIAR-16", OF_16)
        await tell(Liar201, "LIAR-201", OF_201)
        await knock()

    asyncio.run(everything())
    network.settled(2)
    until(lambda: _folded(network), why="everything is folded", pause_s=0.2)
    return owner


def _folded(network):
    from ohmstead.network.models import StationEvent, Variable

    mine = {"station__organisation": network.organisation}
    said = StationEvent.objects.filter(**mine, kind="security").count()
    return said >= 2 and Variable.objects.filter(**mine, name__contains="vn2").exists()


def test_nothing_a_station_says_is_ever_more_than_text(network, heard, database_url):
    from django.test import Client

    browser = Client(headers={"host": "localhost"}, raise_request_exception=False)
    browser.force_login(heard)
    wrong, seen = [], []
    for values in _things(network, heard):
        for route in routes():
            if values["first"] or set(names_in(route)) & {"identity", "key", "session_id", "command_id"}:
                answer = asked(browser, route, values, "get")
                text = text_of(answer)
                seen.append(text)
                if why := why_unsafe(answer, text):
                    wrong.append(f"{route}: {why}")
                if answer.status_code >= 500:
                    wrong.append(f"{route}: {answer.status_code}")
    wrong += _live(network, heard, seen)
    assert wrong == []
    whole = "\n".join(seen)
    missing = {
        where: [tag for tag in tags.split() if f"{ESCAPED}{tag}" not in whole and f"<u x>{tag}" not in whole]
        for where, tags in SHOWN.items()
    }
    assert {where: tags for where, tags in missing.items() if tags} == {}


def _things(network, owner):
    """The values of addresses: of everything once, then of each session and each command."""
    from ohmstead.network.models import Command

    made = one_of_each.build(network.organisation, owner)
    whole = OTHER | made.address | {"first": False}
    for number, identity in enumerate(("LIAR-16", "LIAR-201")):
        station = network.row(identity)
        yield whole | {"identity": identity, "key": station.pk, "first": number == 0}
        for session in network.sessions(station=station):
            yield whole | {"identity": identity, "key": session.pk, "page": "session", "session_id": session.pk}
        for command in Command.objects.filter(station=station):
            yield whole | {"identity": identity, "key": command.pk, "page": "command", "command_id": command.pk}


def _live(network, owner, seen):
    from django.http import QueryDict

    from ohmstead.network.models import Command
    from ohmstead.web.live.watches import _PAGES, _THINGS, watch_for
    from ohmstead.web.scope import viewer_of

    viewer = viewer_of(owner)
    stations = [network.row(identity).pk for identity in ("LIAR-16", "LIAR-201")]
    keys = {
        "session": [each.pk for each in network.sessions()],
        "command": list(Command.objects.filter(station__in=stations).values_list("pk", flat=True)),
        "bulk": [],
    }
    pairs = [(page, "") for page in _PAGES] + [(page, key) for page in _THINGS for key in keys.get(page, stations)]
    for page, key in pairs:
        text = watch_for(viewer, page, str(key), QueryDict("")).everything()
        seen.append(text)
        if why := markup(text):
            yield f"live {page}: {why}"
