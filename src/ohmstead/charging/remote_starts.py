"""Remote starts a station accepted and that never became a session: they end, and say so."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from ohmstead.charging.staging import rows
from ohmstead.network import commands

BEGINS_WITHIN: Final = timedelta(minutes=5)  # stations wait 1 to 3 minutes for the plug
LOOKED_BACK: Final = timedelta(days=1)
_CLOCK_SLACK: Final = timedelta(minutes=5)  # the station's clock may be behind ours by so much

# 2.x sessions carry the number of the remote start; 1.6 ones are known by station, token and time.
_WITHOUT_SESSION: Final = """
SELECT c.id FROM network_command c
WHERE c.kind = 'StartSession' AND c.state = 'accepted'
    AND c.asked_at > %(oldest)s AND c.ended_at < %(due)s
    AND NOT EXISTS (
        SELECT FROM charging_session s
        WHERE s.station_id = c.station_id AND s.started_at > c.asked_at - %(slack)s
            AND (s.remote_start_id = (c.command->>'remote_start_id')::int8
                OR s.token_uid = upper(regexp_replace(c.command->'token'->>'uid', '[-: ]', '', 'g'))))
ORDER BY c.id
"""


def end_without_session(now: datetime) -> int:
    """How many starts were given up."""
    moments = {"oldest": now - LOOKED_BACK, "due": now - BEGINS_WITHIN, "slack": _CLOCK_SLACK}
    with transaction.atomic():
        ids = [id_ for (id_,) in rows(_WITHOUT_SESSION, moments)]
        minutes = BEGINS_WITHIN // timedelta(minutes=1)
        commands.never_began(ids, f"The station accepted, but no charge began within {minutes} minutes.", now)
    return len(ids)
