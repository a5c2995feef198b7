"""Who looks at the console and what they may see: the one place where the tenant is decided."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ohmstead.access.actors import Actor
from ohmstead.access.models import Membership, Organisation, Role, User
from ohmstead.charging.models import Session
from ohmstead.network.models import Deviation, Evse, Site, Station

VIEW = "view"
OPERATE = "operate"  # commands to stations, the simulator
ADMIT = "admit"  # let stations in or turn them away

RIGHTS: dict[str, frozenset[str]] = {
    Role.OWNER: frozenset({VIEW, OPERATE, ADMIT}),
    Role.OPERATOR: frozenset({VIEW, OPERATE, ADMIT}),
    Role.TECHNICIAN: frozenset({VIEW, OPERATE, ADMIT}),
    Role.SUPPORT: frozenset({VIEW, OPERATE}),
    Role.FINANCE: frozenset({VIEW}),
    Role.READER: frozenset({VIEW}),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person in one organisation. Every query of the console starts here."""

    user: User
    organisation: Organisation
    role: str

    @property
    def actor(self) -> Actor:
        return Actor.of_user(self.user)

    @property
    def initials(self) -> str:
        words = str(self.user).replace("@", " ").split()
        return "".join(word[0] for word in words[:2]).upper()

    @property
    def role_word(self) -> str:
        return str(Role(self.role).label)

    def may(self, right: str) -> bool:
        return right in RIGHTS.get(self.role, frozenset())

    @property
    def may_operate(self) -> bool:
        return self.may(OPERATE)

    @property
    def may_admit(self) -> bool:
        return self.may(ADMIT)

    def sites(self) -> QuerySet[Site]:
        return Site.objects.filter(organisation=self.organisation)

    def stations(self) -> QuerySet[Station]:
        return Station.objects.filter(organisation=self.organisation)

    def evses(self) -> QuerySet[Evse]:
        return Evse.objects.filter(station__organisation=self.organisation)

    def deviations(self) -> QuerySet[Deviation]:
        return Deviation.objects.filter(station__organisation=self.organisation)

    def sessions(self) -> QuerySet[Session]:
        return Session.objects.filter(organisation=self.organisation)

    def station(self, identity: str) -> Station:
        """Outside the tenant a station does not exist."""
        identity = identity.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL takes no NUL
        found = self.stations().select_related("site").filter(identity__iexact=identity).first()
        if found is None:
            raise Http404("No such station.")
        return found


class ConsoleRequest(HttpRequest):
    """A request whose viewer is known."""

    viewer: Viewer


def viewer_of(user: User) -> Viewer | None:
    membership = Membership.objects.select_related("organisation").filter(user=user).order_by("id").first()
    return Viewer(user, membership.organisation, membership.role) if membership else None


type View = Callable[..., HttpResponse]


def console_view(right: str = VIEW) -> Callable[[View], View]:
    """Sign-in, membership and right first; then the view, with `request.viewer`."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: Any, *args: object, **kwargs: object) -> HttpResponse:
            viewer = viewer_of(request.user)
            if viewer is None:
                return render(request, "accounts/no_organisation.html", status=403)
            if not viewer.may(right):
                raise PermissionDenied
            request.viewer = viewer
            return view(request, *args, **kwargs)

        return guarded

    return decorate
