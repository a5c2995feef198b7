"""One deviation from the standard that we understood anyway."""

import msgspec

_MAX_RAW = 120  # characters of the deviating text that are kept


class Mend(msgspec.Struct, frozen=True, gc=False):
    """`code` groups equal deviations, `sentence` explains, `raw` is what the station sent."""

    code: str
    sentence: str
    raw: str


type Mends = dict[tuple[str, str], Mend]  # one of each code and sentence: the first text stands for all


def record(mends: Mends, code: str, sentence: str, raw: object) -> None:
    key = (code, sentence)
    if key not in mends:
        mends[key] = Mend(code, sentence, str(raw)[:_MAX_RAW])
