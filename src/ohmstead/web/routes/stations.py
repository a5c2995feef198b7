"""One station, and what is asked of stations."""

from django.urls import URLPattern, path

from ohmstead.web.console import commands, simulator
from ohmstead.web.console.asking.views import ask
from ohmstead.web.console.station import certificates, messages, now, sessions, start, timeline
from ohmstead.web.console.station import commands as station_commands

_STATION = "console/stations/<str:identity>"

patterns: list[URLPattern] = [
    path(_STATION, now.now, name="station"),
    path(f"{_STATION}/sessions", sessions.sessions, name="station-sessions"),
    path(f"{_STATION}/messages", messages.messages, name="station-messages"),
    path(f"{_STATION}/messages.<str:form>", messages.export, name="station-messages-export"),
    path(f"{_STATION}/commands", station_commands.commands, name="station-commands"),
    path(f"{_STATION}/certificates", certificates.certificates, name="station-certificates"),
    path(f"{_STATION}/timeline", timeline.history, name="station-timeline"),
    path(f"{_STATION}/start", start.start, name="start"),
    path(f"{_STATION}/ask/<str:name>", ask, name="ask"),
    path(f"{_STATION}/simulate", simulator.simulate, name="simulate"),
    path("console/commands", commands.commands, name="commands"),
    path("console/commands/<uuid:command_id>", commands.command, name="command"),
]
