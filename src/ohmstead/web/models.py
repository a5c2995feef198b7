"""The console's own table: who failed to sign in how often."""

from django.db import models


class SignInFailures(models.Model):
    """Failures in a row of one address from one place; deleted by a success."""

    key = models.CharField(primary_key=True, max_length=64)  # keyed hash: the table tells nothing by itself
    count = models.IntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "web_sign_in_failures"

    def __str__(self) -> str:
        return f"{self.count} failures"
