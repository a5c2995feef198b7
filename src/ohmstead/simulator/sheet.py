"""The blocks of a scenario file."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from ohmstead.simulator.evse import Outlet
from ohmstead.station.tokens import TokenKind

PLUGS = {"type2": "cType2", "type2_socket": "sType2", "ccs": "cCCS2", "chademo": "cG105"}


class Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A block of a scenario; a key nobody knows is an error, not a wish that goes unheard."""


class Ac(Strict):
    phases: Literal[1, 3] = 3
    current_a: float = 32.0


class Dc(Strict):
    power_kw: float


class Security(Strict):
    """`password` may contain {identity}; files belong to TLS. `profile` as in OCPP: 0 to 3."""

    profile: Literal[0, 1, 2, 3] = 0
    password: str | None = None
    ca_file: str | None = None
    certificate_file: str | None = None
    key_file: str | None = None


class Model(Strict):
    """A type of station. `settings` are names of docs/reference/scenarios.md with their values."""

    vendor: str
    model: str
    firmware: str = "1.0.0"
    ocpp: Literal["1.6", "2.0.1", "2.1"] = "1.6"
    evses: int = 1
    ac: Ac | None = None
    dc: Dc | None = None
    plug: Literal["type2", "type2_socket", "ccs", "chademo"] | None = None
    plug_and_charge: bool = False
    signed: bool = False
    quirks: tuple[str, ...] = ()
    settings: dict[str, str | int | bool] = {}
    security: Security | None = None

    def outlets(self) -> tuple[Outlet, ...]:
        plug = PLUGS[self.plug or ("ccs" if self.dc else "type2")]
        if self.dc:
            return (Outlet(3, 0.0, self.dc.power_kw * 1000, plug),) * self.evses
        ac = self.ac or Ac()
        return (Outlet(ac.phases, ac.current_a, None, plug),) * self.evses


class Stations(Strict):
    """One station (`identity`) or several (`prefix` and `count`: the number is appended)."""

    model: str
    identity: str | None = None
    prefix: str | None = None
    count: int = 1
    first: int = 1
    digits: int = 0  # numbers are filled with zeros to this length
    password: str | None = None

    def identities(self) -> Iterator[str]:
        if self.identity:
            yield self.identity
        else:
            yield from (
                f"{self.prefix}{number:0{self.digits}}" for number in range(self.first, self.first + self.count)
            )


class Site(Strict):
    name: str
    kind: str
    stations: list[Stations]
    address: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "DE"
    latitude: float | None = None
    longitude: float | None = None
    pace: float = 1.0  # multiplies the arrivals of its kind


class Card(Strict):
    uid: str
    kind: TokenKind = TokenKind.RFID


class Drivers(Strict):
    """`cards` known cards, numbered into `card` from 1; `strangers` is the share of visits with an unknown one."""

    cards: int = 80
    card: str = "04A1{number:04X}B2C3D4"
    strangers: float = 0.0
    extra: list[Card] = []


class Happening(Strict):
    """At `at_s` seconds of behaviour `do` a verb at the stations whose identity fits `who` (* fits any).

    With `most`, at so many of them, drawn anew each time; each at its own moment within `spread_s`.
    With `then` and `for_s`, that verb follows so much later; with `every_s` the whole repeats.
    """

    at_s: float
    do: str
    who: str = "*"
    most: int | None = None
    spread_s: float = 0.0
    then: str | None = None
    for_s: float | None = None
    every_s: float | None = None
    args: dict[str, str | int | float | bool] = {}


class Sheet(Strict):
    """The whole file."""

    name: str
    sites: list[Site]
    models: dict[str, Model]
    about: str = ""
    time_zone: str = "Europe/Berlin"
    drivers: Drivers = msgspec.field(default_factory=Drivers)
    security: Security = msgspec.field(default_factory=Security)
    settings: dict[str, str | int | bool] = {}
    happenings: list[Happening] = []
