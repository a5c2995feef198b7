"""What an operator, or whoever doubts him, reads from the tables."""

import os
from typing import Any

import psycopg

from tests.line.conftest import Network
from tests.line.system import until


class Auditor(Network):
    def identity(self, address: str) -> str:
        return address.rsplit("/", 1)[1]

    def at(self, address: str) -> Any:
        """The station's row."""
        return self.row(self.identity(address))

    def charged(self, address: str | None = None) -> list[Any]:
        """Sessions as people count them: what was refused is none."""
        found = [session for session in self.sessions() if session.state != "refused"]
        return found if address is None else [s for s in found if s.station_id == self.at(address).pk]

    def journal(self, address: str, **wanted: Any) -> list[Any]:
        """Newest first."""
        from ohmstead.journal import reader

        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            return reader.station_log(connection, self.at(address).pk, **wanted)

    def folded(self) -> None:
        """Wait until the worker has nothing left to read."""
        from ohmstead.journal import reader

        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            until(lambda: reader.lag(connection, "worker").entries == 0, why="the worker has read everything")

    def deviations(self, address: str) -> dict[str, str]:
        """Code -> the newest text it was made of."""
        from ohmstead.network.models import Deviation

        return dict(Deviation.objects.filter(station=self.at(address)).values_list("code", "example"))

    def readings(self, address: str) -> list[Any]:
        from ohmstead.charging.models import MeterReading

        return list(MeterReading.objects.filter(station_id=self.at(address).pk).order_by("at", "context"))

    def evses(self, address: str) -> dict[int, str]:
        from ohmstead.network.models import Evse

        return dict(Evse.objects.filter(station=self.at(address)).values_list("number", "state"))

    def ask(self, address: str, command: Any) -> Any:
        """A command's row, as someone at the console would leave it."""
        from ohmstead.access.actors import SYSTEM
        from ohmstead.network.command_actions import ask_station

        return ask_station(self.at(address), command, by=SYSTEM)

    def ended(self, command: Any, state: str) -> Any:
        """Wait for the command's end; its row."""

        def in_state() -> bool:
            command.refresh_from_db()
            return bool(command.state == state)

        until(in_state, why=lambda: f"the command is {state}; it is {command.state}: {command.reason}")
        return command

    def quarantined(self) -> int:
        from ohmstead.charging.models import QuarantinedEntry

        return QuarantinedEntry.objects.count()
