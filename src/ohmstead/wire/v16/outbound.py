"""OCPP 1.6: what we ask of a station."""

from collections.abc import Callable
from typing import Any, Final, get_args

from ohmstead.station import commands as c
from ohmstead.wire.refusals import CommandNotInDialect
from ohmstead.wire.v16 import messages as m
from ohmstead.wire.v16.transactions import MAX_ID

_MAX_TAG: Final = 20
_EXTENDED: Final = {"SignChargingStationCertificate": "SignChargePointCertificate"}


def start(command: c.StartSession) -> m.Message:
    """1.6 has no room for a remote start id: the session is recognised by card and connector."""
    if len(command.token.uid) > _MAX_TAG:
        raise CommandNotInDialect("An OCPP 1.6 station takes card numbers of at most 20 characters.")
    return m.RemoteStartTransactionRequest(id_tag=command.token.uid, connector_id=command.evse)


def stop(command: c.StopSession) -> m.Message:
    try:
        transaction_id = int(command.transaction_id)
    except ValueError:
        transaction_id = 0
    if not 1 <= transaction_id <= MAX_ID:
        raise CommandNotInDialect("An OCPP 1.6 transaction id is a number that we gave.")
    return m.RemoteStopTransactionRequest(transaction_id=transaction_id)


def reset(command: c.ResetStation) -> m.Message:
    if command.evse:
        raise CommandNotInDialect("An OCPP 1.6 station can only be reset as a whole.")
    return m.ResetRequest(type="Hard" if command.immediate else "Soft")


def unlock(command: c.UnlockConnector) -> m.Message:
    return m.UnlockConnectorRequest(connector_id=command.evse)


def availability(command: c.ChangeAvailability) -> m.Message:
    return m.ChangeAvailabilityRequest(
        connector_id=command.evse or 0, type="Operative" if command.operative else "Inoperative"
    )


def trigger(command: c.TriggerMessage) -> m.Message:
    """The core message where it knows the word, the one of the security extension for the others."""
    word: Any = _EXTENDED.get(command.message, command.message)
    if word in get_args(m.TriggerMessageRequestRequestedMessage):
        return m.TriggerMessageRequest(requested_message=word, connector_id=command.evse)
    if word in get_args(m.MessageTriggerEnum):
        return m.ExtendedTriggerMessageRequest(requested_message=word, connector_id=command.evse)
    raise CommandNotInDialect(f"An OCPP 1.6 station cannot be asked for {command.message}.")


def password(command: c.ChangePassword) -> m.Message:
    """The security whitepaper wants hexadecimal digits; stations that follow it to the letter need such a password."""
    return m.ChangeConfigurationRequest(key="AuthorizationKey", value=command.password)


def certificate(command: c.DeliverCertificate) -> m.Message:
    if command.purpose != "station":
        raise CommandNotInDialect("An OCPP 1.6 station takes no certificate for cars.")
    return m.CertificateSignedRequest(certificate_chain=command.chain_pem)


def setting(command: c.SetSetting) -> m.Message:
    return m.ChangeConfigurationRequest(key=command.name, value=command.value)


def settings(command: c.GetSettings) -> m.Message:
    return m.GetConfigurationRequest(key=list(command.names) or None)


COMMANDS: Final[dict[type[c.Command], Callable[[Any], m.Message]]] = {
    c.StartSession: start,
    c.StopSession: stop,
    c.ResetStation: reset,
    c.UnlockConnector: unlock,
    c.ChangeAvailability: availability,
    c.TriggerMessage: trigger,
    c.ChangePassword: password,
    c.DeliverCertificate: certificate,
    c.SetSetting: setting,
    c.GetSettings: settings,
}
SENT: Final = frozenset(
    {
        "CertificateSigned",
        "ChangeAvailability",
        "ChangeConfiguration",
        "ExtendedTriggerMessage",
        "GetConfiguration",
        "RemoteStartTransaction",
        "RemoteStopTransaction",
        "Reset",
        "TriggerMessage",
        "UnlockConnector",
    }
)
