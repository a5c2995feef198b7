"""What a station said of each thing, when it was asked for several."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ohmstead.station.commands import Item

# Every other word is a refusal; a station's word is passed on in either case.
AGREED: Final = frozenset(
    {"Accepted", "RebootRequired", "Scheduled", "Unlocked", "AcceptedCanceled", "DownloadOngoing", "Unpublished"}
)
_WORDS: Final = ("attributeStatus", "status")
_NOTES: Final = ("attributeStatusInfo", "statusInfo")
_VALUES: Final = ("attributeValue", "value")
_MOST_TEXT: Final = 300


def read_items(answer: Mapping[str, Any]) -> tuple[Item, ...]:
    """Variables, monitors and tariffs with a word of their own each, and the keys of a configuration.

    `answer` is the payload of a CommandOutcome. Never raises.
    """
    return tuple(item for field, parts in answer.items() for item in _of_field(field, parts))


def _of_field(field: str, parts: Any) -> Iterator[Item]:
    if not isinstance(parts, list):
        return
    for part in parts:
        if field == "unknownKey" and isinstance(part, str):
            yield Item(name=_short(part), accepted=False, word="UnknownKey", says_status=False)
        elif isinstance(part, dict):
            item = _of_part(field, part)
            if item is not None:
                yield item


def _of_part(field: str, part: dict[str, Any]) -> Item | None:
    word = next((part[key] for key in _WORDS if isinstance(part.get(key), str)), None)
    if word is not None:
        value = next((str(part[key]) for key in _VALUES if part.get(key) is not None), None)
        note = ": ".join(noted(part)) or None
        return Item(name=_name(part), accepted=word in AGREED, word=_short(word), value=value, note=note)
    if field == "configurationKey":
        value = None if part.get("value") is None else str(part["value"])
        word = "ReadOnly" if part.get("readonly") is True else "ReadWrite"
        return Item(name=_name(part), accepted=True, word=word, value=value, says_status=False)
    return None


def noted(part: Mapping[str, Any]) -> list[str]:
    """The reason a 2.x station gives: its code, and its own text."""
    info: Mapping[str, Any] = next((part[key] for key in _NOTES if isinstance(part.get(key), dict)), {})
    return [_short(str(info[key])) for key in ("reasonCode", "additionalInfo") if info.get(key)]


def _name(part: dict[str, Any]) -> str:
    """A variable as `Component.Variable`, else the number or key by which the station names the thing."""
    component, variable = part.get("component"), part.get("variable")
    if isinstance(component, dict) and isinstance(variable, dict):
        return _short(f"{_placed(component)}.{_placed(variable)}")
    return _short(str(next((part[key] for key in ("id", "key", "tariffId") if part.get(key) is not None), "")))


def _placed(named: dict[str, Any]) -> str:
    instance, evse = named.get("instance"), named.get("evse")
    text = f"{named.get('name', '')}[{instance}]" if instance else str(named.get("name", ""))
    return f"{text}@{evse.get('id')}" if isinstance(evse, dict) else text


def _short(text: str) -> str:
    return text[:_MOST_TEXT]
