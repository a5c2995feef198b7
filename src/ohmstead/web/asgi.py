"""The ASGI application: console, API and live streams."""

import os
import warnings

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ohmstead.run.settings")
django.setup()

from django.core.handlers.asgi import ASGIHandler  # noqa: E402
from django.db import connections  # noqa: E402

from ohmstead.web.station_files import with_station_files  # noqa: E402

_POOL = {"min_size": 1, "max_size": 12, "timeout": 10}


def pool_connections() -> None:
    """Under ASGI every request has a thread of its own, so connections are kept in a pool instead of per thread."""
    database = connections.settings["default"]
    database["CONN_MAX_AGE"] = 0
    database["OPTIONS"] = {**database["OPTIONS"], "pool": _POOL}


# WhiteNoise hands files over as plain iterators; Django reads them in a thread and says so for each.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
pool_connections()
application = with_station_files(ASGIHandler())
