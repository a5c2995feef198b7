"""How people charge at a site, through the API."""


def test_a_program_changes_one_rule_and_reads_all(program, network):
    path = f"/sites/{network.market.pk}/rules"
    assert program.get(path).json()["offline"] == "listed"
    changed = program("PATCH", path, {"offline": "everyone"})
    assert (changed.status_code, changed.json()["may_reserve"]) == (200, "drivers")
    assert program.get(path).json()["offline"] == "everyone"
    assert program("PATCH", path, {"site_id": "another"}).status_code == 422
