"""What a notice says, in the driver's language."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def title(kind: str) -> str:
    return {
        "started": _("Charging has begun"),
        "suspended": _("Charging has paused"),
        "nearly_done": _("Nearly full"),
        "done": _("Charging has ended"),
        "fault": _("Something is wrong with the plug"),
    }[kind]


def body(kind: str, details: dict[str, Any], at: datetime, zone: ZoneInfo) -> str:
    """`details`: place, energy_wh, soc_percent."""
    kwh = number_format(float(details.get("energy_wh") or 0) / 1000, 2)
    words = {"place": details.get("place", ""), "time": f"{at.astimezone(zone):%H:%M}", "kwh": kwh}
    if kind == "started":
        return _("%(place)s, since %(time)s.") % words
    if kind == "suspended":
        return (
            _("%(place)s: no power flows since %(time)s; %(kwh)s kWh so far. The car or the station paused it.") % words
        )
    if kind == "nearly_done":
        words["soc"] = number_format(float(details.get("soc_percent") or 0), 0)
        return _("%(place)s: the battery is at %(soc)s %%, %(kwh)s kWh so far.") % words
    if kind == "done":
        return _("%(place)s: %(kwh)s kWh, ended at %(time)s. Please make room for the next car.") % words
    return _("%(place)s reported a fault at %(time)s. What was charged so far is safe: %(kwh)s kWh.") % words
