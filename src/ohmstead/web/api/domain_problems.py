"""What the domain refuses, as problems of the API: the one table from errors to HTTP."""

from typing import Final

from ohmstead.access import errors as access
from ohmstead.charging.actions import SessionNotRunning
from ohmstead.drivers.actions import TokenRefused
from ohmstead.network import errors as network
from ohmstead.station.identity import InvalidIdentity

REFUSALS: Final[dict[type[Exception], str]] = {
    InvalidIdentity: "invalid",
    SessionNotRunning: "conflict",
    TokenRefused: "invalid",
    access.BadApiKey: "invalid",
    access.BadOrganisation: "invalid",
    access.BadSignInPassword: "invalid",
    access.UserExists: "conflict",
    network.BadPassword: "invalid",
    network.BadProfile: "invalid",
    network.CommandRefused: "invalid",
    network.PasswordUnderWay: "conflict",
    network.StationExists: "conflict",
    network.StationUnknown: "not-found",
}
