"""Closing by hand a session that hangs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ohmstead.access.rights import Right
from ohmstead.charging.actions import SessionNotRunning, close_session
from ohmstead.charging.models import SessionState
from ohmstead.web.console import confirming
from ohmstead.web.console.session import found
from ohmstead.web.scope import ConsoleRequest, console_view


@console_view(Right.OPERATE)
def close(request: ConsoleRequest, session_id: UUID) -> HttpResponse:
    session = found(request.viewer, session_id)
    back = reverse("session", args=[session.pk])
    if confirming.is_confirmed(request):
        try:
            close_session(session, by=request.viewer.actor, reason="")
        except SessionNotRunning:
            messages.error(request, _("This session has ended already. Nothing was changed."))
        else:
            messages.success(request, _("The session is being closed, and the station is asked to stop it."))
        return HttpResponseRedirect(back)
    if session.state != SessionState.RUNNING:
        messages.error(request, _("This session has ended already. Nothing was changed."))
        return HttpResponseRedirect(back)
    return confirming.ask(
        request,
        here="sessions",
        title=_("Close this session at %(station)s?") % {"station": session.station},
        sentences=[
            _("It ends with the last reading that was heard, and the station is asked to stop it too."),
            _("If the station goes on to speak of it, it is running again."),
        ],
        button=_("Close session"),
        back=back,
    )
