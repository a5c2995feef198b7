"""The code on a plug: its station and number, `AMP-0012-1`, or what is written on the place."""

from ohmstead.access.models import Organisation
from ohmstead.network.models import Evse
from ohmstead.station.answers import Admission

MOST_LETTERS = 60


def code_of(evse: Evse) -> str:
    """Needs `evse.station`."""
    return f"{evse.station.identity}-{evse.number}"


def plugs_of_code(organisation: Organisation, text: str) -> list[Evse]:
    """By any spelling: one plug, all plugs of a station when only that is named, or none."""
    text = text.replace("\0", "").strip()[:MOST_LETTERS]
    found = Evse.objects.filter(station__organisation=organisation, station__admission=Admission.ACCEPTED)
    found = found.select_related("station__site").prefetch_related("connectors").order_by("number")
    identity, dash, number = text.rpartition("-")
    if dash and number.isascii() and number.isdecimal() and len(number) < 4:
        plug = found.filter(station__identity__iexact=identity, number=int(number)).first()
        if plug is not None:
            return [plug]
    written = list(found.filter(physical_reference__iexact=text)[:2]) if text else []
    return list(found.filter(station__identity__iexact=text)) or (written if len(written) == 1 else [])
