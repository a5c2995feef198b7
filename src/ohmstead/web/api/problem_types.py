"""The kinds of problems: their names are part of the API and stay."""

from typing import Final, NamedTuple


class Kind(NamedTuple):
    status: int
    title: str
    words: str


PROBLEM_TYPES: Final[dict[str, Kind]] = {
    "malformed": Kind(400, "Not readable", "The body is not JSON, or not in the form it says it has."),
    "unauthenticated": Kind(401, "Who are you?", "No key, or one that is unknown, revoked or past its end."),
    "forbidden": Kind(403, "Not allowed", "The key or the person lacks the scope that the operation needs."),
    "csrf": Kind(403, "CSRF token missing", "A write with the console's cookie came without its CSRF token."),
    "not-found": Kind(404, "Not found", "There is no such thing in your organisation; another one's do not exist."),
    "method-not-allowed": Kind(405, "Method not allowed", "The address exists; the header Allow names its methods."),
    "conflict": Kind(409, "Conflict", "The thing is in a state that does not allow this, or exists already."),
    "idempotency-key-in-use": Kind(
        409, "First request not finished", "The same Idempotency-Key is being worked on, or its outcome is unknown."
    ),
    "changed-meanwhile": Kind(412, "Changed meanwhile", "The thing is no longer the version that If-Match names."),
    "too-large": Kind(413, "Too large", "The body is larger than this operation takes."),
    "invalid": Kind(422, "Invalid value", "A field is unknown, missing or has a value that cannot be used."),
    "idempotency-key-reused": Kind(
        422, "Idempotency key used before", "The Idempotency-Key came before with another request; use a new one."
    ),
    "too-many-requests": Kind(429, "Too many requests", "Wait as many seconds as the header Retry-After says."),
    "failure": Kind(500, "Our failure", "We failed; it is in our log. Try again with the same Idempotency-Key."),
    "unavailable": Kind(503, "Not now", "Something we need does not answer. Try again a little later."),
}

# For refusals that only say a status.
ANY_OF_STATUS: Final[dict[int, str]] = {
    kind.status: slug for slug, kind in reversed(PROBLEM_TYPES.items()) if slug != "csrf"
}
