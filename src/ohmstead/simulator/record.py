"""A file of what the network acknowledged, one JSON line each: proof against what it later holds."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from ohmstead.simulator.outbox import Outgoing


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """A CALLRESULT was received for this call. `key` names the content: the same for a repeated message."""

    station: str
    message_id: str
    action: str
    key: str
    at: str


def content_key(action: str, body: dict[str, Any]) -> str:
    """Readable for transaction messages, a digest of the payload for the others."""
    match action:
        case "StartTransaction":
            return f"start:{body['connectorId']}:{body['idTag']}:{body['timestamp']}:{body['meterStart']}"
        case "StopTransaction":
            return f"stop:{body['transactionId']}:{body['timestamp']}:{body['meterStop']}"
        case "TransactionEvent":
            return f"event:{body['transactionInfo']['transactionId']}:{body['seqNo']}:{body['eventType']}"
        case _:
            digest = blake2b(msgspec.json.encode(body), digest_size=8).hexdigest()
            return f"{action}:{digest}"


class Recorder:
    """Appends and flushes each line at once, so that a killed simulator leaves a true file."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("ab", buffering=0)

    def __call__(self, station: str, message_id: str, call: Outgoing) -> None:
        line = Acknowledgement(
            station=station,
            message_id=message_id,
            action=call.action,
            key=content_key(call.action, call.body),
            at=datetime.now(UTC).isoformat(),
        )
        self._file.write(msgspec.json.encode(line) + b"\n")

    def close(self) -> None:
        self._file.close()


def read(path: Path, keep: Callable[[Acknowledgement], bool] = lambda line: True) -> list[Acknowledgement]:
    """The acknowledgements of a file; a line cut short by a kill is left out."""
    lines = []
    for raw in path.read_bytes().splitlines():
        try:
            line = msgspec.json.decode(raw, type=Acknowledgement)
        except msgspec.DecodeError:
            continue
        if keep(line):
            lines.append(line)
    return lines
