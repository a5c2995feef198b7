"""The processes of a deployment. Each role is a module here with `async def run(environment) -> None`."""

import asyncio
import gc
import importlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack

from ohmstead.run import metrics
from ohmstead.run.environment import TRIAL_SECRET, Environment

ROLES = ("gateway", "desk", "worker", "web")
PARENT_VARIABLE = "OHMSTEAD_PARENT"  # set by the supervisor: our standard input ends when it does


class RoleCannotStart(RuntimeError):
    """The message is a sentence for the operator."""


def stopping() -> asyncio.Event:
    """An event set by SIGTERM, by SIGINT, and when the supervisor that started this process is gone."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, event.set)
    on_parent_gone(lambda: loop.call_soon_threadsafe(event.set))
    return event


def on_parent_gone(act: Callable[[], object]) -> None:
    """Call `act` when the supervisor dies, however it dies; nothing to do for a process started by hand."""
    if os.environ.get(PARENT_VARIABLE) != "1":
        return

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 64):
            pass
        act()

    threading.Thread(target=wait, name="parent", daemon=True).start()


def collect_garbage_seldom() -> None:
    """Messages leave no cycles behind: the defaults would look over all that is held several times a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def start(role: str, environment: Environment) -> None:
    """Run one role in this process until it is told to stop."""
    import uvloop

    if environment.secret_key == TRIAL_SECRET:
        raise RoleCannotStart(
            "OHMSTEAD_SECRET_KEY is not set: give every role the same long random text, "
            "or use `ohmstead up`, which makes one."
        )
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s {role}: %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    uvloop.run(_run(role, environment))


async def _run(role: str, environment: Environment) -> None:
    module = importlib.import_module(f"ohmstead.run.roles.{role}")
    async with AsyncExitStack() as stack:
        if environment.health_port:
            await stack.enter_async_context(metrics.serve(environment.health_port))
        await module.run(environment)
