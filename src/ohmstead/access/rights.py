"""What a person or a program may do in an organisation."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from ohmstead.access.models import Role


class Right(StrEnum):
    """The scopes of API keys have the same names."""

    VIEW = "view"  # everything of the network and its sessions
    OPERATE = "operate"  # start, stop, unlock, reset, availability; the simulator
    CONFIGURE = "configure"  # settings, firmware, certificates, logs, raw messages
    ADMIT = "admit"  # let stations in or turn them away
    NETWORK = "network"  # add and change sites, stations, connectors
    DRIVERS = "drivers"  # drivers, cards and groups
    PEOPLE = "people"  # members, roles, invitations, the organisation itself
    INTEGRATE = "integrate"  # API keys and webhooks
    AUDIT = "audit"  # read who did what


RIGHTS: Final[dict[str, frozenset[Right]]] = {
    Role.OWNER: frozenset(Right),
    Role.OPERATOR: frozenset(
        {Right.VIEW, Right.OPERATE, Right.CONFIGURE, Right.ADMIT, Right.NETWORK, Right.DRIVERS, Right.AUDIT}
    ),
    Role.TECHNICIAN: frozenset({Right.VIEW, Right.OPERATE, Right.CONFIGURE, Right.ADMIT}),
    Role.SUPPORT: frozenset({Right.VIEW, Right.OPERATE, Right.DRIVERS}),
    Role.FINANCE: frozenset({Right.VIEW, Right.AUDIT}),
    Role.READER: frozenset({Right.VIEW}),
}


def rights_of(role: str) -> frozenset[Right]:
    return RIGHTS.get(role, frozenset())


def rights_named(names: Iterable[str]) -> frozenset[Right]:
    """A name that no longer is a right gives nothing."""
    return frozenset(right for right in Right if right.value in set(names))
