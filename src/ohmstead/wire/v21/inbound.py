"""OCPP 2.1: what a station's messages ask and what they tell."""

from typing import Final

from ohmstead.wire.v2 import asking
from ohmstead.wire.v2.telling import TELLS

__all__ = ["ASKS", "TELLS"]

ASKS: Final = asking.ASKS | {"GetCertificateChainStatus": asking.certificate}
