"""The readings table, partitioned by month, and room for sessions to be updated in place."""

from django.db import migrations

CREATE = """
CREATE TABLE charging_reading (
    station_id uuid NOT NULL,
    at timestamptz NOT NULL,
    session_id uuid NOT NULL,
    evse smallint NOT NULL,
    context smallint NOT NULL,
    register_wh numeric(18, 3),
    export_register_wh numeric(18, 3),
    power_w double precision,
    offered_power_w double precision,
    current_l1_a double precision,
    current_l2_a double precision,
    current_l3_a double precision,
    voltage_l1_v double precision,
    voltage_l2_v double precision,
    voltage_l3_v double precision,
    soc_percent double precision,
    temperature_c double precision,
    frequency_hz double precision,
    more jsonb,
    signed text[],
    PRIMARY KEY (station_id, at, evse, context, session_id)
) PARTITION BY RANGE (at);
CREATE TABLE charging_reading_default PARTITION OF charging_reading DEFAULT;
ALTER TABLE charging_session SET (fillfactor = 70);
"""


class Migration(migrations.Migration):
    dependencies = [("charging", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE charging_reading")]
