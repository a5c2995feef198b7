"""What a search looks at, as one text in capitals kept by the database: folding each column took most of the time."""

from typing import Any

from django.core.checks import CheckMessage
from django.db.models import GeneratedField


class StoredField(GeneratedField):
    """Stored by PostgreSQL, the only database there is: it need not be asked whether it can, when none runs."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return super().check(**kwargs | {"databases": []})


class SearchedText(StoredField):
    """All that is searched of a row."""
