"""What we say back to a station, before a dialect puts it into words."""

from datetime import datetime
from enum import StrEnum

import msgspec

from ohmstead.station.certificates import CertificateState
from ohmstead.station.tokens import TokenVerdict


class Admission(StrEnum):
    ACCEPTED = "accepted"
    PENDING = "pending"
    REFUSED = "refused"


class Need(StrEnum):
    """What must be known before a call can be answered."""

    NOTHING = "nothing"
    ADMISSION = "admission"  # BootNotification
    VERDICT = "verdict"  # a token was presented
    CERTIFICATE_STATUS = "certificate_status"  # 15118 pass-through; answered 'failed' until a pool is connected


class Answer(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Everything an answer may need; a dialect takes what its message has room for."""

    now: datetime
    admission: Admission = Admission.ACCEPTED
    interval_s: int = 300
    verdict: TokenVerdict | None = None
    verdict_until: datetime | None = None
    parent_uid: str | None = None
    certificate_data: str | None = None  # OCSP answer or EXI, base64; None: there is none, and the note says why
    certificate_note: str | None = None
    certificate_state: CertificateState | None = None
