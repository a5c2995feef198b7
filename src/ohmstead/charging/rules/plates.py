"""What a camera's message says, whoever made the camera. Pure: bytes in, readings out."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Final
from xml.parsers import expat

import msgspec

MESSAGE_MAX_BYTES: Final = 8_000_000  # pictures come along, and are thrown away unread
_READINGS_MAX: Final = 20
_PLATE_MAX: Final = 16
_NAMES: Final = ("licensePlate", "confidenceLevel", "dateTime")


class NotUnderstood(ValueError):
    """The message is a sentence for whoever sets the camera up."""


class PlateReading(msgspec.Struct, frozen=True):
    """`plate` has letters and digits only; `read_at` is None when the camera did not say, or not in which zone."""

    plate: str
    confidence_percent: float
    read_at: datetime | None = None


def readings(content_type: str, body: bytes) -> list[PlateReading]:
    """Hikvision ISAPI (XML, alone or in parts), Plate Recognizer (JSON) and AXIS License Plate Verifier (JSON).

    Raises NotUnderstood.
    """
    if len(body) > MESSAGE_MAX_BYTES:
        raise NotUnderstood(f"The message is larger than {MESSAGE_MAX_BYTES // 1_000_000} MB.")
    for part in _parts(content_type, body):
        text = part.lstrip(b"\xef\xbb\xbf \r\n\t")
        if text.startswith(b"<"):
            return _of_xml(text)
        if text.startswith(b"{"):
            return _of_json(text)
    raise NotUnderstood("The message holds neither XML nor JSON.")


def _parts(content_type: str, body: bytes) -> Iterator[bytes]:
    if not content_type.lower().startswith("multipart/"):
        yield body
        return
    if "\n" in content_type or "\r" in content_type:
        raise NotUnderstood("The content type is not one.")
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode("ascii", "replace") + b"\r\n\r\n" + body
    )
    if not message.is_multipart():
        raise NotUnderstood("The parts of the message cannot be told apart.")
    for part in message.iter_parts():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield payload


def _of_xml(text: bytes) -> list[PlateReading]:
    """Element names of ISAPI, whatever namespace the firmware puts them in; no document type, so no entities."""
    found: dict[str, str] = {}
    path: list[str] = []

    def begin(name: str, _: Mapping[str, str]) -> None:
        path.append(name.rpartition(":")[2])
        if path[-1] in _NAMES:
            found.setdefault(path[-1], "")
        if len(path) > 30:
            raise NotUnderstood("The XML is nested too deeply.")

    def data(value: str) -> None:
        if path[-1] in _NAMES:
            found[path[-1]] = (found[path[-1]] + value)[:100]

    def doctype(*_: object) -> None:
        raise NotUnderstood("The XML has a document type, which no camera needs.")

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda _: path.pop()
    parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise NotUnderstood(f"The XML is broken in line {error.lineno}.") from None
    if "licensePlate" not in found:
        raise NotUnderstood("The XML names no licensePlate.")
    return _usable([(found["licensePlate"], found.get("confidenceLevel"), found.get("dateTime"))], 100.0)


def _of_json(text: bytes) -> list[PlateReading]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise NotUnderstood("The JSON is broken.") from None
    if isinstance(said.get("results"), list):  # Plate Recognizer's answer to a picture
        said = {"data": said}
    data = said.get("data")
    if isinstance(data, dict) and isinstance(data.get("results"), list):  # Plate Recognizer Stream: score 0 to 1
        rows = [each for each in data["results"][:_READINGS_MAX] if isinstance(each, dict)]
        return _usable([(each.get("plate"), each.get("score"), data.get("timestamp")) for each in rows], 1.0)
    if "plateText" in said:  # AXIS License Plate Verifier: confidence 0 to 1, times in ms since 1970
        at = said.get("capture_timestamp") or said.get("datetime")
        return _usable([(said["plateText"], said.get("plateConfidence"), at)], 1.0)
    raise NotUnderstood("The JSON is none that Plate Recognizer or AXIS License Plate Verifier send.")


def _usable(rows: list[tuple[Any, Any, Any]], full: float) -> list[PlateReading]:
    found = []
    for text, confidence, at in rows:
        plate = "".join(each for each in str(text or "").upper() if each.isalnum())
        if not 3 <= len(plate) <= _PLATE_MAX:
            continue  # cameras say "unknown" or nothing for a car without a plate
        try:
            share = float(confidence) / full
        except (TypeError, ValueError):
            share = 0.0
        found.append(
            PlateReading(plate, round(min(max(share, 0.0), 1.0) * 100, 1) if share == share else 0.0, _moment(at))
        )
    return found


def _moment(at: Any) -> datetime | None:
    if isinstance(at, int | float) or (isinstance(at, str) and re.fullmatch(r"\d{10,13}", at)):
        number = float(at)
        try:
            return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
        except (OverflowError, OSError, ValueError):
            return None
    try:
        found = datetime.fromisoformat(str(at).strip())
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None
