"""The three dialects of OCPP-J."""

from enum import IntEnum


class Dialect(IntEnum):
    """The value is the dialect's number in the journal."""

    V16 = 16
    V201 = 201
    V21 = 210

    @property
    def subprotocol(self) -> str:
        return SUBPROTOCOLS[self]

    @classmethod
    def of_subprotocol(cls, subprotocol: str) -> "Dialect":
        """Raises KeyError for a subprotocol that is not ours."""
        return _BY_SUBPROTOCOL[subprotocol]


SUBPROTOCOLS = {Dialect.V21: "ocpp2.1", Dialect.V201: "ocpp2.0.1", Dialect.V16: "ocpp1.6"}  # best first
_BY_SUBPROTOCOL = {name: dialect for dialect, name in SUBPROTOCOLS.items()}
