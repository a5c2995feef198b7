"""A driver's cards, cars and plates; their data taken along; their account erased."""

import io
import json
import zipfile
from decimal import Decimal

import pytest

from tests.web.test_driver_account import charged, cleo, hill, sign_up  # noqa: F401


def test_a_card_is_added_by_its_printed_number_and_blocked_by_its_driver(cleo, hill):  # noqa: F811
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.cards import order_cards

    (card,) = order_cards(hill.hill, [("4711 0815", "04A1B2C3")], by=SYSTEM)
    cleo.post("/me/cards/activate", {"number": "47110815"})
    card.refresh_from_db()
    assert (card.status, card.driver) == ("valid", cleo.driver)
    assert "47110815" in cleo.get("/me/cards").text
    cleo.post(f"/me/cards/{card.pk}/block")
    card.refresh_from_db()
    assert card.status == "blocked"


def test_whoever_tries_numbers_waits_after_five(cleo, hill):  # noqa: F811
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.cards import order_cards

    (card,) = order_cards(hill.hill, [("4711 0815", "04A1B2C3")], by=SYSTEM)
    for number in range(5):
        cleo.post("/me/cards/activate", {"number": str(number)})
    answer = cleo.post("/me/cards/activate", {"number": "47110815"}, follow=True)
    assert "Too many numbers were tried" in answer.text
    card.refresh_from_db()
    assert card.status == "ordered"


def test_another_drivers_card_is_not_blocked(cleo, hill):  # noqa: F811
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import create_token
    from ohmstead.drivers.people import create_driver

    card = create_token(hill.hill, "FF00", by=SYSTEM, driver=create_driver(hill.hill, "Dora", by=SYSTEM))
    assert cleo.post(f"/me/cards/{card.pk}/block").status_code == 404


def test_a_car_is_learned_only_after_consent_and_only_where_one_just_charged(cleo, hill):  # noqa: F811
    from datetime import UTC, datetime

    from ohmstead.drivers.models import Sighting, Token

    now = datetime.now(UTC)
    fields = {
        "organisation": hill.hill,
        "kind": "mac_address",
        "verdict": "unknown",
        "first_at": now,
        "last_at": now,
        "minute_at": now,
    }
    here = Sighting.objects.create(
        station=hill.free, evse=1, uid="0A1B2C3D4E5F", canonical_uid="0A1B2C3D4E5F", **fields
    )
    away = Sighting.objects.create(station=hill.busy, uid="AAAAAAAAAAAA", canonical_uid="AAAAAAAAAAAA", **fields)
    charged(cleo.driver, hill.free)
    assert cleo.post(f"/me/cards/learn/{here.pk}").status_code in (302, 404)
    assert not Token.objects.filter(kind="mac_address").exists()
    cleo.post("/me/consent", {"kind": "autocharge", "given": "1"})
    assert cleo.post(f"/me/cards/learn/{away.pk}").status_code == 404
    cleo.post(f"/me/cards/learn/{here.pk}")
    assert Token.objects.get(kind="mac_address").driver == cleo.driver
    cleo.post("/me/cards/forget-cars")
    assert not Token.objects.filter(kind="mac_address").exists()


def test_a_car_at_the_next_plug_is_a_neighbours(cleo, hill):  # noqa: F811
    from datetime import UTC, datetime

    from ohmstead.drivers.models import Sighting

    now = datetime.now(UTC)
    charged(cleo.driver, hill.free)
    cleo.post("/me/consent", {"kind": "autocharge", "given": "1"})
    next_to = Sighting.objects.create(
        organisation=hill.hill, station=hill.free, evse=9, uid="0A1B2C3D4E5F", canonical_uid="0A1B2C3D4E5F",
        kind="mac_address", verdict="unknown", first_at=now, last_at=now, minute_at=now,
    )  # fmt: skip
    assert cleo.post(f"/me/cards/learn/{next_to.pk}").status_code == 404


def test_what_a_forgotten_car_charged_stays_in_the_history(cleo, hill):  # noqa: F811
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import create_token
    from ohmstead.station.tokens import TokenKind

    car = create_token(hill.hill, "0A1B2C3D4E5F", kind=TokenKind.MAC_ADDRESS, driver=cleo.driver, by=SYSTEM)
    made = charged(cleo.driver, hill.free)
    type(made).objects.filter(pk=made.pk).update(token=car)
    cleo.post("/me/cards/forget-cars")
    made.refresh_from_db()
    assert (made.token.driver, made.token.status) == (cleo.driver, "expired")
    create_token(hill.hill, "0A1B2C3D4E5F", kind=TokenKind.MAC_ADDRESS, driver=cleo.driver, by=SYSTEM)  # learned anew


def test_a_plate_needs_consent_and_each_use_is_seen_and_reportable(cleo, hill):  # noqa: F811
    from datetime import UTC, datetime

    from ohmstead.charging.models import Camera, PlateOffer
    from ohmstead.drivers.models import Token

    cleo.post("/me/plates/add", {"plate": "B AB 123"})
    assert not Token.objects.filter(kind="plate").exists()
    cleo.post("/me/consent", {"kind": "plates", "given": "1"})
    cleo.post("/me/plates/add", {"plate": "B AB 123"})
    plate = Token.objects.get(plate="BAB123")
    camera = Camera.objects.create(organisation=hill.hill, site=hill.market, name="Gate", secret_hash="x")
    now = datetime.now(UTC)
    use = PlateOffer.objects.create(
        organisation=hill.hill,
        camera=camera,
        token=plate,
        plate_read="8AB123",
        confidence_percent=91,
        read_at=now,
        until=now,
    )
    assert "8AB123" in cleo.get("/me/cards").text
    cleo.post(f"/me/plates/uses/{use.pk}/wrong")
    use.refresh_from_db()
    assert use.state == "wrong"
    cleo.post(f"/me/plates/{plate.pk}/remove")
    plate.refresh_from_db()
    assert (plate.plate, plate.status) == ("", "expired")


def test_the_account_is_taken_along_as_a_zip_by_its_driver_alone(cleo, hill, mailbox):  # noqa: F811
    from django.test import Client

    from ohmstead.drivers.models import AccountExport
    from ohmstead.web.driver.account.export import make

    charged(cleo.driver, hill.free, energy_wh=Decimal(12_340))
    cleo.post("/me/vehicles/add", {"model": "renault-zoe-r135"})
    cleo.post("/me/data/export")
    cleo.post("/me/data/export")
    waiting = AccountExport.objects.get()
    assert "Being made" in cleo.get("/me/data").text
    make(waiting.pk)
    answer = cleo.get(f"/me/data/export/{waiting.pk}")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert json.loads(archive.read("account.json"))[0]["email"] == "cleo@example.org"
    assert json.loads(archive.read("sessions.json"))[0]["energy_wh"] == "12340.000"
    assert json.loads(archive.read("vehicles.json"))[0]["name"] == "Renault Zoe R135"
    assert archive.read("sessions.pdf").startswith(b"%PDF-")
    other = Client(headers={"host": "localhost"})
    sign_up(other, mailbox, "dora@example.org")
    assert other.get(f"/me/data/export/{waiting.pk}").status_code == 404


def test_an_old_export_is_gone(cleo, hill):  # noqa: F811
    from datetime import timedelta

    from django.utils import timezone

    from ohmstead.drivers import exports
    from ohmstead.drivers.models import AccountExport
    from ohmstead.web.driver.account.export import make

    cleo.post("/me/data/export")
    export = AccountExport.objects.get()
    make(export.pk)
    exports.forget_old(timezone.now() + timedelta(days=8))
    export.refresh_from_db()
    assert export.content is None
    assert cleo.get(f"/me/data/export/{export.pk}").status_code == 404


def test_erasing_removes_the_person_and_keeps_the_energy(cleo, hill):  # noqa: F811
    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.audit import record
    from ohmstead.access.models import AuditEntry, User
    from ohmstead.charging.models import Session
    from ohmstead.drivers.models import Driver, Token

    charged(cleo.driver, hill.free, energy_wh=Decimal(12_340), facts={"token": {"uid": "0A0B"}})
    cleo.post("/me/profile", {"name": "Cleo Charger", "needs": "light cable"})
    record(SYSTEM, "group.joined", hill.hill, driver="Cleo Charger")  # what another thing's trail says of her
    assert cleo.post("/me/data/erase", {"typed": "cleo@example.or"}).status_code == 302
    assert User.objects.filter(email="cleo@example.org").exists()
    assert cleo.post("/me/data/erase", {"typed": "Cleo@example.org"}).headers["Location"] == "/enter"
    assert not User.objects.filter(email="cleo@example.org").exists()
    kept = Session.objects.get()
    assert kept.energy_wh == Decimal(12_340)
    left = " ".join(
        str(row)
        for model in (Driver, Token, Session, AuditEntry)
        for row in model.objects.filter(organisation=hill.hill).values()
    )
    for word in ("cleo@example.org", "Cleo Charger", "light cable", "0A0B", "Blue card"):
        assert word not in left, word
    assert AuditEntry.objects.filter(verb="driver.erased").count() == 1


def test_whoever_works_elsewhere_keeps_the_account_for_that(cleo, hill):  # noqa: F811
    from ohmstead.access.models import Membership, Role, User

    user = User.objects.get(email="cleo@example.org")
    Membership.objects.create(organisation=hill.vale, user=user, role=Role.READER)
    cleo.post("/me/data/erase", {"typed": user.email})
    assert User.objects.filter(pk=user.pk).exists()
    assert not user.drivers.exists()


@pytest.mark.parametrize("state", ["running"])
def test_while_one_charges_nothing_is_erased(cleo, hill, state):  # noqa: F811
    from ohmstead.access.models import User

    charged(cleo.driver, hill.free, state=state)
    answer = cleo.post("/me/data/erase", {"typed": "cleo@example.org"}, follow=True)
    assert "Stop it first" in answer.text
    assert User.objects.filter(email="cleo@example.org").exists()
