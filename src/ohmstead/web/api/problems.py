"""Every error of the API is application/problem+json (RFC 9457) with a sentence."""

import json
from http import HTTPStatus
from typing import Any

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return HttpResponse(json.dumps(body), status=status, content_type="application/problem+json")


def register(api: NinjaAPI) -> None:
    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, str(error) or "There is nothing at this address.")

    @api.exception_handler(AuthenticationError)
    def signed_out(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(401, "Sign in to the console first; keys for programs follow.")

    @api.exception_handler(ValidationError)
    def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [{"where": ".".join(map(str, e["loc"])), "what": str(e["msg"])} for e in error.errors]
        return problem(422, "A value in the request cannot be used.", errors=errors)

    @api.exception_handler(DataError)
    def unheld(request: HttpRequest, error: DataError) -> HttpResponse:
        """Such as a NUL: the database can hold no such value, so nothing has it."""
        return problem(422, "A value in the request cannot be used.")

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))
