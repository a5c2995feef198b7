"""OCPP 2.1: priority, energy transfer, web payment, battery swap."""

from typing import Final

from ohmstead.station import commands as c
from ohmstead.wire.saying import Sayings, made, said
from ohmstead.wire.v2.commanding.tokens import id_token
from ohmstead.wire.v21 import messages as m


def priority(command: c.SetPriorityCharging) -> m.Message:
    return m.UsePriorityChargingRequest(transaction_id=command.transaction_id, activate=command.active)


def energy_transfer(command: c.AllowEnergyTransfer) -> m.Message:
    return made(
        m.NotifyAllowedEnergyTransferRequest,
        transaction_id=command.transaction_id,
        allowed_energy_transfer=command.modes,
    )


def battery_swap(command: c.RequestBatterySwap) -> m.Message:
    return m.RequestBatterySwapRequest(id_token=id_token(m, command.token), request_id=command.request_id)


def web_payment(command: c.AnnounceWebPayment) -> m.Message:
    return m.NotifyWebPaymentStartedRequest(evse_id=command.evse, timeout=command.timeout_s)


SAYINGS: Final[Sayings] = {
    c.SetPriorityCharging: said(priority, "UsePriorityCharging"),
    c.AllowEnergyTransfer: said(energy_transfer, "NotifyAllowedEnergyTransfer"),
    c.RequestBatterySwap: said(battery_swap, "RequestBatterySwap", ignores=("token.group_uid",)),
    c.AnnounceWebPayment: said(web_payment, "NotifyWebPaymentStarted"),
}
