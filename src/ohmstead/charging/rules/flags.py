"""What is remarkable about a session, each with a sentence for the operator."""

from enum import StrEnum
from typing import Final


class Flag(StrEnum):
    START_MISSING = "start_missing"
    STOP_MATCHED = "stop_matched"
    ENDED_BY_NEXT_START = "ended_by_next_start"
    ENDED_BY_REBOOT = "ended_by_reboot"
    LOST = "lost"
    CLOSED_BY_HAND = "closed_by_hand"
    END_UNMETERED = "end_unmetered"
    OFFLINE = "offline"
    SEQ_GAP = "seq_gap"
    SPOKEN_OF_AFTER_END = "spoken_of_after_end"
    CLOCK_BACKWARDS = "clock_backwards"
    CHARGED_THOUGH_REFUSED = "charged_though_refused"
    ENERGY_UNKNOWN = "energy_unknown"
    ZERO_ENERGY = "zero_energy"
    SHORT = "short"
    BEGIN_ZERO = "begin_zero"
    REGISTER_RESET = "register_reset"
    REGISTER_ROLLOVER = "register_rollover"
    ENERGY_BACKWARDS = "energy_backwards"
    ENERGY_IMPOSSIBLE = "energy_impossible"


SENTENCES: Final[dict[Flag, str]] = {
    Flag.START_MISSING: "The station never told when this session started.",
    Flag.STOP_MATCHED: "The stop named no transaction; it was matched by token, time and meter.",
    Flag.ENDED_BY_NEXT_START: "No stop was heard; the next session began on the same plug.",
    Flag.ENDED_BY_REBOOT: "No stop was heard; the station restarted and its plug was free.",
    Flag.LOST: "The station never spoke of it again; it counts up to the last reading.",
    Flag.CLOSED_BY_HAND: "A person closed it; it counts up to the last reading.",
    Flag.END_UNMETERED: "The stop came without a meter reading; it counts up to the last one before.",
    Flag.OFFLINE: "Part of it took place while the station was offline.",
    Flag.SEQ_GAP: "Messages of this session are missing: the station's numbering has gaps.",
    Flag.SPOKEN_OF_AFTER_END: "The station spoke of it after its end; that is recorded, not billed.",
    Flag.CLOCK_BACKWARDS: "The station gave an end before the start.",
    Flag.CHARGED_THOUGH_REFUSED: "Energy flowed although no token was accepted.",
    Flag.ENERGY_UNKNOWN: "There is no usable pair of meter readings.",
    Flag.ZERO_ENERGY: "No energy flowed.",
    Flag.SHORT: "It lasted less than a minute.",
    Flag.BEGIN_ZERO: "The meter began at 0 and jumped; energy counts from the first true reading.",
    Flag.REGISTER_RESET: "The meter's register changed its base; the step itself is not counted.",
    Flag.REGISTER_ROLLOVER: "The meter's register rolled over.",
    Flag.ENERGY_BACKWARDS: "A reading went backwards and was left out.",
    Flag.ENERGY_IMPOSSIBLE: "A reading jumped further than any charger can deliver and was left out.",
}
