"""However long its list is, a page of the console costs the same number of statements."""

import pytest

from tests.web.api.test_constant_costs import more

PAGES = [
    "",
    "api-keys",
    "audit",
    "bulk",
    "cameras",
    "commands",
    "contract-roots",
    "driver-groups",
    "drivers",
    "firmware",
    "inbox",
    "map",
    "members",
    "reservations",
    "search?q=more",
    "sessions",
    "sites",
    "stations",
    "stations/HILL-1/certificates",
    "stations/HILL-1/commands",
    "stations/HILL-1/configuration",
    "stations/HILL-1/firmware",
    "stations/HILL-1/sessions",
    "stations/HILL-1/timeline",
    "tokens",
    "webhooks",
]


@pytest.mark.parametrize("page", PAGES)
def test_more_rows_cost_no_more_statements(browser_of, program, network, queries_of, page):
    owner, address = browser_of("owner"), f"/console/{page}"
    more(network, program, 1)
    more(network, program, 2)
    assert owner.get(address).status_code == 200
    few = queries_of(lambda: owner.get(address))
    for number in range(3, 6):
        more(network, program, number)
    assert queries_of(lambda: owner.get(address)) == few
