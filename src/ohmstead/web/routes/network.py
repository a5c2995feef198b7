"""Overview, sites, stations and the inbox."""

from django.urls import URLPattern, URLResolver, path

from ohmstead.web.console import inbox, overview, simulator, station, stations

patterns: list[URLPattern | URLResolver] = [
    path("console/", overview.overview, name="overview"),
    path("console/stations", stations.stations, name="stations"),
    path("console/stations/<str:identity>", station.station, name="station"),
    path("console/stations/<str:identity>/simulate", simulator.simulate, name="simulate"),
    path("console/inbox", inbox.inbox, name="inbox"),
    path("console/inbox/<str:identity>/accept", inbox.accept, name="accept"),
    path("console/inbox/<str:identity>/refuse", inbox.refuse, name="refuse"),
]
