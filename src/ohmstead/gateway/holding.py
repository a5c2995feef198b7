"""Why a socket is not read."""

from enum import IntFlag


class Hold(IntFlag):
    UNANSWERED = 1  # too much of this station waits for its answer
    TOO_FAST = 2  # more calls in a second than allowed
    JOURNAL_FULL = 4
    NOT_READING = 8  # the station does not take our answers
    DECIDING = 16  # too many calls wait behind one that needs a decision
    DRAINING = 32
