"""Drivers, what they carry, their groups, and the plugs promised to them."""

from django.urls import URLPattern, URLResolver, path

from ohmstead.web.console import booking, cameras, driver_groups, drivers, reservation_calendar, reservations, tokens
from ohmstead.web.plates_hook import plates_hook

patterns: list[URLPattern | URLResolver] = [
    path("console/drivers", drivers.drivers, name="drivers"),
    path("console/drivers/add", drivers.add, name="add-driver"),
    path("console/drivers/<uuid:driver_id>", drivers.driver, name="driver"),
    path("console/drivers/<uuid:driver_id>/edit", drivers.edit, name="edit-driver"),
    path("console/drivers/<uuid:driver_id>/book", booking.book, name="book-for-driver"),
    path("console/drivers/<uuid:driver_id>/join", driver_groups.join, name="join-group"),
    path("console/drivers/<uuid:driver_id>/leave/<uuid:group_id>", driver_groups.leave, name="leave-group"),
    path("console/tokens", tokens.tokens, name="tokens"),
    path("console/tokens/add", tokens.add, name="add-token"),
    path("console/tokens/<uuid:token_id>", tokens.token, name="token"),
    path("console/tokens/<uuid:token_id>/block", tokens.block, name="block-token"),
    path("console/tokens/<uuid:token_id>/unblock", tokens.unblock, name="unblock-token"),
    path("console/tokens/<uuid:token_id>/give", tokens.give, name="give-token"),
    path("console/unknown-cards/<uuid:sighting_id>/adopt", tokens.adopt, name="adopt-card"),
    path("console/token-alarms/<uuid:alarm_id>/settle", tokens.settle, name="settle-alarm"),
    path("console/driver-groups", driver_groups.groups, name="driver-groups"),
    path("console/driver-groups/add", driver_groups.add, name="add-driver-group"),
    path("console/driver-groups/<uuid:group_id>", driver_groups.edit, name="edit-driver-group"),
    path("console/reservations", reservations.reservations, name="reservations"),
    path("console/reservations/calendar", reservation_calendar.calendar, name="reservation-calendar"),
    path("console/reservations/<uuid:reservation_id>/cancel", reservations.cancel, name="cancel-reservation"),
    path("console/cameras", cameras.cameras, name="cameras"),
    path("console/cameras/<uuid:camera_id>/remove", cameras.remove, name="remove-camera"),
    path("console/plate-offers/<uuid:offer_id>/wrong", cameras.wrong, name="plate-wrong"),
    path("hooks/plates/<str:secret>", plates_hook, name="plates-hook"),
]
