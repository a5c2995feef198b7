"""What every request goes through: keys and scopes, shares, once-only writes, versions, sizes, other origins."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.web.little_network import session


def test_a_key_opens_its_own_organisation_only(program, network):
    assert program.get("/stations/HILL-1").status_code == 200
    assert program.get("/stations/VALE-1").status_code == 404


@pytest.mark.parametrize(
    "header", ["Bearer ohm_unknown", "Bearer ", "Basic b2htOm9obQ==", "ohm_unknown", "Bearer \u00e9", ""]
)
def test_whatever_is_no_valid_key_is_401_also_with_a_cookie(operator, network, header):
    answer = operator.get("/api/v1/stations", headers={"authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["type"] == "/api/v1/problems/unauthenticated"


def test_a_revoked_key_opens_nothing(program, network):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.api_keys import revoke_api_key
    from ohmstead.access.models import ApiKey

    revoke_api_key(ApiKey.objects.get(), by=SYSTEM)
    assert program.get("/stations").status_code == 401


def test_a_scope_that_is_missing_is_named_before_the_body_is_looked_at(program_of, network):
    running = session(network.busy)
    answer = program_of("view").post(f"/sessions/{running.pk}/close", {"nonsense": 1})
    assert (answer.status_code, answer.json()["type"]) == (403, "/api/v1/problems/forbidden")
    assert "operate" in answer.json()["detail"]


def test_a_write_with_the_consoles_cookie_needs_the_csrf_token(browser_of, network):
    running = session(network.busy)
    browser = browser_of("operator", enforce_csrf_checks=True)
    path = f"/api/v1/sessions/{running.pk}/close"
    refused = browser.post(path, "{}", content_type="application/json")
    assert (refused.status_code, refused.json()["type"]) == (403, "/api/v1/problems/csrf")
    browser.get("/console/")
    token = browser.cookies["csrftoken"].value
    let_in = browser.post(path, "{}", content_type="application/json", headers={"X-CSRFToken": token})
    assert let_in.status_code == 202


def test_a_field_that_is_not_known_is_refused_and_nothing_happens(program, network):
    running = session(network.busy)
    answer = program.post(f"/sessions/{running.pk}/close", {"reason": "hangs", "organisation": "vale"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"where": "body.body.organisation", "what": "Extra inputs are not permitted"}]
    assert not running.closings.exists()


class TestShare:
    @pytest.fixture(autouse=True)
    def three_a_minute(self, settings):
        settings.OHMSTEAD_API_REQUESTS_PER_MINUTE = 3

    @pytest.fixture
    def settings(self, database):
        from django.test import override_settings

        with override_settings():
            from django.conf import settings

            yield settings

    def test_each_answer_tells_what_is_left(self, program):
        answer = program.get("/stations")
        assert answer.headers["RateLimit-Limit"] == "3"
        assert answer.headers["RateLimit-Remaining"] == "2"
        assert 1 <= int(answer.headers["RateLimit-Reset"]) <= 60

    def test_beyond_it_a_program_waits_and_others_do_not(self, program, program_of):
        from ohmstead.web.api import rates

        statuses = [program.get("/stations").status_code for _ in range(8)]
        assert 429 in statuses  # a minute may begin meanwhile, once
        answer = next(each for each in (program.get("/stations") for _ in range(8)) if each.status_code == 429)
        assert 1 <= int(answer.headers["Retry-After"]) <= rates.WINDOW_S
        assert answer.json()["type"] == "/api/v1/problems/too-many-requests"
        assert program_of("view").get("/stations").status_code == 200


class TestIdempotency:
    def closings(self):
        from ohmstead.charging.models import Closing

        return Closing.objects.count()

    def test_a_write_sent_twice_happens_once_and_is_answered_alike(self, program, network):
        path = f"/sessions/{session(network.busy).pk}/close"
        first = program.post(path, {"reason": "hangs"}, idempotency_key="k1")
        again = program.post(path, {"reason": "hangs"}, idempotency_key="k1")
        assert (first.status_code, again.status_code) == (202, 202)
        assert again.content == first.content
        assert again.headers["Idempotent-Replay"] == "true"
        assert self.closings() == 1

    def test_the_same_key_with_another_body_is_refused(self, program, network):
        path = f"/sessions/{session(network.busy).pk}/close"
        program.post(path, {"reason": "hangs"}, idempotency_key="k1")
        other = program.post(path, {"reason": "other"}, idempotency_key="k1")
        assert (other.status_code, other.json()["type"]) == (422, "/api/v1/problems/idempotency-key-reused")
        assert self.closings() == 1

    def test_two_programs_may_use_the_same_key(self, program, program_of, network):
        first, second = session(network.busy, transaction_id="1"), session(network.free, transaction_id="2")
        assert program.post(f"/sessions/{first.pk}/close", idempotency_key="k1").status_code == 202
        assert program_of().post(f"/sessions/{second.pk}/close", idempotency_key="k1").status_code == 202
        assert self.closings() == 2

    def test_while_the_first_is_at_work_the_second_is_told_so(self, program, network):
        from ohmstead.web.models import KeptAnswer

        path = f"/sessions/{session(network.busy).pk}/close"
        program.post(path, {"reason": "hangs"}, idempotency_key="k1")
        KeptAnswer.objects.update(status=None)
        answer = program.post(path, {"reason": "hangs"}, idempotency_key="k1")
        assert (answer.status_code, answer.json()["type"]) == (409, "/api/v1/problems/idempotency-key-in-use")
        assert answer.headers["Retry-After"] == "1"

    def test_of_many_at_once_one_happens(self, program, network):
        from django.db import connections

        path = f"/sessions/{session(network.busy).pk}/close"

        def send(_):
            try:
                return program.post(path, {"reason": "hangs"}, idempotency_key="k1").status_code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            statuses = set(pool.map(send, range(8)))
        assert 202 in statuses
        assert statuses <= {202, 409}
        assert self.closings() == 1

    def test_after_a_day_the_key_is_free_again(self, program, network):
        from datetime import timedelta

        from ohmstead.web.api.idempotency import KEPT_FOR
        from ohmstead.web.models import KeptAnswer

        first, second = session(network.busy, transaction_id="1"), session(network.free, transaction_id="2")
        program.post(f"/sessions/{first.pk}/close", idempotency_key="k1")
        KeptAnswer.objects.update(asked_at=KeptAnswer.objects.get().asked_at - KEPT_FOR - timedelta(seconds=1))
        assert program.post(f"/sessions/{second.pk}/close", idempotency_key="k1").status_code == 202

    def test_the_job_forgets_what_is_a_day_old(self, program, network):
        from datetime import timedelta

        from django.utils import timezone

        from ohmstead.web.api import idempotency
        from ohmstead.web.models import KeptAnswer

        program.post(f"/sessions/{session(network.busy).pk}/close", idempotency_key="k1")
        idempotency.forget_old(timezone.now())
        assert KeptAnswer.objects.count() == 1
        idempotency.forget_old(timezone.now() + idempotency.KEPT_FOR + timedelta(seconds=1))
        assert KeptAnswer.objects.count() == 0

    def test_what_is_kept_cannot_be_read_in_the_database(self, program, network):
        from ohmstead.web.models import KeptAnswer

        program.post(f"/sessions/{session(network.busy).pk}/close", idempotency_key="k1")
        assert b"HILL-2" not in bytes(KeptAnswer.objects.get().body)

    @pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
    def test_a_key_that_is_none_is_refused(self, program, network, key):
        path = f"/sessions/{session(network.busy).pk}/close"
        assert program.post(path, idempotency_key=key).status_code == 422


class TestVersions:
    def test_what_is_unchanged_is_not_sent_again(self, program, network):
        tag = program.get("/stations/HILL-1").headers["ETag"]
        again = program.get("/stations/HILL-1", if_none_match=tag)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        network.free.name = "Renamed"
        network.free.save()
        assert program.get("/stations/HILL-1", if_none_match=tag).status_code == 200


class TestMethodsAndSizes:
    def test_head_says_what_get_would(self, program, network):
        got, head = program.get("/stations/HILL-1"), program("HEAD", "/stations/HILL-1")
        assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", got.headers["ETag"])

    def test_options_names_the_methods_without_a_key(self, program):
        answer = program("OPTIONS", "/sessions", authorization="")
        assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")

    def test_another_method_is_a_problem(self, program):
        answer = program("DELETE", "/sessions")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer.headers["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize("path", ["/nothing", "/sessions/not-a-uuid", "/stations/HILL-1/nothing"])
    def test_where_nothing_is_the_answer_is_a_problem_too(self, program, path):
        answer = program.get(path)
        assert (answer.status_code, answer.json()["type"]) == (404, "/api/v1/problems/not-found")

    def test_a_body_beyond_the_bound_is_refused(self, program, network):
        answer = program.post(f"/sessions/{session(network.busy).pk}/close", {"reason": "x" * 1_000_001})
        assert (answer.status_code, answer.json()["type"]) == (413, "/api/v1/problems/too-large")

    def test_a_body_that_is_not_json_is_a_problem(self, program, network):
        path = f"/api/v1/sessions/{session(network.busy).pk}/close"
        answer = program.client.post(
            path, "{", content_type="application/json", headers={"authorization": f"Bearer {program.secret}"}
        )
        assert (answer.status_code, answer.json()["type"]) == (400, "/api/v1/problems/malformed")


class TestOtherOrigins:
    def test_none_may_call_unless_named(self, program):
        answer = program.get("/stations", origin="https://app.example")
        assert "Access-Control-Allow-Origin" not in answer.headers

    def test_one_that_is_named_may_with_a_key(self, program):
        from django.test import override_settings

        with override_settings(OHMSTEAD_API_ORIGINS=("https://app.example",)):
            asked = program("OPTIONS", "/stations", origin="https://app.example", access_control_request_method="GET")
            got = program.get("/stations", origin="https://app.example")
            other = program.get("/stations", origin="https://evil.example")
        assert asked.headers["Access-Control-Allow-Origin"] == "https://app.example"
        assert "GET" in asked.headers["Access-Control-Allow-Methods"]
        assert "Access-Control-Allow-Credentials" not in got.headers
        assert "Origin" in got.headers["Vary"]
        assert "Access-Control-Allow-Origin" not in other.headers


def test_the_kind_of_a_problem_leads_to_its_explanation(operator, network):
    kind = operator.get("/api/v1/nothing").json()["type"]
    answer = operator.get(kind)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/api/v1/docs#problem-not-found")
    assert json.loads(operator.get("/api/v1/problems/%00").content)["status"] == 404
