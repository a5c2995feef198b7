"""Spellings of what drivers present: bytes read backwards, contract ids, plates and the numbers on cards."""

import re
from typing import Final

from ohmstead.station.tokens import canonical_uid, emaid_check_digit

_UID_DIGITS: Final = (8, 14, 16, 20)  # ISO 14443 has 4, 7 or 10 bytes, ISO 15693 has 8
_HEXADECIMAL: Final = re.compile(r"[0-9A-F]+")
_EMAID: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{12}")
_MAC: Final = re.compile(r"[0-9A-F]{12}")
_CONFUSED: Final = ("O0", "I1", "B8")  # what plate readers take for each other


def read_backwards(uid: str) -> str | None:
    """The same card at a reader that sends its bytes in the other order; None when this is no card's own number."""
    canonical = canonical_uid(uid)
    if len(canonical) not in _UID_DIGITS or not _HEXADECIMAL.fullmatch(canonical):
        return None
    turned = bytes.fromhex(canonical)[::-1].hex().upper()
    return turned if turned != canonical else None


def contract_id(text: str) -> str | None:
    """14 characters, without separators and check digit; None when it is no contract id or the digit is wrong."""
    canonical = canonical_uid(text)
    return canonical if _EMAID.fullmatch(canonical) else None


def contract_id_with_digit(contract: str) -> str:
    """As people write it: DE-8AA-C12345678-9."""
    digit = emaid_check_digit(contract)
    return f"{contract[:2]}-{contract[2:5]}-{contract[5:]}-{digit}"


def mac_address(text: str) -> str | None:
    """Of a car; some stations write `VID:` before it."""
    canonical = canonical_uid(text).removeprefix("VID")
    return canonical if _MAC.fullmatch(canonical) else None


def printed_number(text: str) -> str:
    """As compared: cards print it in groups."""
    return "".join(text.split()).replace("-", "").upper()[:40]


def plate(text: str) -> str:
    """Letters and digits only: cameras leave spaces, hyphens and seals out or put them in as they like."""
    return "".join(character for character in text.upper() if character.isalnum())[:16]


def plates_alike(read: str, known: str) -> bool:
    """The same plate, or one in which a single character was taken for its look-alike."""
    if len(read) != len(known):
        return False
    differing = [pair for pair in zip(read, known, strict=True) if pair[0] != pair[1]]
    return not differing or (len(differing) == 1 and any(set(pair) == set(differing[0]) for pair in _CONFUSED))


def plate_look_alikes(read: str) -> list[str]:
    """The plate itself and each one that differs in one confusable character."""
    found = [read]
    for position, character in enumerate(read):
        for first, second in _CONFUSED:
            if character in (first, second):
                other = second if character == first else first
                found.append(read[:position] + other + read[position + 1 :])
    return found
