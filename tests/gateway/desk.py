"""A desk with a script: answers what gateways ask over a real NATS server."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from ohmstead.bus import subjects
from ohmstead.bus.client import Bus, Message
from ohmstead.bus.messages import (
    AdmitReply,
    AdmitRequest,
    AuthoriseReply,
    AuthoriseRequest,
    CallReply,
    CallRequest,
    DoorRefused,
    GatewaySeen,
    LinkTaken,
    StationChanged,
)
from ohmstead.kit.ids import uuid7
from ohmstead.station.answers import Admission
from ohmstead.station.commands import AnyCommand
from ohmstead.station.passwords import password_hash
from ohmstead.station.tokens import TokenVerdict

SECRET = "the secret of these tests"
ORGANISATION = UUID("018f0000-0000-7000-8000-000000000001")


@dataclass
class Known:
    station_id: UUID = field(default_factory=uuid7)
    password: str | None = None
    admission: Admission = Admission.ACCEPTED
    epoch: int = 0
    heartbeat_s: int = 300
    vendor: str | None = None
    model: str | None = None


class ScriptedDesk:
    """Stations are known by identity; every question is kept to be looked at."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.stations: dict[str, Known] = {}
        self.verdicts: dict[str, TokenVerdict] = {}
        self.silent_about: set[str] = set()  # token uids never answered
        self.slow: asyncio.Event | None = None  # verdicts wait for it
        self.admits: list[AdmitRequest] = []
        self.authorisations: list[AuthoriseRequest] = []
        self.seen: list[GatewaySeen] = []
        self.refusals: list[DoorRefused] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        await self.bus.subscribe(subjects.ADMIT, self._admit, queue=subjects.DESK_GROUP)
        await self.bus.subscribe(subjects.AUTHORISE, self._authorise, queue=subjects.DESK_GROUP)
        await self.bus.subscribe(subjects.GATEWAY_SEEN, self._note_seen)
        await self.bus.subscribe(subjects.DOOR_REFUSED, self._note_refusal)
        await self.bus.flush()

    def knows(self, identity: str, **about: object) -> Known:
        self.stations[identity] = known = Known(**about)  # type: ignore[arg-type]
        return known

    async def change(self, known: Known, admission: Admission, close: str | None = None) -> None:
        known.admission = admission
        news = StationChanged(station_id=known.station_id, admission=admission, close=close)
        await self.bus.publish(subjects.STATION_CHANGED, news)

    async def ask(self, gateway: str, known: Known, command: AnyCommand, timeout_s: float = 5.0) -> CallReply:

        request = CallRequest(
            station_id=known.station_id, command=msgspec.Raw(msgspec.json.encode(command)), timeout_s=timeout_s
        )
        return await self.bus.request(subjects.gateway_calls(gateway), request, CallReply, timeout_s + 5)

    async def _admit(self, message: Message) -> None:
        request = message.decode(AdmitRequest)
        self.admits.append(request)
        known = self.stations.get(request.identity)
        if known is None:
            reply = AdmitReply(admission=Admission.REFUSED, http_status=404, reason="This station is not known.")
        elif known.password is not None and request.password_hash != password_hash(SECRET, known.password):
            reply = AdmitReply(admission=Admission.REFUSED, http_status=401, reason="The password is wrong.")
        elif known.admission is Admission.REFUSED:
            reply = AdmitReply(admission=Admission.REFUSED, http_status=403, reason="The operator refused it.")
        else:
            known.epoch += 1
            news = LinkTaken(station_id=known.station_id, epoch=known.epoch, gateway=request.gateway)
            await self.bus.publish(subjects.LINK_TAKEN, news)
            reply = AdmitReply(
                admission=known.admission,
                station_id=known.station_id,
                organisation_id=ORGANISATION,
                epoch=known.epoch,
                heartbeat_interval_s=known.heartbeat_s,
                vendor=known.vendor,
                model=known.model,
            )
        await message.respond(reply)

    async def _authorise(self, message: Message) -> None:
        request = message.decode(AuthoriseRequest)
        self.authorisations.append(request)
        if request.uid in self.silent_about:
            return
        task = asyncio.get_running_loop().create_task(self._decide(message, request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _decide(self, message: Message, request: AuthoriseRequest) -> None:
        if self.slow is not None:
            await self.slow.wait()
        verdict = self.verdicts.get(request.uid, TokenVerdict.ACCEPTED)
        await message.respond(AuthoriseReply(verdict=verdict, reason="as scripted"))

    async def _note_seen(self, message: Message) -> None:
        self.seen.append(message.decode(GatewaySeen))

    async def _note_refusal(self, message: Message) -> None:
        self.refusals.append(message.decode(DoorRefused))
