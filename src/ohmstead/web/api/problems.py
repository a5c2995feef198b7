"""Every error of the API is application/problem+json (RFC 9457): a stable type, and a sentence for a person."""

import json
import logging
from typing import Any, Final

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from ohmstead.web.api.domain_problems import REFUSALS
from ohmstead.web.api.problem_types import ANY_OF_STATUS, PROBLEM_TYPES

log = logging.getLogger(__name__)

CONTENT_TYPE: Final = "application/problem+json"
TYPE_ROOT: Final = "/api/v1/problems/"


class Problem(Schema):
    """RFC 9457."""

    type: str = Field(description="Stable name of the kind of problem; the address explains it.")
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The status code again.")
    detail: str = Field(description="What is wrong with this request, as a sentence.")
    errors: list[dict[str, str]] | None = Field(None, description="`where` and `what` of each value that is wrong.")


class Refused(Exception):
    """Something stands against the request; `slug` is the kind of problem."""

    def __init__(self, slug: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.slug, self.detail, self.headers, self.more = slug, detail, headers or {}, more

    def answer(self) -> HttpResponse:
        answer = problem(self.slug, self.detail, **self.more)
        for name, value in self.headers.items():
            answer.headers[name] = value
        return answer


def problem(slug: str, detail: str, **more: Any) -> HttpResponse:
    kind = PROBLEM_TYPES[slug]
    body = {"type": TYPE_ROOT + slug, "title": kind.title, "status": kind.status, "detail": detail, **more}
    return HttpResponse(json.dumps(body), status=kind.status, content_type=CONTENT_TYPE)


def register(api: NinjaAPI) -> None:
    handlers: dict[Any, Any] = {
        Http404: _not_found,
        AuthenticationError: _unknown,
        ValidationError: _malformed,
        DataError: _unheld,
        HttpError: _http,
        Refused: lambda request, error: error.answer(),
        Exception: _our_fault,
    }
    handlers |= {kind: _of_the_domain(slug) for kind, slug in REFUSALS.items()}
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    said = str(error)
    return problem("not-found", said if said.endswith(".") else "There is nothing at this address.")


def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    if "Authorization" in request.headers:
        answer = problem("unauthenticated", "The key is not one that is valid now.")
    else:
        answer = problem("unauthenticated", "Send an API key: Authorization: Bearer ohm_...")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"where": ".".join(map(str, e["loc"])), "what": str(e["msg"])} for e in error.errors]
    return problem("invalid", "A value in the request cannot be used.", errors=errors)


def _unheld(request: HttpRequest, error: DataError) -> HttpResponse:
    """Such as a NUL: the database can hold no such value, so nothing has it."""
    return problem("invalid", "A value in the request cannot be used.")


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(ANY_OF_STATUS.get(error.status_code, "malformed"), str(error))


def _of_the_domain(slug: str) -> Any:
    def answered(request: HttpRequest, error: Exception) -> HttpResponse:
        return problem(slug, str(error) or PROBLEM_TYPES[slug].words)

    return answered


def _our_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("%s %s failed.", request.method, request.path, exc_info=error)
    return problem("failure", "We failed to answer. The request may or may not have had its effect.")
