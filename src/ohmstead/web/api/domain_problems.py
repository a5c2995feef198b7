"""What the domain refuses, as problems of the API: the one table from errors to HTTP."""

from typing import Final

from ohmstead.access import errors as access
from ohmstead.charging.actions import SessionNotRunning
from ohmstead.charging.plates import CameraRefused
from ohmstead.charging.rules.reservations import ReservationRefused
from ohmstead.drivers.errors import DriverRefused, NotThisToken, TokenRefused
from ohmstead.integration import errors as integration
from ohmstead.network import errors as network
from ohmstead.network.rules.problems import Unusable
from ohmstead.station.identity import InvalidIdentity

REFUSALS: Final[dict[type[Exception], str]] = {
    InvalidIdentity: "invalid",
    SessionNotRunning: "conflict",
    CameraRefused: "conflict",
    TokenRefused: "invalid",
    DriverRefused: "invalid",
    NotThisToken: "not-found",
    integration.BadWebhook: "invalid",
    integration.WebhookDisabledNow: "conflict",
    ReservationRefused: "conflict",
    Unusable: "invalid",
    access.BadInvitation: "invalid",
    access.BadName: "invalid",
    access.LastOwner: "conflict",
    access.NotYours: "forbidden",
    network.BadImage: "invalid",
    network.ImportHasFaults: "conflict",
    network.ImportIsOver: "conflict",
    access.BadApiKey: "invalid",
    access.BadOrganisation: "invalid",
    access.BadSignInPassword: "invalid",
    access.UserExists: "conflict",
    network.BadPassword: "invalid",
    network.BadProfile: "invalid",
    network.CommandRefused: "invalid",
    network.PasswordUnderWay: "conflict",
    network.BadPhoto: "invalid",
    network.ContractRootRefused: "invalid",
    network.BadValues: "invalid",
    network.KeyUsedAgain: "idempotency-key-reused",
    network.NoStations: "conflict",
    network.PlugExists: "conflict",
    network.SiteExists: "conflict",
    network.SiteInUse: "conflict",
    network.SiteUnknown: "not-found",
    network.StationNotInService: "conflict",
    network.TemplateExists: "conflict",
    network.TooLate: "conflict",
    network.TooManyPhotos: "conflict",
    network.StationExists: "conflict",
    network.StationUnknown: "not-found",
}
