"""How an endpoint is declared: its scope, its answer and its name stand beside it and in the OpenAPI document."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict

from ohmstead.access.rights import Right
from ohmstead.web.api.access import needs

_STATUS: Final = {"POST": 201, "DELETE": 204}

type Endpoint = Callable[..., Any]

LEFT_OUT: Final[Any] = None  # of a field that may be absent and is never null


class Input(Schema):
    """What a caller may write: a field that is not named here is refused, never passed on."""

    model_config = ConfigDict(extra="forbid")


def operation(
    router: Router,
    method: str,
    path: str,
    name: str,
    summary: str,
    *,
    right: Right = Right.VIEW,
    answers: Any = None,
    status: int | None = None,
    location: str = "",
    most_bytes: int | None = None,
    **more: Any,
) -> Callable[[Endpoint], Endpoint]:
    """`name` is the stable operationId; `location` is the address of what was made, with fields of the answer."""

    def decorate(endpoint: Endpoint) -> Endpoint:
        @wraps(endpoint)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            found = endpoint(request, *args, **kwargs)
            if location:
                request.made_at = "/api/v1" + location.format_map(_Fields(found, kwargs))  # type: ignore[attr-defined]
            return found

        code = status or (_STATUS.get(method, 200) if answers is not None or method == "DELETE" else 204)
        extra = {"x-scope": right.value, **more}
        if most_bytes:
            extra["x-most-bytes"] = most_bytes
        router.add_api_operation(
            path,
            [method],
            answered,
            auth=needs(right),
            response={code: answers},
            operation_id=name,
            summary=summary,
            openapi_extra=extra,
        )
        return endpoint

    return decorate


class _Fields(dict[str, Any]):
    """The answer's fields, and those of the address."""

    def __init__(self, answer: Any, kwargs: dict[str, Any]) -> None:
        super().__init__(kwargs)
        self._answer = answer

    def __missing__(self, name: str) -> Any:
        return self._answer[name] if isinstance(self._answer, dict) else getattr(self._answer, name)


def file_answer(content: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
