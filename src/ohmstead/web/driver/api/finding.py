"""Sites and plugs."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError

from ohmstead.network.plug_codes import plugs_of_code
from ohmstead.web.driver import site as site_page
from ohmstead.web.driver.api.schemas import PlugOut, SiteInFullOut, plug_out, site_fields
from ohmstead.web.driver.plugs import plug_of
from ohmstead.web.driver.scope import DriverViewer

router = Router(tags=["Finding"])


def viewer(request: HttpRequest) -> DriverViewer:
    found: DriverViewer = request.driver  # type: ignore[attr-defined]
    return found


@router.get("/sites/{uuid:site_id}", response=SiteInFullOut, operation_id="get_site", summary="A site and its plugs")
def get_site(request: HttpRequest, site_id: UUID) -> Any:
    site = site_page.found(viewer(request), site_id)
    found = site_page.body(site)
    plugs = [plug_out(plug) for group in found["groups"] for plug in group.plugs]
    return SiteInFullOut(
        **site_fields(found["card"]),
        opening=site.hours_text if site.opening else "",
        access_notes=site.access_notes,
        help_phone=site.help_phone,
        plug_list=plugs,
    )


@router.get("/plugs/{code}", response=PlugOut, operation_id="get_plug", summary="The plug that a code names")
def get_plug(request: HttpRequest, code: str) -> Any:
    """By the code that stands on it, in any case."""
    plugs = plugs_of_code(viewer(request).organisation, code)
    if not plugs:
        raise HttpError(404, "There is no such plug.")
    if len(plugs) > 1:
        raise HttpError(422, f"This station has more than one plug: name one, such as {plug_of(plugs[0]).code}.")
    return plug_out(plug_of(plugs[0]))
