"""Questions about certificates leave the house from here: slow peers, so on threads of their own and bounded."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from prometheus_client import Counter

from ohmstead.bus.client import Message
from ohmstead.bus.messages import CertificateAnswer, CertificateQuestion
from ohmstead.charging.authorisation import note_certificate_refused
from ohmstead.kit.clock import Clock
from ohmstead.kit.http import GuardedClient
from ohmstead.network.contracts import chain_answer, trusted_roots
from ohmstead.network.plug_and_charge import ContractPool, NoContractPool, OpcpPool, answer
from ohmstead.run.desk.database import DatabaseAway, DatabaseThread
from ohmstead.run.environment import Environment
from ohmstead.station.certificates import NOT_ACCEPTED, CertificateState

AT_ONCE: Final = 16
DATABASE_WITHIN_S: Final = 3.0
MOST_WAITING: Final = 400  # beyond, the station hears at once that there is no answer

ANSWERED = Counter("ohmstead_desk_certificate_answers_total", "Questions about certificates.", ["answered"])


@dataclass(frozen=True, slots=True)
class CertificateSources:
    client: GuardedClient
    pool: ContractPool

    @classmethod
    def of(cls, environment: Environment) -> "CertificateSources":
        client = GuardedClient(allow_private=environment.allow_private_addresses, timeout_s=5.0)
        if not environment.contract_pool_url:
            return cls(client, NoContractPool())
        return cls(client, OpcpPool(environment.contract_pool_url, environment.contract_pool_token, client))


class CertificateDesk:
    def __init__(self, sources: CertificateSources, database: DatabaseThread, clock: Clock) -> None:
        self._sources, self._database, self._clock = sources, database, clock
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="certificates")
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, message: Message) -> None:
        question = message.decode(CertificateQuestion)
        if len(self._tasks) >= MOST_WAITING:
            await message.respond(CertificateAnswer(note="Too many certificate questions at once."))
            return
        task = asyncio.create_task(self._answer(message, question))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _answer(self, message: Message, question: CertificateQuestion) -> None:
        sources, chain, organisation_id = self._sources, question.chain, question.organisation_id
        if chain is None or organisation_id is None:
            said = await self._outside(
                lambda: answer(question.ocsp, question.contract, client=sources.client, pool=sources.pool)
            )
            await self._respond(message, said)
            return
        try:
            roots = await self._database.run(lambda: trusted_roots(organisation_id), within_s=DATABASE_WITHIN_S)
        except DatabaseAway:
            note = "The trusted roots could not be read."
            await self._respond(message, CertificateAnswer(state=CertificateState.UNANSWERED, note=note))
            return
        now = self._clock.now()
        said = await self._outside(lambda: chain_answer(chain, question.ocsp, roots, sources.client, now))
        await self._respond(message, said)
        if said.state in NOT_ACCEPTED:
            with contextlib.suppress(DatabaseAway):
                await self._database.run(
                    lambda: note_certificate_refused(
                        organisation_id, question.station_id, chain.contract, said.note or "", self._clock
                    )
                )

    async def _outside(self, work: Callable[[], CertificateAnswer]) -> CertificateAnswer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def _respond(self, message: Message, said: CertificateAnswer) -> None:
        ANSWERED.labels("yes" if said.note is None else "no").inc()
        await message.respond(said)
