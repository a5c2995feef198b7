"""Operations and their fields in words: made from the names, so that a new operation needs no line here.

The catalogue holds the German of every title, sentence and label; a test reads it against the table of operations.
"""

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ohmstead.station.commands.operations import OPERATIONS, Operation

GROUPS: Final = {
    "sessions": _("Sessions and reservations"),
    "control": _("Station and plugs"),
    "settings": _("Settings and device model"),
    "tokens": _("Cards at the station"),
    "power": _("Charging power"),
    "upkeep": _("Firmware and logs"),
    "certificates": _("Certificates"),
    "monitoring": _("Monitoring"),
    "display": _("Display"),
    "tariffs": _("Tariffs at the station"),
    "grid": _("Grid control"),
    "raw": _("Any message"),
}
GROUP_ICONS: Final = {
    "sessions": "bolt",
    "control": "power",
    "settings": "adjustments",
    "tokens": "credit-card",
    "power": "gauge",
    "upkeep": "cpu",
    "certificates": "certificate",
    "monitoring": "activity",
    "display": "message",
    "tariffs": "coin",
    "grid": "building",
    "raw": "terminal-2",
}
_UNITS: Final = {
    "w": "W",
    "a": "A",
    "s": "s",
    "wh": "Wh",
    "hz": "Hz",
    "var": "var",
    "percent": "%",
    "percent_per_s": "%/s",
}
_NOT_UNITS: Final = frozenset({"fixed_var", "volt_var"})
_ACRONYMS: Final = {
    "apn": "APN", "evse": "plug", "evses": "plugs", "id": "number", "ids": "numbers", "l2": "L2", "l3": "L3",
    "md5": "MD5", "pem": "(PEM)", "phi": "φ", "sim": "SIM", "pin": "PIN", "uid": "card number", "url": "address",
    "vpn": "VPN", "cos": "cos",
}  # fmt: skip
_BY_KIND: Final = {operation.kind.__name__: operation for operation in OPERATIONS.values()}


def title_msgid(name: str) -> str:
    return name.replace("_evse", "_plug").replace("_", " ").capitalize()


def title(operation: Operation) -> str:
    return gettext(title_msgid(operation.name))


def kind_title(kind: str) -> str:
    """Of a command row, whose kind is the name of a struct."""
    operation = _BY_KIND.get(kind)
    return title(operation) if operation else kind


def operation_of(kind: str) -> Operation | None:
    return _BY_KIND.get(kind)


def label_and_unit(name: str) -> tuple[str, str]:
    """`limit_l2_w` as ("Limit L2", "W"); the label is a msgid."""
    words = name.split("_")
    for length in (3, 1):
        unit = _UNITS.get("_".join(words[-length:]))
        if unit and len(words) > length and name not in _NOT_UNITS:
            return _spoken(words[:-length]), unit
    return _spoken(words), ""


def choice_msgid(word: str) -> str:
    """A choice of ours in words; those of OCPP, which are spelt with capitals, stay as they are."""
    return word.replace("_", " ") if word.islower() else word


def _spoken(words: list[str]) -> str:
    text = " ".join(_ACRONYMS.get(word, word) for word in words)
    return text[:1].upper() + text[1:]
