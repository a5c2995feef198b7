"""Every address of console, API and the drivers' app, from the route table."""

import re
from urllib.parse import quote

# What else stands in addresses: any value that leads somewhere.
OTHER = {
    "kind": "sites",
    "name": "restart",
    "form": "csv",
    "size": "small",
    "operation": "restart",
    "evse": 1,
    "connector": 1,
    "page": "station",
}
NOTHING = "00000000-0000-7000-8000-000000000000"
NO_TENANT = re.compile(
    r"^(\^?password|sign-|account|console/(theme|language)$|enter|me(/|$)|tiles|invitation|api/docs|api/v1/(docs|$))"
)
SKIPPED = {"api/v1/<path:rest>", "api/v1/problems/<str:slug>"}


def routes():
    from django.urls import get_resolver

    def walk(patterns, prefix):
        for each in patterns:
            here = prefix + str(each.pattern)
            yield from walk(each.url_patterns, here) if hasattr(each, "url_patterns") else [here]

    found = dict.fromkeys(walk(get_resolver().url_patterns, ""))
    return [each for each in found if each and each not in SKIPPED and not NO_TENANT.match(each)]


def names_in(route):
    return re.findall(r"<(?:\w+:)?(\w+)>", route)


def address(route, values):
    """A name not known here gets an id that leads to nothing."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: quote(str(values.get(found[1], NOTHING))), route)


def methods_of(route):
    return ("get", "post", "patch", "put", "delete") if route.startswith("api/") else ("get", "post")


def asked(browser, route, values, method):
    where, options = address(route, values), {}
    if route.startswith("api/") and method != "get":
        options = {"data": "{}", "content_type": "application/json"}
    return getattr(browser, method)(where, **options)
