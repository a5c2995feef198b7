"""The five words OCPP 1.6 has for the answer to a card."""

from typing import Final

from ohmstead.station.tokens import TokenVerdict

WORDS: Final = {
    TokenVerdict.ACCEPTED: "Accepted",
    TokenVerdict.BLOCKED: "Blocked",
    TokenVerdict.EXPIRED: "Expired",
    TokenVerdict.CONCURRENT_TX: "ConcurrentTx",
}  # every other refusal is Invalid
VERDICTS: Final = {word: verdict for verdict, word in WORDS.items()} | {"Invalid": TokenVerdict.INVALID}
