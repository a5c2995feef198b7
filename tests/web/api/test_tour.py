"""A tour through what programs do, resource by resource; each writes by the same action as the console."""

from datetime import UTC, datetime, timedelta

import pytest


class TestSites:
    def test_a_site_is_made_changed_removed_and_brought_back(self, program):
        made = program.post("/sites", {"name": "Harbour", "time_zone": "Europe/Berlin"})
        assert made.status_code == 201
        path = made.headers["Location"].removeprefix("/api/v1")
        opening = {"always": False, "weekly": [{"weekday": 1, "opens": "07:00", "closes": "22:00"}]}
        changed = program("PATCH", path, {"city": "Hilltop", "opening": opening}).json()
        assert (changed["name"], changed["city"]) == ("Harbour", "Hilltop")
        assert changed["opening"]["weekly"] == opening["weekly"]
        assert program("DELETE", path).status_code == 204
        assert "Harbour" in [each["name"] for each in program.get("/sites?removed=true").json()["items"]]
        assert program.post(path + "/restore").json()["removed"] is False

    @pytest.mark.parametrize(
        "wrong",
        [{"time_zone": "Mars/Olympus"}, {"latitude": 0, "longitude": 0}, {"name": ""}, {"opening": {"weekly": 1}}],
    )
    def test_a_value_that_cannot_be_used_changes_nothing(self, program, network, wrong):
        before = program.get(f"/sites/{network.market.pk}").json()
        answer = program("PATCH", f"/sites/{network.market.pk}", {"city": "Elsewhere"} | wrong)
        assert answer.status_code == 422
        assert answer.json()["detail"].endswith(".")
        assert program.get(f"/sites/{network.market.pk}").json() == before

    def test_of_two_who_change_it_the_slower_is_told(self, program, network):
        path = f"/sites/{network.market.pk}"
        tag = program.get(path).headers["ETag"]
        assert program("PATCH", path, {"city": "First"}, if_match=tag).status_code == 200
        slower = program("PATCH", path, {"city": "Second"}, if_match=tag)
        assert (slower.status_code, slower.json()["type"]) == (412, "/api/v1/problems/changed-meanwhile")
        assert program.get(path).json()["city"] == "First"


class TestStations:
    def test_a_station_is_added_changed_and_removed(self, program, network):
        made = program.post("/stations", {"identity": "NEW-9", "site_id": str(network.quay.pk), "name": "Quay 9"})
        assert (made.status_code, made.headers["Location"]) == (201, "/api/v1/stations/NEW-9")
        changed = program("PATCH", "/stations/NEW-9", {"site_id": None, "security_profile": 2}).json()
        assert (changed["site"], changed["security_profile"], changed["name"]) == (None, 2, "Quay 9")
        assert program("DELETE", "/stations/NEW-9").status_code == 204
        assert "NEW-9" not in program.get("/stations").text
        assert program.post("/stations/NEW-9/restore").status_code == 200

    def test_what_the_meter_says_does_not_stand_against_a_change(self, program, network):
        tag = program.get("/stations/HILL-1").headers["ETag"]
        network.free.last_seen_at = datetime.now(UTC) + timedelta(minutes=1)
        network.free.save()
        assert program.get("/stations/HILL-1", if_none_match=tag).status_code == 200
        assert program("PATCH", "/stations/HILL-1", {"name": "Left"}, if_match=tag).status_code == 200
        assert program("PATCH", "/stations/HILL-1", {"name": "Right"}, if_match=tag).status_code == 412

    def test_nobody_sets_what_is_not_theirs_to_set(self, program, network):
        """Mass assignment: columns that the API never names."""
        wanted = {"organisation_id": str(network.vale.pk), "password_hash": "x", "online": True, "epoch": 9}
        for name, value in wanted.items():
            assert program("PATCH", "/stations/HILL-1", {name: value}).status_code == 422, name
            assert program.post("/stations", {"identity": "NEW-8", name: value}).status_code == 422, name

    def test_a_neighbours_site_does_not_exist_for_a_station(self, program, network):
        from ohmstead.network.models import Site

        theirs = Site.objects.create(organisation=network.vale, name="Theirs")
        assert program("PATCH", "/stations/HILL-1", {"site_id": str(theirs.pk)}).status_code == 404
        assert program.post("/stations", {"identity": "NEW-7", "site_id": str(theirs.pk)}).status_code == 404

    def test_plugs_are_added_changed_and_removed(self, program, network):
        path = "/stations/HILL-3/evses"
        assert program.post(path, {"number": 2, "max_power_w": 50_000}).status_code == 201
        assert program.post(path, {"number": 2}).status_code == 409
        made = program.post(path + "/2/connectors", {"number": 1, "standard": "IEC_62196_T2_COMBO", "format": "CABLE"})
        assert made.json()["evses"][1]["connectors"][0]["standard"] == "IEC_62196_T2_COMBO"
        assert program("PATCH", path + "/2/connectors/1", {"max_current_a": 125}).status_code == 200
        assert program("DELETE", path + "/2/connectors/1").status_code == 204
        assert program("DELETE", path + "/2").status_code == 204
        assert program("DELETE", path + "/2").status_code == 404

    def test_the_password_is_told_once(self, program, network):
        password = program.post("/stations/HILL-1/password").json()["password"]
        assert len(password) >= 16
        assert password not in program.get("/audit").text


class TestInbox:
    def test_a_station_is_let_in_or_turned_away(self, program, network):
        from tests.web.little_network import station

        station(network.hill, "WAIT-1", None, [], admission="pending")
        assert [each["identity"] for each in program.get("/inbox").json()["items"]] == ["WAIT-1"]
        assert program.post("/inbox/WAIT-1/refuse", {"reason": "Not ours"}).json()["admission"] == "refused"
        assert [each["identity"] for each in program.get("/inbox/refused").json()["items"]] == ["WAIT-1"]
        accepted = program.post("/inbox/WAIT-1/accept", {"site_id": str(network.quay.pk)})
        assert accepted.json()["admission"] == "accepted"
        assert program.get("/stations/WAIT-1").json()["site"]["name"] == "Quay"


class TestCommands:
    def test_a_station_is_asked_and_the_answer_awaited(self, program, network):
        from django.db import transaction
        from django.utils import timezone

        from ohmstead.network import commands
        from ohmstead.station.commands import CommandOutcome

        made = program.post("/stations/HILL-1/commands/unlock_connector", {"evse": 1})
        assert (made.status_code, made.json()["state"], made.json()["ended"]) == (201, "queued", False)
        with transaction.atomic():
            from uuid import UUID

            commands.settle(
                {UUID(made.json()["id"]): CommandOutcome(state="accepted", reason="Unlocked")}, timezone.now()
            )
        found = program.get(made.headers["Location"].removeprefix("/api/v1") + "?wait=5").json()
        assert (found["state"], found["reason"], found["fields"]) == ("accepted", "Unlocked", {"evse": 1})

    def test_asked_twice_with_the_same_key_it_is_one_command(self, program, network):
        first = program.post("/stations/HILL-1/commands/unlock_connector", {"evse": 1}, idempotency_key="u1")
        again = program.post("/stations/HILL-1/commands/unlock_connector", {"evse": 1}, idempotency_key="u1")
        assert first.json()["id"] == again.json()["id"]
        assert len(program.get("/commands").json()["items"]) == 1

    @pytest.mark.parametrize(
        ("operation", "body", "status"),
        [
            ("unlock_connector", {}, 422),
            ("unlock_connector", {"evse": "one"}, 422),
            ("unlock_connector", {"evse": 1, "force": True}, 422),
            ("start_session", {"token": {"uid": "04AA", "colour": "red"}}, 422),
            ("start_session", {"token": {"uid": "04AA"}, "evse": 1}, 201),
            ("no_such_thing", {}, 404),
            ("clear_token_cache", {}, 201),
        ],
    )
    def test_the_fields_are_checked_and_unknown_ones_refused(self, program, network, operation, body, status):
        assert program.post(f"/stations/HILL-1/commands/{operation}", body).status_code == status

    def test_each_operation_needs_its_own_scope(self, program_of, network):
        operate = program_of("view", "operate")
        assert operate.post("/stations/HILL-1/commands/unlock_connector", {"evse": 1}).status_code == 201
        assert operate.post("/stations/HILL-1/commands/clear_token_cache", {}).status_code == 403
        assert program_of("view").post("/stations/HILL-1/commands/unlock_connector", {"evse": 1}).status_code == 403

    def test_it_is_taken_back_while_it_was_not_sent(self, program, network):
        made = program.post("/stations/HILL-1/commands/unlock_connector", {"evse": 1}).json()
        assert program.post(f"/commands/{made['id']}/cancel").json()["state"] == "cancelled"
        repeated = program.post(f"/commands/{made['id']}/repeat")
        assert (repeated.status_code, repeated.json()["repeats_id"]) == (201, made["id"])

    def test_a_secret_is_never_shown(self, program, network):
        made = program.post("/stations/HILL-1/commands/change_password", {"password": "correct-horse-battery"})
        assert made.status_code == 201
        assert "correct-horse" not in made.text + program.get("/commands").text

    def test_many_are_asked_by_a_filter(self, program, network):
        asked = {"operation": "change_availability", "fields": {"operative": False}}
        chosen = {"stations": {"site_id": str(network.market.pk)}, "manner": {"pace": 2}}
        made = program.post("/bulks", asked | chosen)
        assert (made.status_code, made.json()["counts"]["total"]) == (201, 3)
        path = made.headers["Location"].removeprefix("/api/v1")
        assert len(program.get(path + "/commands").json()["items"]) == 3
        assert program.post(path + "/cancel").json()["state"] == "cancelled"
        assert len(program.get("/bulks").json()["items"]) == 1

    def test_not_saying_which_stations_asks_none(self, program, network):
        asked = {"operation": "change_availability", "fields": {"operative": False}, "stations": {}}
        assert program.post("/bulks", asked).status_code == 422
        assert program.get("/commands").json()["items"] == []


class TestConfiguration:
    def test_settings_are_wanted_and_drift_is_told(self, program, network):
        asked = program.post("/stations/HILL-1/settings", {"values": [{"name": "HeartbeatInterval", "value": "300"}]})
        assert (asked.status_code, asked.json()["commands"][0]["operation"]) == (202, "set_setting")
        (wanted,) = program.get("/stations/HILL-1/wanted-settings").json()["items"]
        assert (wanted["value"], wanted["drift"]) == ("300", "not_reported")
        assert program.get("/drift").json()["items"][0]["station"] == "HILL-1"
        assert program("DELETE", "/stations/HILL-1/wanted-settings/HeartbeatInterval").status_code == 204
        assert program("DELETE", "/stations/HILL-1/wanted-settings/HeartbeatInterval").status_code == 404

    def test_a_template_is_made_applied_and_deleted(self, program, network):
        values = [{"name": "HeartbeatInterval", "value": "300"}]
        made = program.post("/setting-templates", {"name": "Defaults", "values": values, "vendor": "Voltmark"})
        path = made.headers["Location"].removeprefix("/api/v1")
        assert program.post("/setting-templates", {"name": "defaults", "values": values}).status_code == 409
        assert program("PUT", path, {"name": "Basics", "values": values}).json()["name"] == "Basics"
        applied = program.post(path + "/apply", {"stations": {"everything": True}})
        assert (applied.status_code, applied.json()["counts"]["total"]) == (201, 4)
        assert program("DELETE", path).status_code == 204

    def test_what_a_station_can_be_asked(self, program, network):
        items = program.get("/stations/HILL-1/capabilities").json()["items"]
        offered = {each["operation"]: each["offered"] for each in items}
        assert offered["unlock_connector"]
        assert not offered["set_grid_control"]


class TestCards:
    def test_a_card_is_added_blocked_and_unblocked(self, program):
        made = program.post("/cards", {"uid": "04:A2:B3:C4", "label": "Ada"})
        path = made.headers["Location"].removeprefix("/api/v1")
        assert program.post("/cards", {"uid": "04a2b3c4"}).status_code == 422
        blocked = program.post(path + "/block", {"reason": "Lost"}).json()
        assert (blocked["status"], blocked["blocked_because"]) == ("blocked", "Lost")
        assert program.post(path + "/unblock", {}).json()["status"] == "valid"
        assert program("PATCH", path, {"label": "Ada's"}).json()["label"] == "Ada's"
        assert [each["uid"] for each in program.get("/cards?search=04a2b3c4").json()["items"]] == ["04:A2:B3:C4"]


class TestKeys:
    def test_a_key_is_made_used_and_revoked(self, program, program_of):
        from tests.web.api.conftest import Program

        made = program.post("/api-keys", {"name": "Meter reader", "scopes": ["view"]}).json()
        other = Program(program.client, made["key"])
        assert other.get("/me").json()["scopes"] == ["view"]
        assert made["key"] not in program.get("/api-keys").text
        assert program.post(f"/api-keys/{made['id']}/revoke").json()["valid"] is False
        assert other.get("/me").status_code == 401

    def test_a_key_gives_no_more_than_it_has(self, program_of):
        answer = program_of("view", "integrate").post("/api-keys", {"name": "More", "scopes": ["people"]})
        assert answer.status_code == 422
        assert "right" in answer.json()["detail"]


class TestWebhooks:
    def test_a_webhook_is_made_tested_changed_and_deleted(self, program):
        made = program.post("/webhooks", {"url": "https://crm.example/hooks", "kinds": ["session.ended"]})
        assert made.json()["secret"].startswith("whsec_")
        path = made.headers["Location"].removeprefix("/api/v1")
        assert made.json()["secret"] not in program.get("/webhooks").text
        assert program.post(path + "/test").json()["kind"] == "webhook.tested"
        (delivery,) = program.get(path + "/deliveries").json()["items"]
        assert program.post(f"{path}/deliveries/{delivery['id']}/replay").status_code == 202
        assert program("PATCH", path, {"active": False}).json()["active"] is False
        assert program.post(path + "/test").status_code == 409
        assert program.post(path + "/rotate-secret").json()["secret"].startswith("whsec_")
        assert program("DELETE", path).status_code == 204

    @pytest.mark.parametrize(
        "url", ["http://crm.example/", "https://u:p@crm.example/", "ftp://crm.example/", "https://crm.example/ x"]
    )
    def test_an_address_that_may_not_be_called_is_refused(self, program, url):
        answer = program.post("/webhooks", {"url": url})
        assert (answer.status_code, answer.json()["type"]) == (422, "/api/v1/problems/invalid")


def test_the_organisation_and_its_health(program, network):
    assert program.get("/organisation").json()["stations"] == 4
    assert program("PATCH", "/organisation", {"unknown_stations": "refuse"}).json()["unknown_stations"] == "refuse"
    assert program.get("/health").json()["connections"] == 0


def test_every_write_stands_in_the_audit_trail_with_the_key(program):
    program.post("/sites", {"name": "Harbour", "time_zone": "UTC"})
    entry = program.get("/audit?verb=site.created").json()["items"][0]
    assert (entry["actor_kind"], entry["thing_name"]) == ("key", "Harbour")
    assert entry["actor_name"].startswith("CRM (ohm_")


class TestDrivers:
    def test_a_driver_is_added_changed_and_put_into_a_group(self, program):
        made = program.post("/drivers", {"name": "Ada", "email": "ada@hill.example"})
        path = made.headers["Location"].removeprefix("/api/v1")
        assert program("PATCH", path, {"phone": "+49 30 1"}).json()["name"] == "Ada"
        group = program.post("/driver-groups", {"name": "Fleet", "sessions_per_month": 40}).json()
        members = f"/driver-groups/{group['id']}/members"
        assert program.post(members, {"driver_id": made.json()["id"]}).status_code == 204
        assert program("DELETE", f"{members}/{made.json()['id']}").status_code == 204
        assert program.post("/driver-groups", {"name": "Fleet"}).status_code == 422


class TestPeople:
    def test_somebody_is_invited_and_the_invitation_withdrawn(self, program):
        made = program.post("/invitations", {"email": "bob@hill.example", "role": "operator"})
        assert made.status_code == 201
        assert program("DELETE", f"/invitations/{made.json()['id']}").status_code == 204

    def test_a_key_gives_no_role_that_may_do_more_than_itself(self, program_of, network):
        few = program_of("view", "people")
        assert few.post("/invitations", {"email": "eve@hill.example", "role": "owner"}).status_code == 403
        member = network.people["reader"].memberships.get()
        assert few("PATCH", f"/members/{member.pk}", {"role": "owner"}).status_code == 403

    def test_the_last_owner_stays(self, program, network):
        member = network.people["owner"].memberships.get()
        assert program("DELETE", f"/members/{member.pk}").status_code == 409


class TestTables:
    def test_a_table_is_exported_and_comes_back_without_a_change(self, program, network):
        from django.core.files.uploadedfile import SimpleUploadedFile

        table = program.get("/exports/sites.csv")
        assert table.headers["Content-Type"] == "text/csv"
        made = program.client.post(
            "/api/v1/imports/sites",
            {"table": SimpleUploadedFile("sites.csv", table.content)},
            headers={"authorization": f"Bearer {program.secret}"},
        )
        assert made.status_code == 201, made.text
        assert (made.json()["unchanged"], made.json()["faults"]) == (2, [])
        assert program.post(f"/imports/{made.json()['id']}/apply").status_code == 200
        assert program.post(f"/imports/{made.json()['id']}/apply").status_code == 409


def test_the_map_shows_places_with_their_plugs(program, network):
    names = {each["name"] for each in program.get("/map").json()["items"]}
    assert "Market" in names
