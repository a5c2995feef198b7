"""A page, or the part of it that changes, from the same template."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render

from ohmstead.web.driver.scope import DriverRequest

PART_HEADER: Final = "X-Part"  # our script asks for the part alone


def shown(request: DriverRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """driver/NAME.html, or driver/parts/NAME_live.html when that is asked for."""
    part = PART_HEADER in request.headers
    template = f"driver/parts/{name}_live.html" if part else f"driver/{name}.html"
    answer = render(request, template, context)
    answer.headers["Vary"] = f"{answer.headers.get('Vary', '')}, {PART_HEADER}".lstrip(", ")
    return answer
