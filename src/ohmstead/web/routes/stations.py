"""One station, and what is asked of stations."""

from django.urls import URLPattern, path

from ohmstead.web.console import bulks, commands, simulator
from ohmstead.web.console import firmware as images
from ohmstead.web.console.asking.views import ask
from ohmstead.web.console.station import certificates, configuration, firmware, messages, now, sessions, start, timeline
from ohmstead.web.console.station import commands as station_commands

_STATION = "console/stations/<str:identity>"

patterns: list[URLPattern] = [
    path(_STATION, now.now, name="station"),
    path(f"{_STATION}/sessions", sessions.sessions, name="station-sessions"),
    path(f"{_STATION}/messages", messages.messages, name="station-messages"),
    path(f"{_STATION}/messages.<str:form>", messages.export, name="station-messages-export"),
    path(f"{_STATION}/commands", station_commands.commands, name="station-commands"),
    path(f"{_STATION}/configuration", configuration.configuration, name="station-configuration"),
    path(f"{_STATION}/configuration/read", configuration.read_again, name="read-settings"),
    path(f"{_STATION}/configuration/change", configuration.change, name="change-setting"),
    path(f"{_STATION}/configuration/forget", configuration.forget, name="forget-setting"),
    path(f"{_STATION}/firmware", firmware.firmware, name="station-firmware"),
    path(f"{_STATION}/firmware/update", firmware.update, name="update-firmware"),
    path(f"{_STATION}/firmware/log", firmware.ask_for_log, name="ask-for-log"),
    path("console/files/<uuid:file_id>", firmware.download, name="download-file"),
    path(f"{_STATION}/certificates", certificates.certificates, name="station-certificates"),
    path(f"{_STATION}/certificates/issue", certificates.issue, name="issue-certificate"),
    path(f"{_STATION}/certificates/renew", certificates.renew, name="renew-certificate"),
    path(f"{_STATION}/certificates/install", certificates.install, name="install-root"),
    path(f"{_STATION}/certificates/list", certificates.list_anew, name="list-certificates"),
    path(f"{_STATION}/certificates/<uuid:certificate_id>/revoke", certificates.revoke, name="revoke-certificate"),
    path(f"{_STATION}/certificates/installed/<uuid:installed_id>/delete", certificates.delete, name="delete-root"),
    path(f"{_STATION}/timeline", timeline.history, name="station-timeline"),
    path(f"{_STATION}/start", start.start, name="start"),
    path(f"{_STATION}/ask/<str:name>", ask, name="ask"),
    path(f"{_STATION}/simulate", simulator.simulate, name="simulate"),
    path("console/bulk", bulks.choose, name="choose-bulk"),
    path("console/bulk/ask/<str:name>", bulks.ask, name="ask-bulk"),
    path("console/bulk/<uuid:bulk_id>", bulks.bulk, name="bulk"),
    path("console/bulk/<uuid:bulk_id>/cancel", bulks.cancel, name="cancel-bulk"),
    path("console/bulk/<uuid:bulk_id>/retry", bulks.retry, name="retry-bulk"),
    path("console/firmware", images.firmware, name="firmware"),
    path("console/firmware/add", images.add, name="add-firmware"),
    path("console/firmware/<uuid:image_id>/withdraw", images.withdraw, name="withdraw-firmware"),
    path("console/firmware/<uuid:image_id>/campaign", images.campaign, name="firmware-campaign"),
    path("console/commands", commands.commands, name="commands"),
    path("console/commands/<uuid:command_id>", commands.command, name="command"),
    path("console/commands/<uuid:command_id>/cancel", commands.cancel, name="cancel-command"),
    path("console/commands/<uuid:command_id>/repeat", commands.repeat, name="repeat-command"),
]
