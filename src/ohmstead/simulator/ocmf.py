"""Signed readings in the Open Charge Metering Format: what a calibrated meter hands out."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ORDER_BITS = 255  # below the order of secp256r1
STATES = {"began": "B", "sampled": "C", "ended": "E"}


@dataclass(frozen=True, slots=True)
class SignedText:
    """What leaves the meter: the signed text and the key to check it with."""

    text: str
    public_key_hex: str


@dataclass(frozen=True, slots=True)
class Signer:
    """A meter's key. Made from the seed, so that the same simulated meter signs the same way every day."""

    key: ec.EllipticCurvePrivateKey
    meter_serial: str

    @property
    def public_key_hex(self) -> str:
        """DER, hexadecimal: the form transparency software reads."""
        return (
            self.key.public_key()
            .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
            .hex()
        )

    def sign(self, reading: "SignedReading") -> str:
        payload = json.dumps(reading.content(self.meter_serial), separators=(",", ":"))
        signature = self.key.sign(payload.encode(), ec.ECDSA(hashes.SHA256()))
        seal = json.dumps({"SA": "ECDSA-secp256r1-SHA256", "SD": signature.hex()}, separators=(",", ":"))
        return f"OCMF|{payload}|{seal}"


@dataclass(frozen=True, slots=True)
class SignedReading:
    """One reading; `page` counts the signed sets of this meter and never repeats."""

    page: int
    kind: str  # began, sampled, ended
    at: datetime
    register_wh: int
    token_uid: str | None = None

    def content(self, meter_serial: str) -> dict[str, object]:
        return {
            "FV": "1.0",
            "GI": "Ohmstead simulated gateway",
            "GS": meter_serial,
            "PG": f"T{self.page}",
            "MV": "Ohmstead",
            "MM": "simulated meter",
            "MS": meter_serial,
            "IS": self.token_uid is not None,
            "IF": ["RFID_PLAIN"] if self.token_uid else [],
            "IT": "ISO14443" if self.token_uid else "NONE",
            "ID": self.token_uid or "",
            "RD": [
                {
                    "TM": f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S},{self.at.microsecond // 1000:03d}+0000 S",
                    "TX": STATES[self.kind],
                    "RV": round(self.register_wh / 1000, 3),
                    "RI": "01-00:01.08.00*FF",
                    "RU": "kWh",
                    "RT": "AC",
                    "EF": "",
                    "ST": "G",
                }
            ],
        }


def signer_of(seed: int | str, identity: str, meter_serial: str) -> Signer:
    secret = Random(f"{seed}:{identity}:meter key").getrandbits(ORDER_BITS) | 1
    return Signer(ec.derive_private_key(secret, ec.SECP256R1()), meter_serial)
