"""What a station's plugs do, in one number, kept by triggers: lists of thousands filter, count and sort by it.

Computed from plugs and sessions when asked, 10,000 stations took 90 ms of the database for each count.
"""

import django.db.models.deletion
from django.db import migrations, models

# The ranks are those of web/console/station_states.py; a test compares them.
CREATE = """
CREATE FUNCTION charging_rank(state text) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE state
        WHEN 'faulted' THEN 1 WHEN 'charging' THEN 2
        WHEN 'suspended_car' THEN 3 WHEN 'suspended_station' THEN 3
        WHEN 'preparing' THEN 4 WHEN 'finishing' THEN 4 WHEN 'occupied' THEN 4 WHEN 'connected' THEN 4 WHEN 'idle' THEN 4
        WHEN 'reserved' THEN 5 WHEN 'unavailable' THEN 6 WHEN 'available' THEN 7 ELSE 8 END::smallint
$$;

-- "Occupied" is all a 2.x station says of a plug; what its session does tells the rest.
CREATE FUNCTION charging_ranks(stations uuid[]) RETURNS TABLE (station_id uuid, rank smallint) LANGUAGE sql STABLE AS $$
    SELECT asked.id, coalesce(min(charging_rank(coalesce(doing.charging_state, e.state))), 8::smallint)
    FROM (SELECT DISTINCT unnest(stations) AS id) asked
    LEFT JOIN network_evse e ON e.station_id = asked.id
    LEFT JOIN LATERAL (
        SELECT s.charging_state FROM charging_session s
        WHERE e.state = 'occupied' AND s.station_id = e.station_id AND s.evse = e.number
            AND s.state = 'running' AND s.open_until IS NULL AND s.charging_state <> ''
        ORDER BY s.started_at DESC LIMIT 1
    ) doing ON true
    GROUP BY asked.id ORDER BY asked.id
$$;

CREATE FUNCTION charging_stand(stations uuid[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO charging_standing AS kept (station_id, rank) SELECT * FROM charging_ranks(stations)
    ON CONFLICT (station_id) DO UPDATE SET rank = excluded.rank WHERE kept.rank <> excluded.rank
$$;

CREATE FUNCTION charging_stand_again(stations uuid[]) RETURNS void LANGUAGE sql AS $$
    -- Only rows that are there: the station itself may be going.
    UPDATE charging_standing kept SET rank = now.rank FROM charging_ranks(stations) now
    WHERE kept.station_id = now.station_id AND kept.rank <> now.rank
$$;

CREATE FUNCTION charging_evse_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM charging_stand(array_agg(station_id)) FROM added HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION charging_evse_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM charging_stand(array_agg(n.station_id)) FROM now n JOIN before b USING (id)
    WHERE n.state <> b.state HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION charging_session_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM charging_stand(array_agg(station_id)) FROM added
    WHERE state = 'running' AND charging_state <> '' HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION charging_session_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM charging_stand(array_agg(n.station_id)) FROM now n JOIN before b USING (id)
    WHERE (n.state, n.charging_state, n.evse, n.open_until) IS DISTINCT FROM
          (b.state, b.charging_state, b.evse, b.open_until) HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION charging_plug_or_session_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM charging_stand_again(array_agg(station_id)) FROM gone HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE TRIGGER charging_standing_added AFTER INSERT ON network_evse
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION charging_evse_added();
CREATE TRIGGER charging_standing_changed AFTER UPDATE ON network_evse
    REFERENCING OLD TABLE AS before NEW TABLE AS now FOR EACH STATEMENT EXECUTE FUNCTION charging_evse_changed();
CREATE TRIGGER charging_standing_gone AFTER DELETE ON network_evse
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION charging_plug_or_session_gone();
CREATE TRIGGER charging_standing_added AFTER INSERT ON charging_session
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION charging_session_added();
CREATE TRIGGER charging_standing_changed AFTER UPDATE ON charging_session
    REFERENCING OLD TABLE AS before NEW TABLE AS now FOR EACH STATEMENT EXECUTE FUNCTION charging_session_changed();
CREATE TRIGGER charging_standing_gone AFTER DELETE ON charging_session
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION charging_plug_or_session_gone();

INSERT INTO charging_standing (station_id, rank)
SELECT * FROM charging_ranks((SELECT array_agg(DISTINCT station_id) FROM network_evse));
"""

DROP = """
DROP TRIGGER charging_standing_added ON network_evse;
DROP TRIGGER charging_standing_changed ON network_evse;
DROP TRIGGER charging_standing_gone ON network_evse;
DROP TRIGGER charging_standing_added ON charging_session;
DROP TRIGGER charging_standing_changed ON charging_session;
DROP TRIGGER charging_standing_gone ON charging_session;
DROP FUNCTION charging_evse_added, charging_evse_changed, charging_session_added, charging_session_changed,
    charging_plug_or_session_gone, charging_stand, charging_stand_again, charging_ranks, charging_rank;
"""


class Migration(migrations.Migration):
    dependencies = [("charging", "0002_readings"), ("network", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "station",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="network.station",
                    ),
                ),
                ("rank", models.SmallIntegerField()),
            ],
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
