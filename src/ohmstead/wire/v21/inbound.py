"""OCPP 2.1: what a station's messages ask and what they tell."""

from ohmstead.wire.v2.asking import ASKS
from ohmstead.wire.v2.telling import TELLS

__all__ = ["ASKS", "TELLS"]
