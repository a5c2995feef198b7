"""Overview, sites, stations and the inbox."""

from django.urls import URLPattern, URLResolver, path

from ohmstead.web.console import (
    inbox,
    overview,
    plug_edit,
    simulator,
    site_edit,
    site_photos,
    sites,
    station,
    station_edit,
    stations,
)

patterns: list[URLPattern | URLResolver] = [
    path("console/", overview.overview, name="overview"),
    path("console/sites", sites.sites, name="sites"),
    path("console/sites/<uuid:site_id>", sites.site, name="site"),
    path("console/sites/<uuid:site_id>/edit", site_edit.edit, name="edit-site"),
    path("console/sites/<uuid:site_id>/remove", site_edit.remove, name="remove-site"),
    path("console/sites/<uuid:site_id>/restore", site_edit.restore, name="restore-site"),
    path("console/sites/<uuid:site_id>/photos", site_photos.add, name="add-photo"),
    path("console/photos/<uuid:photo_id>/<slug:size>.jpg", site_photos.show, name="photo"),
    path("console/photos/<uuid:photo_id>/remove", site_photos.remove, name="remove-photo"),
    path("console/add/site", site_edit.add, name="add-site"),
    path("console/add/station", station_edit.add, name="add-station"),
    path("console/stations", stations.stations, name="stations"),
    path("console/stations/<str:identity>", station.station, name="station"),
    path("console/stations/<str:identity>/edit", station_edit.edit, name="edit-station"),
    path("console/stations/<str:identity>/remove", station_edit.remove, name="remove-station"),
    path("console/stations/<str:identity>/restore", station_edit.restore, name="restore-station"),
    path("console/stations/<str:identity>/plugs", plug_edit.plugs, name="plugs"),
    path("console/stations/<str:identity>/plugs/add", plug_edit.add_evse, name="add-evse"),
    path("console/stations/<str:identity>/plugs/<uuid:evse_id>", plug_edit.edit_evse, name="edit-evse"),
    path("console/stations/<str:identity>/plugs/<uuid:evse_id>/remove", plug_edit.remove_evse, name="remove-evse"),
    path("console/stations/<str:identity>/plugs/<uuid:evse_id>/add", plug_edit.add_connector, name="add-connector"),
    path(
        "console/stations/<str:identity>/connectors/<uuid:connector_id>",
        plug_edit.edit_connector,
        name="edit-connector",
    ),
    path("console/stations/<str:identity>/simulate", simulator.simulate, name="simulate"),
    path("console/inbox", inbox.inbox, name="inbox"),
    path("console/inbox/<str:identity>/accept", inbox.accept, name="accept"),
    path("console/inbox/<str:identity>/refuse", inbox.refuse, name="refuse"),
]
