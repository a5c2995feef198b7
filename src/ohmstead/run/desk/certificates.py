"""Questions about certificates leave the house from here: slow peers, so on threads of their own and bounded."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from prometheus_client import Counter

from ohmstead.bus.client import Message
from ohmstead.bus.messages import CertificateAnswer, CertificateQuestion
from ohmstead.kit.http import GuardedClient
from ohmstead.network.plug_and_charge import ContractPool, NoContractPool, OpcpPool, answer
from ohmstead.run.environment import Environment

AT_ONCE: Final = 16
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
    def __init__(self, sources: CertificateSources) -> None:
        self._sources = sources
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
        loop = asyncio.get_running_loop()
        said = await loop.run_in_executor(
            self._threads,
            lambda: answer(question.ocsp, question.contract, client=self._sources.client, pool=self._sources.pool),
        )
        ANSWERED.labels("yes" if said.note is None else "no").inc()
        await message.respond(said)
