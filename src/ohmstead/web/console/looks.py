"""Which table tells how a value looks: as a badge, or as a word."""

from collections.abc import Callable, Mapping
from typing import Final

from ohmstead.web.console import certificate_words, token_words, words
from ohmstead.web.console.words import Look

BADGES: Final[dict[str, Callable[[str], Look]]] = {
    "plug_badge": words.plug_look,
    "session_badge": words.session_look,
    "command_badge": words.command_look,
    "drift_badge": words.DRIFT_LOOKS.__getitem__,
    "bulk_badge": words.BULK_LOOKS.__getitem__,
    "token_badge": token_words.status_look,
    "reservation_badge": token_words.reservation_look,
}
LOOKED_AT: Final[dict[str, Callable[[str], Look]]] = {
    "plug_word": words.plug_look,
    "session_word": words.session_look,
    "status_word": token_words.status_look,
    "reservation_word": token_words.reservation_look,
}
NAMED: Final[dict[str, Mapping[str, object]]] = {
    "trust_kind": certificate_words.TRUST_KINDS,
    "log_kind": words.LOG_KINDS,
    "stop_reason": words.STOP_REASONS,
    "flag_word": words.FLAG_WORDS,
    "dialect": words.DIALECTS,
    "enforced_word": token_words.ENFORCED_WORDS,
    "offer_word": token_words.OFFER_WORDS,
    "offline_rule": token_words.OFFLINE_RULES,
    "may_reserve_word": token_words.MAY_RESERVE_WORDS,
}


def word_of(look: Callable[[str], Look]) -> Callable[[str], str]:
    def word(state: str) -> str:
        return str(look(state).word)

    return word


def named_in(table: Mapping[str, object]) -> Callable[[str], str]:
    """What no table knows is shown as it is."""

    def name(value: str) -> str:
        return str(table.get(value, value))

    return name
