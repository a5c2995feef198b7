"""Rows that change all day keep room on their page, so that an update touches no index."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} SET (fillfactor = 60)", reverse_sql=f"ALTER TABLE {table} RESET (fillfactor)"
        )
        for table in ("network_station", "network_evse", "network_connector")
    ]
