from collections.abc import AsyncIterator

import pytest_asyncio

from tests.simulator.scripted_csms import Csms, running


@pytest_asyncio.fixture
async def csms() -> AsyncIterator[Csms]:
    async with running() as network:
        yield network
