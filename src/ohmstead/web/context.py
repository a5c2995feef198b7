"""What every page knows beyond its own content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from ohmstead.station.answers import Admission
from ohmstead.web.console.navigation import navigation
from ohmstead.web.scope import Viewer

THEMES = ("auto", "light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """Theme, demo mode, the viewer, where the viewer may go and how many stations wait in the inbox."""
    theme = request.COOKIES.get("theme", "auto")
    context: dict[str, Any] = {"theme": theme if theme in THEMES else "auto", "demo": settings.OHMSTEAD_DEMO}
    if (driver := getattr(request, "driver", None)) is not None:
        context["me"] = driver
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is not None:
        context["viewer"] = viewer
        context["navigation"] = list(navigation(viewer))
        context["waiting"] = viewer.stations().filter(admission=Admission.PENDING).count()
    return context
