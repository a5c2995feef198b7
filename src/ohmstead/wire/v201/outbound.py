"""OCPP 2.0.1: what we ask of a station."""

from functools import partial
from typing import Final

from ohmstead.wire.v2 import commanding
from ohmstead.wire.v201 import messages

COMMANDS: Final = {kind: partial(make, messages) for kind, make in commanding.COMMANDS.items()}
SENT: Final = commanding.SENT
