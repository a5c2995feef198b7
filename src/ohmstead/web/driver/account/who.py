"""Which driver looks: every page of the account starts at a `Self`, as the console starts at a `Viewer`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from ohmstead.access.actors import Actor
from ohmstead.access.models import Organisation, User
from ohmstead.access.row_security import bound
from ohmstead.charging.models import PlateOffer, Session, SessionState
from ohmstead.drivers.models import Driver, Notice, Token, Vehicle
from ohmstead.web.console.zones import zone_of
from ohmstead.web.driver.scope import DriverViewer, viewer_of_driver


@dataclass(frozen=True, slots=True)
class Self:
    """A driver looking at what is theirs; nothing of anybody else is reached from here."""

    driver: Driver
    organisation: Organisation
    user: User
    actor: Actor

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.driver.time_zone or self.organisation.time_zone)

    def tokens(self) -> QuerySet[Token]:
        return Token.objects.filter(organisation=self.organisation, driver=self.driver)

    def sessions(self) -> QuerySet[Session]:
        """Newest first, without those that never charged."""
        found = Session.objects.filter(organisation=self.organisation, token__driver=self.driver)
        found = found.exclude(state=SessionState.REFUSED).defer("facts").select_related("station__site", "token")
        return found.order_by("-started_at", "-id")

    def vehicles(self) -> QuerySet[Vehicle]:
        return Vehicle.objects.filter(driver=self.driver).order_by("-is_main", "created_at")

    def plate_uses(self) -> QuerySet[PlateOffer]:
        """Every time a camera took a car for one of theirs, newest first."""
        found = PlateOffer.objects.filter(organisation=self.organisation, token__driver=self.driver)
        return found.select_related("camera__site", "token", "evse__station").order_by("-read_at")

    def notices(self) -> QuerySet[Notice]:
        return Notice.objects.filter(driver=self.driver).order_by("-at")


class DriverRequest(HttpRequest):
    """A request of somebody who has an account and is a driver here."""

    driver: DriverViewer
    me: Self


def self_of(viewer: DriverViewer) -> Self | None:
    """None: nobody is signed in, or the person is no driver here (yet)."""
    if viewer.user is None or viewer.driver is None:
        return None
    return Self(viewer.driver, viewer.organisation, viewer.user, viewer.actor)


type View = Callable[..., HttpResponseBase]


def account_view(view: View) -> View:
    """Sign-in first, then the view with `request.me`; it sees one organisation's rows only."""

    def walled(request: DriverRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        with bound(request.me.organisation.pk):
            return view(request, *args, **kwargs)

    return known_driver(wraps(view)(walled))


def known_driver(view: View) -> View:
    """The same without the wall, for what concerns the person in every organisation."""

    @never_cache
    @wraps(view)
    def guarded(request: Any, *args: object, **kwargs: object) -> HttpResponseBase:
        viewer = viewer_of_driver(request)
        if viewer is None:
            raise Http404("There is no organisation yet.")
        if viewer.user is None:
            there = request.get_full_path() if request.method == "GET" else reverse("driver-account")
            return HttpResponseRedirect(f"{reverse('enter')}?{urlencode({'next': there})}")
        me = self_of(viewer)
        if me is None:
            return HttpResponseRedirect(reverse("become-driver"))
        request.driver, request.me = viewer, me
        return view(request, *args, **kwargs)

    return guarded
