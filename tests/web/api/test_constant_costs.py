"""However long a list is, it costs the same number of statements."""

import pytest

from tests.doubles.contracts import Issued
from tests.web.little_network import session, station, token

LISTS = [
    "/api-keys",
    "/audit",
    "/bulks",
    "/cameras",
    "/card-alarms",
    "/cards",
    "/commands",
    "/contract-roots",
    "/drift",
    "/driver-groups",
    "/drivers",
    "/firmware-images",
    "/inbox",
    "/inbox/refusals",
    "/inbox/refused",
    "/invitations",
    "/members",
    "/plate-offers",
    "/reservations",
    "/sessions",
    "/setting-templates",
    "/sites",
    "/stations",
    "/stations/HILL-1/certificates",
    "/stations/HILL-1/deviations",
    "/stations/HILL-1/firmware-updates",
    "/stations/HILL-1/logs",
    "/stations/HILL-1/messages",
    "/stations/HILL-1/monitors",
    "/stations/HILL-1/noticed",
    "/stations/HILL-1/settings",
    "/stations/HILL-1/timeline",
    "/stations/HILL-1/trusted-certificates",
    "/stations/HILL-1/wanted-settings",
    "/unknown-cards",
    "/webhooks",
]


def more(network, program, number):
    """One more of nearly everything."""
    station(network.hill, f"MORE-{number}", network.market, ["available", "charging"])
    station(network.hill, f"WAIT-{number}", None, [], admission="pending")
    station(network.hill, f"GONE-{number}", None, [], admission="refused")
    session(network.busy, transaction_id=f"more {number}")
    token(network.hill, f"04AA{number}", f"Card {number}")
    program.post("/sites", {"name": f"Site {number}", "time_zone": "UTC"})
    program.post("/stations/HILL-1/commands/unlock_connector", {"evse": 1})
    program.post("/stations/HILL-1/settings", {"values": [{"name": f"Setting{number}", "value": "1"}]})
    program.post("/drivers", {"name": f"Driver {number}"})
    program.post("/driver-groups", {"name": f"Group {number}"})
    program.post("/invitations", {"email": f"person{number}@hill.example", "role": "reader"})
    program.post("/stations/HILL-1/logs", {})
    program.post("/contract-roots", {"certificate_pem": Issued(f"Root {number}").pem})
    program.post("/webhooks", {"url": f"https://crm.example/{number}"})
    program.post("/cameras", {"name": f"Camera {number}", "plugs": [{"station": "HILL-1", "evse": 1}]})
    program.post("/api-keys", {"name": f"Key {number}", "scopes": ["view"]})
    program.post("/setting-templates", {"name": f"T{number}", "values": [{"name": "A", "value": "1"}]})
    program.post(
        "/bulks",
        {"operation": "unlock_connector", "fields": {"evse": 1}, "stations": {"identities": ["HILL-1", "HILL-2"]}},
    )


@pytest.mark.parametrize("address", LISTS)
def test_more_rows_cost_no_more_statements(program, network, queries_of, address):
    more(network, program, 1)
    program.get(address)
    few = queries_of(lambda: program.get(address))
    for number in range(2, 5):
        more(network, program, number)
    assert program.get(address).status_code == 200
    assert queries_of(lambda: program.get(address)) == few


def test_every_list_is_in_this_table(database_url):
    from ohmstead.web.api.api import api

    lists = {
        path.removeprefix("/api/v1").replace("{identity}", "HILL-1")
        for path, methods in api.get_openapi_schema()["paths"].items()
        if "cursor" in {each["name"] for each in methods.get("get", {}).get("parameters", ())}
    }
    of_one_thing = {path for path in lists if "{" in path}
    assert lists - of_one_thing == set(LISTS)
