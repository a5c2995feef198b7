"""Cameras over the API: what the console can do with them, a program can too."""

import pytest

PLUGS = [{"station": "HILL-1", "evse": 1}, {"station": "HILL-1", "evse": 2}]


@pytest.fixture
def camera(program, network):
    answer = program.post("/cameras", {"name": "Entrance", "plugs": PLUGS})
    assert answer.status_code == 201, answer.content
    return answer.json()


def _send(stranger, camera, message):
    path = camera["address"].partition("localhost")[2]
    return stranger.post(path, message, content_type="application/json")


def test_its_address_is_told_once_and_takes_what_it_reads(program, camera, stranger):
    shown = program.get(f"/cameras/{camera['id']}").json()
    assert "address" not in shown
    assert shown["plugs"] == PLUGS
    assert _send(stranger, camera, {}).status_code == 400
    assert program.get(f"/cameras/{camera['id']}").json()["trouble"]


def test_what_it_read_is_listed_and_can_be_said_to_be_wrong(program, camera, stranger, network):
    card = program.post("/cards", {"kind": "plate", "plate": "HH AB 123", "label": "Ada"}).json()
    told = _send(stranger, camera, {"plateText": "HHAB123", "plateConfidence": 0.97})
    assert told.status_code == 200, told.content
    (offer,) = program.get("/plate-offers").json()["items"]
    assert (offer["plate"], offer["card_id"], offer["state"]) == ("HHAB123", card["id"], "open")
    assert program.post(f"/plate-offers/{offer['id']}/wrong").status_code == 204
    assert program.get("/plate-offers").json()["items"][0]["state"] == "wrong"
    assert [each["kind"] for each in program.get("/card-alarms").json()["items"]] == ["wrong_plate"]


def test_a_removed_cameras_address_is_dead(program, camera, stranger):
    assert program("DELETE", f"/cameras/{camera['id']}").status_code == 204
    assert _send(stranger, camera, {}).status_code == 404
    assert program.get("/cameras").json()["items"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"name": "Second", "plugs": [{"station": "VALE-1", "evse": 1}]}, 404, id="a neighbour's plug"),
        pytest.param({"name": "Second", "plugs": []}, 422, id="no plug"),
        pytest.param({"name": "Second", "plugs": [{"station": "HILL-4", "evse": 1}]}, 422, id="a plug at no site"),
        pytest.param({"name": "Entrance", "plugs": PLUGS}, 409, id="the same name"),
    ],
)
def test_what_cannot_be_a_camera_is_refused(program, camera, body, status):
    assert program.post("/cameras", body).status_code == status


def test_cameras_need_the_scope_of_drivers(program_of, network):
    assert program_of("view", "operate").get("/cameras").status_code == 403
