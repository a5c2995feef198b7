"""States and refusals in the words a driver reads, with what to do next."""

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from ohmstead.web.console.words import Look

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FREE: Final = Look("available", "circle-check", _("Free"))
IN_USE: Final = Look("charging", "bolt", _("In use"))
UNKNOWN: Final = Look("offline", "circle-dashed", _("Not known"))
PLUGS: Final = {
    "available": FREE,
    "preparing": Look("preparing", "plug", _("Plugged in")),
    "charging": IN_USE,
    "suspended_car": IN_USE,
    "suspended_station": IN_USE,
    "finishing": Look("preparing", "plug", _("Finishing")),
    "occupied": Look("preparing", "plug", _("Plugged in")),
    "reserved": Look("reserved", "clock", _("Reserved")),
    "unavailable": Look("offline", "circle-off", _("Out of service")),
    "faulted": Look("faulted", "alert-triangle", _("Out of order")),
}

# Why a charge cannot begin, and what helps: keyed by charging.rules.reasons.Reason and our own two.
REFUSALS: Final[dict[str, tuple["_StrPromise", "_StrPromise"]]] = {
    "station_away": (
        _("This station cannot be reached right now."),
        _("Take another station, or try again in a few minutes."),
    ),
    "plug_out_of_service": (_("This plug is out of service."), _("Please take another one.")),
    "in_use": (_("Somebody else is charging here."), _("Take another plug, or wait until this one is free.")),
    "reserved": (_("This plug is reserved for another driver."), _("Please take another one.")),
    "site_closed": (_("This site is closed now."), _("Look at its opening hours and come back.")),
    "private_site": (_("This site is private."), _("Sign in with an account that may charge here.")),
    "wrong_site": (_("This site is private."), _("Ask its operator to add you to a group that may charge here.")),
    "blocked": (_("Your account is blocked."), _("Ask the operator why.")),
    "expired": (_("This visit has expired."), _("Scan the code on the plug again.")),
    "no_payment": (_("A means of payment is missing."), _("Add one to your account first.")),
    "energy_limit": (_("Your group allows no more energy this month."), _("Ask whoever manages your group.")),
    "money_limit": (_("Your group allows no more money this month."), _("Ask whoever manages your group.")),
    "sessions_limit": (_("Your group allows no more charges this month."), _("Ask whoever manages your group.")),
    "time_limit": (_("Your group allows no more time this month."), _("Ask whoever manages your group.")),
    "at_once_limit": (_("You are charging already."), _("Stop that charge first.")),
    "concurrent": (_("You are charging already."), _("Stop that charge first.")),
    "too_often": (_("That was tried too often."), _("Wait a minute and try again.")),
    "guests": (_("Guests cannot charge here."), _("Sign in, and start again.")),
}
SOMETHING: Final = (_("This charge cannot begin."), _("Take another plug, or ask the operator."))

# What a station made of a start, by the state of its command.
FAILURES: Final[dict[str, tuple["_StrPromise", "_StrPromise"]]] = {
    "rejected": (
        _("The station said no."),
        _("Check that the cable is in the car and nothing else is under way at this plug, then try again."),
    ),
    "timed_out": (
        _("The charge did not begin in time."),
        _("Plug in first, then try again. Nothing has been started and nothing is charged for."),
    ),
    "offline": (_("The station cannot be reached right now."), _("Take another station, or try again in a minute.")),
    "failed": (_("The station did not understand the start."), _("Take another plug, or ask the operator.")),
    "cancelled": (_("The start was taken back."), _("Start again when you are ready.")),
}


def plug_look(state: str, online: bool) -> Look:
    return PLUGS.get(state, UNKNOWN) if online else UNKNOWN
