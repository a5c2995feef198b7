"""One deviation from the standard that we understood anyway."""

import msgspec

_MAX_RAW = 120  # characters of the deviating text that are kept


class Mend(msgspec.Struct, frozen=True, gc=False):
    """`code` groups equal deviations, `sentence` explains, `raw` is what the station sent."""

    code: str
    sentence: str
    raw: str


def mend(code: str, sentence: str, raw: object) -> Mend:
    return Mend(code, sentence, str(raw)[:_MAX_RAW])
