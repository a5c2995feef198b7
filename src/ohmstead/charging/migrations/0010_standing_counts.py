"""A station's standing carries whose it is, what it says of itself and how many plugs do what.

Row security asks a row's own organisation instead of its station's, and map, overview and chips add up narrow rows.
What stations and what plugs say are columns apart: each writer sets its own, and the state shown follows from both.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Least

from ohmstead.network.searched import StoredField

before = import_module("ohmstead.charging.migrations.0003_standing")

# The ranks are those of web/console/station_states.py; a test compares them.
CREATE = """
CREATE FUNCTION charging_rank(state text) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE state
        WHEN 'faulted' THEN 1 WHEN 'charging' THEN 2
        WHEN 'suspended_car' THEN 3 WHEN 'suspended_station' THEN 3
        WHEN 'preparing' THEN 4 WHEN 'finishing' THEN 4 WHEN 'occupied' THEN 4 WHEN 'connected' THEN 4 WHEN 'idle' THEN 4
        WHEN 'reserved' THEN 5 WHEN 'unavailable' THEN 6 WHEN 'available' THEN 7 ELSE 8 END::smallint
$$;

-- Of the station as a whole only these two say more than its plugs do.
CREATE FUNCTION charging_own_rank(state text) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE state WHEN 'faulted' THEN 1 WHEN 'unavailable' THEN 6 ELSE 8 END::smallint
$$;

-- "Occupied" is all a 2.x station says of a plug; what its session does tells the rest.
CREATE FUNCTION charging_plugs(stations uuid[]) RETURNS TABLE (
    station_id uuid, rank smallint, plugs smallint, free smallint, charging smallint, faulted smallint,
    out_of_use smallint
) LANGUAGE sql STABLE AS $$
    SELECT asked.id,
        coalesce(min(charging_rank(coalesce(doing.charging_state, e.state))), 8::smallint),
        count(e.id)::smallint,
        (count(*) FILTER (WHERE e.state = 'available'))::smallint,
        (count(*) FILTER (WHERE coalesce(doing.charging_state, e.state) = 'charging'))::smallint,
        (count(*) FILTER (WHERE e.state = 'faulted'))::smallint,
        (count(*) FILTER (WHERE e.state IN ('unavailable', 'unknown')))::smallint
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
    INSERT INTO charging_standing AS kept (
        station_id, organisation_id, site_id, in_service, apart, online, own_rank,
        rank, plugs, free, charging, faulted, out_of_use
    )
    SELECT s.id, s.organisation_id, s.site_id, s.admission = 'accepted', s.site_id IS NULL OR s.latitude IS NOT NULL,
        s.online, charging_own_rank(s.state), p.rank, p.plugs, p.free, p.charging, p.faulted, p.out_of_use
    FROM charging_plugs(stations) p JOIN network_station s ON s.id = p.station_id ORDER BY s.id
    ON CONFLICT (station_id) DO UPDATE SET
        rank = excluded.rank, plugs = excluded.plugs, free = excluded.free, charging = excluded.charging,
        faulted = excluded.faulted, out_of_use = excluded.out_of_use
    WHERE (kept.rank, kept.plugs, kept.free, kept.charging, kept.faulted, kept.out_of_use) <>
        (excluded.rank, excluded.plugs, excluded.free, excluded.charging, excluded.faulted, excluded.out_of_use)
$$;

CREATE FUNCTION charging_stand_again(stations uuid[]) RETURNS void LANGUAGE sql AS $$
    -- Only rows that are there: the station itself may be going.
    UPDATE charging_standing kept SET
        rank = now.rank, plugs = now.plugs, free = now.free, charging = now.charging, faulted = now.faulted,
        out_of_use = now.out_of_use
    FROM charging_plugs(stations) now
    WHERE kept.station_id = now.station_id
        AND (kept.rank, kept.plugs, kept.free, kept.charging, kept.faulted, kept.out_of_use) <>
            (now.rank, now.plugs, now.free, now.charging, now.faulted, now.out_of_use)
$$;

CREATE FUNCTION charging_station_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM charging_stand(array_agg(id)) FROM added HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION charging_station_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE charging_standing SET organisation_id = NEW.organisation_id, site_id = NEW.site_id,
        in_service = NEW.admission = 'accepted', apart = NEW.site_id IS NULL OR NEW.latitude IS NOT NULL,
        online = NEW.online, own_rank = charging_own_rank(NEW.state)
    WHERE station_id = NEW.id;
    RETURN NULL;
END $$;

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

CREATE TRIGGER charging_standing_added AFTER INSERT ON network_station
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION charging_station_added();
-- For each row, because a statement's tables of changed rows would be filled at every sign of life.
CREATE TRIGGER charging_standing_changed
    AFTER UPDATE OF organisation_id, site_id, admission, latitude, online, state ON network_station FOR EACH ROW
    WHEN ((OLD.organisation_id, OLD.site_id, OLD.admission, OLD.latitude, OLD.online, OLD.state) IS DISTINCT FROM
          (NEW.organisation_id, NEW.site_id, NEW.admission, NEW.latitude, NEW.online, NEW.state))
    EXECUTE FUNCTION charging_station_changed();
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

SELECT charging_stand(array_agg(id)) FROM network_station;
"""

DROP = """
DROP TRIGGER charging_standing_added ON network_station;
DROP TRIGGER charging_standing_changed ON network_station;
DROP TRIGGER charging_standing_added ON network_evse;
DROP TRIGGER charging_standing_changed ON network_evse;
DROP TRIGGER charging_standing_gone ON network_evse;
DROP TRIGGER charging_standing_added ON charging_session;
DROP TRIGGER charging_standing_changed ON charging_session;
DROP TRIGGER charging_standing_gone ON charging_session;
DROP FUNCTION charging_station_added, charging_station_changed, charging_evse_added, charging_evse_changed,
    charging_session_added, charging_session_changed, charging_plug_or_session_gone, charging_stand,
    charging_stand_again, charging_plugs, charging_rank, charging_own_rank;
"""

_counts = [(name, models.SmallIntegerField(default=0)) for name in ("plugs", "free", "charging", "faulted")]


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("charging", "0009_drivers_app"), ("network", "0010_contract_roots")]
    operations = [
        migrations.RunSQL(before.DROP, before.CREATE),
        migrations.DeleteModel(name="Standing"),
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
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                ("site_id", models.UUIDField(null=True)),
                ("in_service", models.BooleanField()),
                ("apart", models.BooleanField()),
                ("online", models.BooleanField()),
                ("own_rank", models.SmallIntegerField()),
                ("rank", models.SmallIntegerField()),
                *_counts,
                ("out_of_use", models.SmallIntegerField(default=0)),
                (
                    "shown",
                    StoredField(
                        db_persist=True,
                        expression=Case(When(online=False, then=Value(0)), default=Least(F("own_rank"), F("rank")), output_field=models.SmallIntegerField()),
                        output_field=models.SmallIntegerField(),
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organisation", "shown"],
                        name="standing_shown",
                        condition=models.Q(in_service=True),
                    )
                ]
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
