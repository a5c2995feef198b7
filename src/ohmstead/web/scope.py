"""Who looks and what they may see: the one place where console, API and live updates meet their tenant."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from ohmstead.access.actors import Actor
from ohmstead.access.models import ApiKey, Membership, Organisation, Role, User
from ohmstead.access.rights import Right, rights_named, rights_of
from ohmstead.access.row_security import bound
from ohmstead.charging.models import Session, Standing
from ohmstead.network.models import Bulk, Certificate, Command, Deviation, Evse, Site, Station


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person, or a program with a key, in one organisation. Every query starts here.

    `user` and `role` are set for a person only. Templates ask `viewer.may.operate`.
    """

    organisation: Organisation
    actor: Actor
    rights: frozenset[Right]
    user: User | None = None
    role: str = ""
    organisations: tuple[Organisation, ...] = ()  # all that the person may work for, this one among them

    @property
    def asker_id(self) -> UUID:
        """Whose share of what is limited this uses: a person's or a key's."""
        return self.actor.user_id or self.actor.key_id or self.organisation.pk

    @property
    def initials(self) -> str:
        words = self.actor.name.replace("@", " ").split()
        return "".join(word[0] for word in words[:2]).upper()

    @property
    def role_word(self) -> str:
        return gettext(str(Role(self.role).label))

    def has(self, right: Right) -> bool:
        return right in self.rights

    @property
    def may(self) -> dict[str, bool]:
        return {right.value: right in self.rights for right in Right}

    def sites(self) -> QuerySet[Site]:
        """Without those that were removed."""
        return Site.objects.filter(organisation=self.organisation, removed_at=None)

    def site_choices(self) -> list[tuple[UUID, str]]:
        """Key and name, for lists to choose from."""
        return list(self.sites().order_by("name").values_list("pk", "name"))

    def every_site(self) -> QuerySet[Site]:
        return Site.objects.filter(organisation=self.organisation)

    def stations(self) -> QuerySet[Station]:
        return Station.objects.filter(organisation=self.organisation)

    def standings(self) -> QuerySet[Standing]:
        """What the stations in service do, in narrow rows that are kept: for counts and sums."""
        return Standing.objects.filter(organisation=self.organisation, in_service=True)

    def evses(self) -> QuerySet[Evse]:
        return Evse.objects.filter(station__organisation=self.organisation)

    def commands(self) -> QuerySet[Command]:
        return Command.objects.filter(station__organisation=self.organisation)

    def bulks(self) -> QuerySet[Bulk]:
        return Bulk.objects.filter(organisation=self.organisation)

    def certificates(self) -> QuerySet[Certificate]:
        return Certificate.objects.filter(station__organisation=self.organisation)

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


CHOSEN: Final = "organisation"  # the session's key: which one a person of several works for now
_MOST_ORGANISATIONS: Final = 50


def viewer_of(user: User, chosen: str = "") -> Viewer | None:
    """`chosen` is an organisation's id; where the person is no member of it (any more), the first counts."""
    found = Membership.objects.select_related("organisation").filter(user=user).order_by("id")
    memberships = list(found[:_MOST_ORGANISATIONS])
    if not memberships:
        return None
    membership = next((each for each in memberships if str(each.organisation_id) == chosen), memberships[0])
    return Viewer(
        membership.organisation,
        Actor.of_user(user),
        rights_of(membership.role),
        user,
        membership.role,
        tuple(each.organisation for each in memberships),
    )


def viewer_of_request(request: Any) -> Viewer | None:
    """The person who is signed in, in the organisation chosen; membership is looked at anew each time."""
    if not request.user.is_authenticated:
        return None
    return viewer_of(request.user, str(request.session.get(CHOSEN, "")))


def viewer_of_key(key: ApiKey) -> Viewer:
    """A program may do what its key's scopes say, whatever becomes of the person who made the key."""
    return Viewer(key.organisation, Actor.of_key(key), rights_named(key.scopes))


def forbid_without(viewer: Viewer, right: Right) -> None:
    """For pages that anybody may look at and only some may use."""
    if not viewer.has(right):
        raise PermissionDenied


type View = Callable[..., HttpResponseBase]


def console_view(right: Right = Right.VIEW) -> Callable[[View], View]:
    """Sign-in, membership and right first; then the view, with `request.viewer`."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: Any, *args: object, **kwargs: object) -> HttpResponseBase:
            viewer = viewer_of_request(request)
            if viewer is None:
                return render(request, "accounts/no_organisation.html", status=403)
            if not viewer.has(right):
                raise PermissionDenied
            request.viewer = viewer
            with bound(viewer.organisation.pk):
                return view(request, *args, **kwargs)

        return guarded

    return decorate
