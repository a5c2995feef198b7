"""Who sends which message of OCPP 2.0.1."""

from ohmstead.wire.v2.directions import FROM_BOTH, FROM_STATION

__all__ = ["FROM_BOTH", "FROM_STATION"]
