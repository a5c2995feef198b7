from datetime import UTC, datetime

import pytest


@pytest.fixture
def organisation(database):
    from ohmstead.access.models import Organisation

    return Organisation.objects.create(slug="town", name="Town")


def create(organisation, uid, **fields):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import create_token

    return create_token(organisation, uid, by=SYSTEM, **fields)


def test_f3_a_token_is_found_by_any_spelling(organisation):
    from ohmstead.drivers.queries import find_token

    token = create(organisation, "04:a2-5C")
    assert find_token(organisation, "04A25c") == token


def test_the_same_token_twice_is_refused_with_a_sentence(organisation):
    from ohmstead.drivers.actions import TokenRefused

    create(organisation, "04A25C")
    with pytest.raises(TokenRefused, match="exists already"):
        create(organisation, "04:a2:5c")


def test_a_token_that_ends_before_it_begins_is_refused(organisation):
    from ohmstead.drivers.actions import TokenRefused

    day = datetime(2026, 5, 4, tzinfo=UTC)
    with pytest.raises(TokenRefused):
        create(organisation, "04A25C", valid_from=day, valid_to=day)


def test_blocking_is_audited_once(organisation):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.models import AuditEntry
    from ohmstead.drivers.actions import block_token, unblock_token

    token = create(organisation, "04A25C")
    block_token(token, by=SYSTEM, reason="lost")
    block_token(token, by=SYSTEM, reason="lost")
    unblock_token(token, by=SYSTEM, reason="found")
    verbs = list(AuditEntry.objects.order_by("at").values_list("verb", flat=True))
    assert verbs == ["token.created", "token.blocked", "token.unblocked"]
