"""Writes of commands: each is one transaction with its audit row."""

from django.db import transaction
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.network import commands, passwords
from ohmstead.network.models import Command, Station
from ohmstead.network.rules.secrets import password_command
from ohmstead.network.station_rows import locked
from ohmstead.station.commands import AnyCommand, ChangePassword


@transaction.atomic(durable=True)
def ask_station(station: Station, command: AnyCommand, *, by: Actor) -> Command:
    """Queue a command; its row tells how it goes on. An offline station is answered for at once.

    A password that is set by way of a setting counts as one, or the station would lock itself out.
    Raises PasswordUnderWay, BadPassword, CommandRefused.
    """
    row = _queue(station, password_command(command), by)
    record(by, "station.asked", station, command=row.kind, command_id=str(row.pk))
    return row


@transaction.atomic(durable=True)
def change_password_over_the_air(station: Station, *, by: Actor) -> Command:
    """Send the station a new random password. The old one stays valid until it has confirmed the new one.

    Raises PasswordUnderWay.
    """
    row = _queue(station, ChangePassword(password=passwords.hexadecimal()), by)
    record(by, "station.password_sent", station, command_id=str(row.pk))
    return row


def _queue(station: Station, command: AnyCommand, by: Actor) -> Command:
    """A new password is valid from the moment it is on its way."""
    if isinstance(command, ChangePassword):
        locked(station)
        passwords.none_under_way(station)
        station.next_password_hash = passwords.hashed(passwords.checked(command.password))
        station.save(update_fields=["next_password_hash"])
    return commands.queue(station.pk, command, at=timezone.now(), by=by)
