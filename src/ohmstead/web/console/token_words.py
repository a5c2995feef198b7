"""Kinds and states of tokens and reservations in the words and icons an operator reads."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from ohmstead.station.tokens import TokenKind
from ohmstead.web.console.words import UNKNOWN, Look

KIND_WORDS: Final = {
    TokenKind.RFID: _("Card"),
    TokenKind.APP: _("App"),
    TokenKind.GUEST: _("Guest"),
    TokenKind.LOCAL: _("Local"),
    TokenKind.KEYCODE: _("Key code"),
    TokenKind.MAC_ADDRESS: _("Car (Autocharge)"),
    TokenKind.EMAID: _("Contract (Plug & Charge)"),
    TokenKind.VIN: _("Vehicle number"),
    TokenKind.PLATE: _("Licence plate"),
    TokenKind.DIRECT_PAYMENT: _("Payment terminal"),
    TokenKind.NO_AUTHORIZATION: _("No token"),
}
STATUS_LOOKS: Final = {
    "valid": Look("available", "circle-check", _("May charge")),
    "blocked": Look("faulted", "ban", _("Blocked")),
    "expired": Look("offline", "calendar-time", _("Expired")),
    "ordered": Look("preparing", "hourglass", _("Not activated")),
}
RESERVATION_LOOKS: Final = {
    "booked": Look("reserved", "calendar", _("Booked")),
    "held": Look("reserved", "clock", _("Held now")),
    "honoured": Look("available", "circle-check", _("Charged")),
    "cancelled": Look("offline", "x", _("Cancelled")),
    "no_show": Look("warning", "alert-triangle", _("Nobody came")),
}
ENFORCED_WORDS: Final = {
    "station": _("kept by the station"),
    "decision": _("kept by refusing other cards"),
    "": _("not begun"),
}

OFFLINE_RULES: Final = {
    "listed": _("cards on its list charge"),
    "everyone": _("everybody charges"),
    "nobody": _("nobody charges"),
}
MAY_RESERVE_WORDS: Final = {
    "nobody": _("nobody"),
    "members": _("members of a group"),
    "drivers": _("every driver"),
}
OFFER_WORDS: Final = {
    "open": _("waits for the plug"),
    "started": _("started"),
    "refused": _("refused"),
    "expired": _("nobody plugged in"),
    "wrong": _("was another car"),
}


def kind_word(kind: str) -> str:
    return str(KIND_WORDS[TokenKind(kind)]) if kind in set(TokenKind) else kind


def status_look(status: str) -> Look:
    return STATUS_LOOKS.get(status, UNKNOWN)


def reservation_look(state: str) -> Look:
    return RESERVATION_LOOKS.get(state, UNKNOWN)
