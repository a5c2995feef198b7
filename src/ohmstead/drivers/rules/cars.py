"""The catalogue of cars: common facts, read from a table; nobody's list was copied."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

PLUGS: Final = {
    "IEC_62196_T2": "T2",
    "IEC_62196_T2_COMBO": "CCS2",
    "IEC_62196_T1": "T1",
    "IEC_62196_T1_COMBO": "CCS1",
    "CHADEMO": "CHADEMO",
    "SAE_J3400": "NACS",
    "GBT_AC": "GBT_AC",
    "GBT_DC": "GBT_DC",
    "DOMESTIC_F": "SCHUKO",
}
_STANDARDS: Final = {short: standard for standard, short in PLUGS.items()}
_KEPT: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class CarModel:
    """As its maker states it; a battery's size is the whole one where only that is stated."""

    key: str
    make: str
    model: str
    from_year: int
    battery_kwh: Decimal
    max_ac_kw: Decimal
    max_dc_kw: Decimal | None  # None: alternating current only
    plugs: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.make} {self.model}"


def read_catalogue(lines: Iterable[str]) -> dict[str, CarModel]:
    """By key, in the order of the table."""
    found = [_model(row) for row in csv.DictReader(lines)]
    return {each.key: each for each in found}


def _model(row: dict[str, str]) -> CarModel:
    return CarModel(
        key=_KEPT.sub("-", f"{row['make']} {row['model']}".lower()).strip("-"),
        make=row["make"],
        model=row["model"],
        from_year=int(row["from_year"]),
        battery_kwh=Decimal(row["battery_kwh"]),
        max_ac_kw=Decimal(row["max_ac_kw"]),
        max_dc_kw=Decimal(row["max_dc_kw"]) if row["max_dc_kw"] else None,
        plugs=tuple(_STANDARDS[short] for short in row["plugs"].split()),
    )
