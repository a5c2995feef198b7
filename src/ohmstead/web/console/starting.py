"""What became of a remote start after the station agreed: the plug, then the charge."""

from datetime import timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ohmstead.charging.models import Session
from ohmstead.network.models import Command, CommandState, Evse
from ohmstead.station.commands import StartSession
from ohmstead.station.states import ChargingState, PlugState
from ohmstead.station.tokens import canonical_uid
from ohmstead.web.console.command_steps import Step
from ohmstead.web.console.words import PLUG_LOOKS
from ohmstead.web.scope import Viewer

_CLOCK_SLACK: Final = timedelta(minutes=5)  # the station's clock may be behind ours by so much
_PLUGGED: Final = (PlugState.PREPARING, PlugState.OCCUPIED, PlugState.CHARGING, PlugState.SUSPENDED_CAR,
                   PlugState.SUSPENDED_STATION)  # fmt: skip


def stages(viewer: Viewer, row: Command) -> dict[str, Any]:
    """`begun` is the session that came of it; no stages for any other command, or before the station agreed."""
    if row.kind != StartSession.__name__ or row.state != CommandState.ACCEPTED:
        return {"stages": []}
    session = session_of(viewer, row)
    plugged = session is not None or _plug_taken(row)
    charging = session is not None and (session.charging_state == ChargingState.CHARGING or session.energy_wh > 0)
    plug = Step("done" if plugged else "now", PLUG_LOOKS["preparing"],
                _("Plugged in") if plugged else _("Waits for the plug"))  # fmt: skip
    flows = Step("ended" if charging else "now" if plugged else "ahead", PLUG_LOOKS["charging"], _("Charging"))
    return {"stages": [plug, flows], "begun": session}


def session_of(viewer: Viewer, row: Command) -> Session | None:
    """2.x sessions carry the number of the remote start; 1.6 ones are known by station, token and time."""
    wish = row.command if isinstance(row.command, dict) else {}
    number, token = wish.get("remote_start_id"), wish.get("token")
    uid = canonical_uid(str(token.get("uid", ""))) if isinstance(token, dict) else ""
    mine = Q(remote_start_id=number) if isinstance(number, int) else Q(pk__in=[])
    named = Q(token_uid=uid) if uid else Q(pk__in=[])
    found = viewer.sessions().filter(mine | named, station=row.station, started_at__gt=row.asked_at - _CLOCK_SLACK)
    return found.order_by("-started_at").first()


def _plug_taken(row: Command) -> bool:
    evse = row.command.get("evse") if isinstance(row.command, dict) else None
    return Evse.objects.filter(station=row.station, number=evse, state__in=_PLUGGED).exists() if evse else False
