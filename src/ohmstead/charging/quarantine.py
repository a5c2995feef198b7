"""Journal entries whose projection raised: kept with the error, so that a person can look and nothing stalls."""

from ohmstead.charging.models import QuarantinedEntry
from ohmstead.journal.entry import Entry


def set_aside(entry: Entry, error: Exception) -> None:
    QuarantinedEntry.objects.update_or_create(
        stream=entry.stream,
        seq=entry.seq,
        defaults={
            "station_id": entry.station_id,
            "at": entry.at,
            "action": (entry.action or "")[:60],
            "error": f"{type(error).__name__}: {error}".replace("\x00", "")[:2000],
        },
    )
