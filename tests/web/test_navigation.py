"""The side navigation: pages that exist, for those who may open them."""

import re


def entries_of(page):
    side = page.text.split('<nav class="nav"')[1].split("</nav>")[0]
    return re.findall(r'<a href="([^"]+)"', side)


def test_every_entry_opens_for_who_sees_it(browser_of, network):
    for role in ("owner", "reader"):
        browser = browser_of(role)
        entries = entries_of(browser.get("/console/"))
        assert "/console/stations" in entries
        assert {entry: browser.get(entry, follow=True).status_code for entry in entries} == dict.fromkeys(entries, 200)


def test_a_page_that_does_not_exist_is_not_listed(database):
    from django.utils.translation import gettext_lazy

    from ohmstead.web.console.navigation import Entry

    assert Entry("stations", "plug", gettext_lazy("Stations")).url == "/console/stations"
    assert Entry("submarines", "plug", gettext_lazy("Stations")).url == ""


def test_the_page_one_is_on_is_marked_once_in_each_navigation(operator, network):
    page = operator.get("/console/sessions").text
    assert page.count('aria-current="page"') == 2  # the side and the phone's menu
    assert page.count('<a href="/console/sessions" aria-current="page">') == 2
