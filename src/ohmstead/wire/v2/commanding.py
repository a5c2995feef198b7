"""OCPP 2.x: what we ask of a station, made with the structs of the version that is passed in."""

from collections.abc import Callable
from typing import Any, Final, get_args

from ohmstead.station import commands as c
from ohmstead.station.tokens import PresentedToken
from ohmstead.wire.refusals import CommandNotInDialect
from ohmstead.wire.v2.words import TOKEN_WORDS

FULL_INVENTORY: Final = 1  # the request id by which its NotifyReport messages are recognised
_MAX_TOKEN: Final = 36
_PURPOSES: Final = {"station": "ChargingStationCertificate", "v2g": "V2GCertificate"}


def start(m: Any, command: c.StartSession) -> Any:
    return m.RequestStartTransactionRequest(
        id_token=_id_token(m, command.token), remote_start_id=command.remote_start_id, evse_id=command.evse
    )


def _id_token(m: Any, token: PresentedToken) -> Any:
    if len(token.uid) > _MAX_TOKEN:
        raise CommandNotInDialect("A station takes tokens of at most 36 characters.")
    word = TOKEN_WORDS[token.kind]
    kinds = get_args(getattr(m, "IdTokenEnum", None))  # 2.1 leaves the words open
    if kinds and word not in kinds:
        raise CommandNotInDialect(f"A token of the kind {word} is unknown in OCPP 2.0.1.")
    return m.IdToken(id_token=token.uid, type=word)


def stop(m: Any, command: c.StopSession) -> Any:
    return m.RequestStopTransactionRequest(transaction_id=command.transaction_id)


def reset(m: Any, command: c.ResetStation) -> Any:
    return m.ResetRequest(type="Immediate" if command.immediate else "OnIdle", evse_id=command.evse)


def unlock(m: Any, command: c.UnlockConnector) -> Any:
    return m.UnlockConnectorRequest(evse_id=command.evse, connector_id=command.connector)


def availability(m: Any, command: c.ChangeAvailability) -> Any:
    return m.ChangeAvailabilityRequest(
        operational_status="Operative" if command.operative else "Inoperative", evse=_evse(m, command.evse)
    )


def trigger(m: Any, command: c.TriggerMessage) -> Any:
    """A StatusNotification is asked for one connector (2.0.1 F06.FR.12), so the first one is named."""
    if command.message not in get_args(m.MessageTriggerEnum):
        raise CommandNotInDialect(f"An OCPP 2.x station cannot be asked for {command.message}.")
    evse = _evse(m, command.evse)
    if command.message == "StatusNotification" and command.evse:
        evse = m.EVSE(id=command.evse, connector_id=1)
    return m.TriggerMessageRequest(requested_message=command.message, evse=evse)


def _evse(m: Any, evse: int | None) -> Any:
    return m.EVSE(id=evse) if evse else None


def certificate(m: Any, command: c.DeliverCertificate) -> Any:
    if command.purpose not in _PURPOSES:
        raise CommandNotInDialect(f"There is no certificate for the purpose {command.purpose}.")
    more = {}
    if "request_id" in m.CertificateSignedRequest.__struct_fields__:  # since 2.1
        more["request_id"] = command.request_id
    return m.CertificateSignedRequest(
        certificate_chain=command.chain_pem, certificate_type=_PURPOSES[command.purpose], **more
    )


def password(m: Any, command: c.ChangePassword) -> Any:
    return setting(m, c.SetSetting(name="SecurityCtrlr.BasicAuthPassword", value=command.password))


def setting(m: Any, command: c.SetSetting) -> Any:
    component, variable = _variable(m, command.name)
    data = m.SetVariableData(component=component, variable=variable, attribute_value=command.value)
    return m.SetVariablesRequest(set_variable_data=[data])


def settings(m: Any, command: c.GetSettings) -> Any:
    """Named variables are answered at once; without names the station reports everything by NotifyReport."""
    if not command.names:
        return m.GetBaseReportRequest(request_id=FULL_INVENTORY, report_base="FullInventory")
    data = []
    for name in command.names:
        component, variable = _variable(m, name)
        data.append(m.GetVariableData(component=component, variable=variable))
    return m.GetVariablesRequest(get_variable_data=data)


def _variable(m: Any, name: str) -> tuple[Any, Any]:
    """`Component.Variable`, each with an instance in brackets where it has one: `Component[instance].Variable`."""
    component, dot, variable = name.partition(".")
    if not (component and dot and variable):
        raise CommandNotInDialect(f"An OCPP 2.x variable is written Component.Variable, not {name[:60]!r}.")
    return _named(m.Component, component), _named(m.Variable, variable)


def _named(struct: Any, text: str) -> Any:
    name, bracket, instance = text.partition("[")
    return struct(name=name, instance=instance.removesuffix("]") if bracket else None)


COMMANDS: Final[dict[type[c.Command], Callable[[Any, Any], Any]]] = {
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
        "GetBaseReport",
        "GetVariables",
        "RequestStartTransaction",
        "RequestStopTransaction",
        "Reset",
        "SetVariables",
        "TriggerMessage",
        "UnlockConnector",
    }
)
