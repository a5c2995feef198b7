"""Whether a token may charge: asked of the desk, kept for a moment, and by stated policy when nobody answers."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from ohmstead.bus import subjects
from ohmstead.bus.client import Bus, BusUnavailable
from ohmstead.bus.messages import AuthoriseReply, AuthoriseRequest, CertificateAnswer, CertificateQuestion
from ohmstead.gateway.counts import Counts
from ohmstead.gateway.settings import Policy
from ohmstead.kit.clock import Clock
from ohmstead.station.certificates import CertificateState, ContractChain, ContractQuestion, OcspQuestion
from ohmstead.station.tokens import PresentedToken, TokenKind, TokenVerdict

STOP: Final = "stop"
START: Final = "start"

type _Key = tuple[UUID, str, TokenKind]


class Verdict(msgspec.Struct, frozen=True, gc=False):
    verdict: TokenVerdict
    until: datetime | None = None
    parent_uid: str | None = None


class Verdicts:
    """One per gateway; bounded, oldest out first."""

    def __init__(self, bus: Bus, policy: Policy, clock: Clock, counts: Counts) -> None:
        self._bus, self._policy, self._clock, self._counts = bus, policy, clock, counts
        self._known: dict[_Key, tuple[float, Verdict]] = {}

    def fresh(self, station_id: UUID, token: PresentedToken, purpose: str) -> Verdict | None:
        """A repeated Authorize within seconds. Starts and stops are always asked: they change what is true."""
        if purpose in (START, STOP):
            return None
        known = self._known.get((station_id, token.canonical_uid, token.kind))
        if known is None or self._clock.monotonic() - known[0] > self._policy.verdict_fresh_s:
            return None
        return known[1]

    async def ask(
        self,
        organisation_id: UUID,
        station_id: UUID,
        token: PresentedToken,
        purpose: str,
        evse: int | None,
        transaction_id: str | None,
    ) -> Verdict:
        """Never raises and always ends in time."""
        self._counts.verdicts_asked += 1
        question = AuthoriseRequest(
            organisation_id=organisation_id,
            station_id=station_id,
            uid=token.uid,
            kind=token.kind,
            purpose=purpose,
            evse=evse,
            transaction_id=transaction_id,
        )
        try:
            reply = await self._bus.request(subjects.AUTHORISE, question, AuthoriseReply, self._policy.verdict_s)
        except BusUnavailable:
            self._counts.verdicts_unanswered += 1
            return self._unanswered((station_id, token.canonical_uid, token.kind), purpose)
        verdict = Verdict(reply.verdict, reply.until, reply.parent_uid)
        if purpose != STOP and verdict.verdict is not TokenVerdict.CONCURRENT_TX:  # true of that session only
            self._remember((station_id, token.canonical_uid, token.kind), verdict)
        return verdict

    async def certificate(
        self,
        organisation_id: UUID,
        station_id: UUID,
        ocsp: tuple[OcspQuestion, ...],
        contract: ContractQuestion | None = None,
        chain: ContractChain | None = None,
    ) -> CertificateAnswer:
        """What responders and pools say, through the desk. Never raises and always ends in time."""
        question = CertificateQuestion(
            station_id=station_id, organisation_id=organisation_id, ocsp=ocsp, contract=contract, chain=chain
        )
        try:
            return await self._bus.request(
                subjects.CERTIFICATE, question, CertificateAnswer, self._policy.certificate_s
            )
        except BusUnavailable:
            note = "The certificate service did not answer in time."
            return CertificateAnswer(note=note, state=None if contract else CertificateState.UNANSWERED)

    def _unanswered(self, key: _Key, purpose: str) -> Verdict:
        if purpose == STOP:  # a stop is always taken
            return Verdict(TokenVerdict.ACCEPTED)
        known = self._known.get(key)
        if known is not None and self._clock.monotonic() - known[0] <= self._policy.verdict_known_s:
            return known[1]
        if purpose == START:
            return Verdict(self._policy.start_unanswered)
        return Verdict(self._policy.authorise_unanswered)

    def _remember(self, key: _Key, verdict: Verdict) -> None:
        self._known.pop(key, None)
        self._known[key] = (self._clock.monotonic(), verdict)
        if len(self._known) > self._policy.verdicts_kept:
            del self._known[next(iter(self._known))]
