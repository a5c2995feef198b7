"""OCPP 2.0.1: our answers to a station's calls."""

from functools import partial
from typing import Final

from ohmstead.wire.v2 import answering
from ohmstead.wire.v201 import messages

ANSWERS: Final = {action: partial(answer, messages) for action, answer in answering.ANSWERS.items()}
