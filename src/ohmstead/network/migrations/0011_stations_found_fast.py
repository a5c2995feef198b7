from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("network", "0010_contract_roots")]
    operations = [
        migrations.AddIndex(
            model_name="station",
            index=models.Index(
                fields=["organisation", "identity"], name="station_in_service", condition=models.Q(admission="accepted")
            ),
        ),
        migrations.AddIndex(
            model_name="station",
            index=models.Index(
                fields=["organisation"], name="station_waiting", condition=models.Q(admission="pending")
            ),
        ),
    ]
