"""Open redirects: no address of ours sends a browser to somebody else's, whatever it is asked."""

import pytest

from tests.web import one_of_each
from tests.web.test_ways_in import ask_for_code, code_in
from tests.web.walked import OTHER, address, routes

ELSEWHERE = ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)")
NAMES = ("next", "return", "return_to", "back", "url", "redirect", "continue", "from")


def leads_elsewhere(answer):
    where = answer.headers.get("Location", "")
    return "evil" in where.partition("?")[0] or where.lower().startswith(("javascript:", "//", "/\\"))


def every_route():
    """Also those that belong to no tenant."""
    from django.urls import get_resolver

    def walk(patterns, prefix):
        for each in patterns:
            here = prefix + str(each.pattern).lstrip("^")
            yield from walk(each.url_patterns, here) if hasattr(each, "url_patterns") else [here]

    found = [each for each in walk(get_resolver().url_patterns, "") if "(?P" not in each and "$" not in each]
    return list(dict.fromkeys([*routes(), *found]))


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("role", ["owner", None])
def test_no_address_leads_elsewhere(browser_of, stranger, network, role, target):
    mine = one_of_each.build(network.hill, network.people["owner"])
    values = OTHER | mine.address | {"key": network.free.pk}
    wrong, led = [], 0
    query = "&".join(f"{name}={target}" for name in NAMES)
    for route in every_route():
        where = address(route, values)
        if where.startswith("/api/") or "sign-out" in where:
            continue
        browser = stranger if role is None else browser_of(role)
        answers = [browser.get(f"{where}?{query}"), browser.post(where, dict.fromkeys(NAMES, target))]
        led += sum("Location" in answer.headers for answer in answers)
        wrong += [f"{route}: {answer.headers['Location']}" for answer in answers if leads_elsewhere(answer)]
    assert wrong == []
    assert led > 10


def test_one_that_did_would_be_found(database):
    from django.http import HttpResponseRedirect

    assert leads_elsewhere(HttpResponseRedirect(ELSEWHERE[0]))
    assert leads_elsewhere(HttpResponseRedirect(ELSEWHERE[1]))
    assert not leads_elsewhere(HttpResponseRedirect("/sign-in?next=https://evil.example/"))


def test_a_code_by_mail_does_not_lead_elsewhere(stranger, oscar, mailbox):
    elsewhere = {"next": ELSEWHERE[0]}
    ask_for_code(stranger, oscar.email)
    stranger.get(f"/sign-in?next={ELSEWHERE[0]}")
    answer = stranger.post(f"/sign-in/code/enter?next={ELSEWHERE[0]}", {"code": code_in(mailbox[0]), **elsewhere})
    assert answer.status_code == 302
    assert not leads_elsewhere(answer)
