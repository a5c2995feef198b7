from django.db import migrations, models
from django.db.models import deletion


class Migration(migrations.Migration):
    """Rows that are written again and again keep room on their page, and no index repeats the first column of another."""

    dependencies = [("charging", "0010_standing_counts"), ("access", "0001_initial"), ("network", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="session",
            name="organisation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=deletion.CASCADE,
                related_name="sessions",
                to="access.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="session",
            name="station",
            field=models.ForeignKey(
                db_index=False,
                on_delete=deletion.CASCADE,
                related_name="sessions",
                to="network.station",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE charging_session SET (fillfactor = 70)", "ALTER TABLE charging_session RESET (fillfactor)"
        ),
    ]
