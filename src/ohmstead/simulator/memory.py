"""What a station keeps when the simulator stops: the credentials an operator gave it from afar."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from ohmstead.simulator.station import Station

KEPT: Final = ("password", "security_profile")


def remember_in(folder: Path, station: "Station") -> None:
    """Restore what was kept for this station, and keep what changes from now on."""
    path = folder / station.identity / "settings.json"
    if path.is_file():
        kept = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
        for name in KEPT:
            if name in kept:
                station.settings.put(name, kept[name])

    def keep() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode({name: station.settings.text(name) for name in KEPT}))
        path.chmod(0o600)

    station.remember = keep
