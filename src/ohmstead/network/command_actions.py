"""Writes of commands: each is one transaction with its audit row."""

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils import timezone

from ohmstead.access import live
from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.network import commands, passwords
from ohmstead.network.errors import CommandRefused, KeyUsedAgain, TooLate
from ohmstead.network.models import Command, CommandState, FirmwareUpdate, Station, StationFile
from ohmstead.network.rules.addresses import check_addresses
from ohmstead.network.rules.secrets import KEPT_SECRET, password_command
from ohmstead.network.station_rows import locked
from ohmstead.station.commands import AnyCommand, ChangePassword, new_request_id

WAITS_AT_MOST: Final = timedelta(days=30)
_STILL_OURS: Final = (CommandState.PLANNED, CommandState.QUEUED, CommandState.WAITING)


@transaction.atomic(durable=True)
def ask_station(
    station: Station,
    command: AnyCommand,
    *,
    by: Actor,
    wait_until_online: timedelta | None = None,
    key: str = "",
) -> Command:
    """Queue a command; its row tells how it goes on.

    An offline station is answered for at once, unless the command may wait for it. With a `key` that was used before
    the earlier row comes back and nothing is asked again. A password that is set by way of a setting counts as one,
    or the station would lock itself out. Raises PasswordUnderWay, BadPassword, CommandRefused, KeyUsedAgain.
    """
    command = password_command(command)
    check_addresses(command)
    if key:
        locked(station)  # two that bring the same key at once come one after the other
        earlier = Command.objects.filter(station=station, key=key[:80]).first()
        if earlier is not None:
            return _same(earlier, command)
    row = _queue(station, command, by, key=key[:80], **_waiting(wait_until_online))
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


@transaction.atomic(durable=True)
def cancel_command(command: Command, *, by: Actor) -> None:
    """Take back what has not been sent yet. Raises TooLate when the station has it or it has ended."""
    locked(command.station)
    command.refresh_from_db(from_queryset=Command.objects.select_for_update(no_key=True))
    if command.state == CommandState.CANCELLED:
        return
    if command.state not in _STILL_OURS:
        raise TooLate("The station has been asked already, so there is nothing left to take back.")
    commands.cancel([command], f"Taken back by {by.name}.", timezone.now())
    record(by, "station.command_cancelled", command.station, command=command.kind, command_id=str(command.pk))
    live.tell("commands", command.station.organisation_id, [command.pk])


@transaction.atomic(durable=True)
def repeat_command(command: Command, *, by: Actor, wait_until_online: timedelta | None = None) -> Command:
    """Ask the same of the same station again, as a new row. Raises CommandRefused where a secret was in it."""
    row = _queue(command.station, again(command), by, repeats_id=command.pk, **_waiting(wait_until_online))
    FirmwareUpdate.objects.filter(command=command).update(command=row, confirmed_at=None)
    StationFile.objects.filter(command=command).update(command=row)
    record(by, "station.asked", command.station, command=row.kind, command_id=str(row.pk), repeats=str(command.pk))
    return row


def again(command: Command) -> AnyCommand:
    """The wish of an earlier row, with a number of its own for what the station reports later."""
    if KEPT_SECRET in msgspec.json.encode(command.command).decode():
        raise CommandRefused("Its secrets are not kept, so it cannot be repeated: ask for it anew.")
    wish: AnyCommand = commands.parsed(command)
    if "request_id" in type(wish).__struct_fields__ and command.request_id is not None:
        wish = msgspec.structs.replace(wish, request_id=new_request_id())
    return wish


def _same(earlier: Command, command: AnyCommand) -> Command:
    if earlier.kind != type(command).__name__:
        raise KeyUsedAgain("This key was used before, for another command.")
    return earlier


def _waiting(duration: timedelta | None) -> dict[str, datetime]:
    if duration is None:
        return {}
    if not timedelta(0) < duration <= WAITS_AT_MOST:
        raise CommandRefused(f"A command waits for a station for {WAITS_AT_MOST.days} days at most.")
    return {"expires_at": timezone.now() + duration}


def _queue(station: Station, command: AnyCommand, by: Actor, **fields: Any) -> Command:
    """A new password is valid from the moment it is on its way."""
    if isinstance(command, ChangePassword):
        locked(station)
        passwords.none_under_way(station)
        station.next_password_hash = passwords.hashed(passwords.checked(command.password))
        station.save(update_fields=["next_password_hash"])
    row = commands.row_of(station.pk, command, at=timezone.now(), by=by, **fields)
    row.save(force_insert=True)
    commands.wake_dispatch()
    live.tell("commands", station.organisation_id, [row.pk])
    return row
