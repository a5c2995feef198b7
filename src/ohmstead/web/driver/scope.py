"""Who charges and what they may see: the one place where the drivers' pages and API meet their tenant."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Final
from uuid import UUID, uuid5

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.models import Organisation, User
from ohmstead.access.row_security import bound
from ohmstead.charging.models import AppStart, Session, SessionState
from ohmstead.drivers.arrivals import GUEST_FOR, app_token, driver_of, new_guest, welcome
from ohmstead.drivers.models import Driver, Token
from ohmstead.network.models import Site
from ohmstead.network.rules.site_facts import Visibility
from ohmstead.station.tokens import TokenKind

GUEST_COOKIE: Final = "guest"
_SALT: Final = "ohmstead.web.driver.guest"


@dataclass(frozen=True)
class DriverViewer:
    """A person at a plug: signed in (`user`), or a guest whom only a signed cookie remembers (`guest`), or nobody yet.

    Every query of the drivers' pages starts here.
    """

    organisation: Organisation
    user: User | None = None
    driver: Driver | None = None  # the user's own row here; made by the first charge
    guest: Token | None = None
    address: str = ""  # of who is neither

    @property
    def actor(self) -> Actor:
        return Actor.of_user(self.user) if self.user is not None else Actor.guest()

    @property
    def asker_id(self) -> UUID:
        """Whose share of what is limited this uses."""
        if self.user is not None:
            return self.user.pk
        return self.guest.pk if self.guest is not None else uuid5(self.organisation.pk, self.address)

    @property
    def may_charge(self) -> bool:
        return self.user is not None or self.organisation.guests_may_charge

    def token(self) -> Token:
        """What is presented for a charge from now on; made when there is none."""
        if self.user is not None:
            driver = self.driver or welcome(self.organisation, self.user, by=self.actor)
            return app_token(driver, by=self.actor)
        return self.guest or new_guest(self.organisation, timezone.now())

    @cached_property
    def tokens(self) -> list[Token]:
        """Cards, app, cars: all that the person charges with."""
        mine = Q(driver=self.driver) if self.driver is not None else Q(pk__in=[])
        if self.guest is not None:
            mine |= Q(pk=self.guest.pk)
        return list(Token.objects.filter(mine, organisation=self.organisation))

    def sites(self) -> QuerySet[Site]:
        """Public ones, and private ones that a group of the driver opens."""
        seen = Q(visibility=Visibility.PUBLIC)
        if self.driver is not None:
            groups = self.driver.groups.all()
            seen |= Q(driver_groups__in=groups) | Q(driver_groups__in=groups.values("parent"))
        mine = Site.objects.filter(seen, organisation=self.organisation, removed_at=None)
        return mine.distinct() if self.driver is not None else mine

    def sessions(self) -> QuerySet[Session]:
        found = Session.objects.filter(organisation=self.organisation, token__in=self.tokens)
        return found.exclude(state=SessionState.REFUSED).select_related("station__site", "token").defer("facts")

    def starts(self) -> QuerySet[AppStart]:
        found = AppStart.objects.filter(organisation=self.organisation, token__in=self.tokens)
        return found.select_related("command", "evse__station__site", "token")


class DriverRequest(HttpRequest):
    """A request whose driver is known."""

    driver: DriverViewer


def organisation_of(request: HttpRequest) -> Organisation | None:
    """By the host name; else the installation's own, or its first."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    found = Organisation.objects.exclude(driver_host="").filter(driver_host__iexact=host).first()
    if found is None and settings.OHMSTEAD_DEFAULT_ORGANISATION:
        found = Organisation.objects.filter(slug=settings.OHMSTEAD_DEFAULT_ORGANISATION).first()
    return found or Organisation.objects.order_by("created_at", "pk").first()


def viewer_of_driver(request: Any) -> DriverViewer | None:
    """None in an installation without an organisation."""
    organisation = organisation_of(request)
    if organisation is None:
        return None
    with bound(organisation.pk):
        user = request.user if request.user.is_authenticated else None
        driver = driver_of(organisation, user) if user is not None else None
        guest, address = _guest(request, organisation), request.META.get("REMOTE_ADDR", "")
        return DriverViewer(organisation, user, driver, guest, address)


def _guest(request: HttpRequest, organisation: Organisation) -> Token | None:
    pk = request.get_signed_cookie(GUEST_COOKIE, "", salt=_SALT, max_age=GUEST_FOR)
    return guest_named(pk, organisation) if pk else None


def guest_named(pk: str, organisation: Organisation) -> Token | None:
    """The token, while it is valid."""
    found = Token.objects.filter(pk=pk, organisation=organisation, kind=TokenKind.GUEST).first()
    return found if found is not None and (found.valid_to is None or found.valid_to > timezone.now()) else None


def remember_guest[Answer: HttpResponseBase](answer: Answer, token: Token) -> Answer:
    if token.kind == TokenKind.GUEST:
        answer.set_signed_cookie(
            GUEST_COOKIE,
            str(token.pk),
            salt=_SALT,
            max_age=GUEST_FOR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return answer


type View = Callable[..., HttpResponseBase]


def driver_view(view: View) -> View:
    """Open to everybody; the view has `request.driver`, and sees one organisation's rows only."""

    @wraps(view)
    def seen(request: Any, *args: object, **kwargs: object) -> HttpResponseBase:
        viewer = viewer_of_driver(request)
        if viewer is None:
            raise Http404("There is no organisation yet.")
        request.driver = viewer
        with bound(viewer.organisation.pk):
            return view(request, *args, **kwargs)

    return seen
