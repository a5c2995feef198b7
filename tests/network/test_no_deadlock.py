"""S1, S6: desks, workers, sweeps and operators work on the same rows at the same time."""

import random
import threading
from contextlib import suppress
from datetime import timedelta

from ohmstead.bus.messages import GatewaySeen
from ohmstead.station.commands import CommandOutcome
from ohmstead.station.events import Booted, CommandAnswered
from ohmstead.station.states import PlugState
from ohmstead.wire import Mend
from tests.network.heard import NOON, connected, disconnected, heard, plug
from tests.network.test_admission import admit, request, stations
from tests.network.test_line import project

ROUNDS = 12


def test_s1_s6_admission_projection_commands_and_the_sweep_never_deadlock(organisation):
    from django.db import connection

    from ohmstead.access.actors import SYSTEM
    from ohmstead.network import command_actions, dispatch, presence
    from ohmstead.network.errors import PasswordUnderWay

    rows = stations(organisation, 40)
    failures = []

    def admissions(dice):
        admit(*(request(each.identity, gateway=f"gw-{dice.randrange(3)}") for each in dice.sample(rows, 30)))

    def worker(dice):
        batch = []
        for each in dice.sample(rows, 30):
            epoch = dice.randrange(1, 90)
            batch += [
                connected(each.id, epoch=epoch, stream=dice.randrange(1, 3), gateway=f"gw-{dice.randrange(3)}"),
                heard(each.id, Booted(vendor="V", model="M"), epoch=epoch),
                heard(each.id, plug(PlugState.FAULTED, evse=dice.randrange(1, 4), error_code="Other"), epoch=epoch),
                heard(each.id, action="Heartbeat", mends=(Mend("code", "Sentence.", "raw"),)),
                disconnected(each.id, epoch=epoch),
            ]
        dice.shuffle(batch)
        project(*batch)

    def operator(dice):
        with suppress(PasswordUnderWay):
            command_actions.change_password_over_the_air(dice.choice(rows), by=SYSTEM)

    def dispatcher(dice):
        claimed = dispatch.claim(NOON)
        project(*(_answer(each) for each in claimed[::2]))
        dispatch.end({each.id: CommandOutcome(state="accepted") for each in claimed}, NOON)

    def gateways(dice):
        words = [
            GatewaySeen(gateway=f"gw-{n}", stream=dice.randrange(1, 3), connections=1, entries_total=1)
            for n in range(3)
        ]
        presence.gateways_seen(words, NOON)
        presence.sweep(NOON + timedelta(seconds=60))

    def repeat(work, seed):
        dice = random.Random(seed)
        try:
            for _ in range(ROUNDS):
                work(dice)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    works = [admissions, admissions, worker, worker, operator, dispatcher, dispatcher, gateways, gateways]
    threads = [threading.Thread(target=repeat, args=(work, seed)) for seed, work in enumerate(works)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(90)
    assert failures == []
    assert not any(each.is_alive() for each in threads)


def _answer(claimed):
    event = CommandAnswered(message_id=str(claimed.id), action="ChangeConfiguration", payload={"status": "Accepted"})
    return heard(claimed.station_id, event, kind=5)
