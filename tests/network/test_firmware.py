"""Firmware: kept, sent to those it fits, and believed only when the station starts with it."""

from hashlib import sha256

import pytest

from ohmstead.journal.entry import EntryKind
from ohmstead.station.commands import CommandOutcome, UpdateFirmware
from ohmstead.station.events import Booted, CommandAnswered, FirmwareStatusChanged
from tests.network.heard import NOON, heard, minutes
from tests.network.test_line import project

CONTENT = b"firmware" * 100


@pytest.fixture
def by(database):
    from ohmstead.access.actors import Actor

    return Actor.job("tests")


@pytest.fixture
def actions(database, settings_of):
    from ohmstead.network import file_actions

    with settings_of(OHMSTEAD_STATION_FILES_URL="https://files.example"):
        yield file_actions


@pytest.fixture
def online(station):
    station.gateway, station.online, station.vendor, station.model, station.firmware = "gw", True, "Bright", "B2", "1.0"
    station.save()
    return station


@pytest.fixture
def image(organisation, actions, by):
    return actions.add_image(
        organisation, [CONTENT], by=by, file_name="b2.bin", vendor="bright", model="b2", version="v2.0"
    )


def update_of(station, image, actions, by):
    """An update the station has agreed to."""
    from ohmstead.network import dispatch

    update = actions.update_firmware(station, image, by=by)
    (claimed,) = dispatch.claim(NOON)
    event = CommandAnswered(message_id=str(claimed.id), action="UpdateFirmware", payload={"status": "Accepted"})
    project(heard(station.id, event, kind=EntryKind.ANSWERED, frame=b"[3]"))
    return update


def tell(station, update, *words):
    number = update.command.request_id
    project(*(heard(station.id, FirmwareStatusChanged(status=word, request_id=number)) for word in words))


def boot(station, version, at=5):
    project(heard(station.id, Booted(vendor="Bright", model="B2", firmware=version), at=minutes(at)))


def seen(update):
    update.refresh_from_db()
    update.command.refresh_from_db()
    return update.command.work, update.command.progress, update.confirmed_at is not None


def test_an_update_is_confirmed_by_the_start_with_it(online, image, actions, by):
    update = update_of(online, image, actions, by)
    tell(online, update, "Downloading", "Downloaded", "Installing")
    assert seen(update) == ("running", "Installing", False)
    boot(online, "2.0")
    assert seen(update) == ("done", "Installed", True)
    tell(online, update, "Installed")
    assert update.command.history[-1]["state"] == "confirmed"


@pytest.mark.parametrize(
    ("words", "version", "found"),
    [
        pytest.param(["Installed"], "1.0", ("done", "Installed", False), id="it says installed and is not"),
        pytest.param(["Downloading"], "1.0", ("running", "Downloading", False), id="a start in between"),
        pytest.param(["InstallationFailed"], "1.0", ("failed", "InstallationFailed", False), id="it failed"),
        pytest.param(["InstallationFailed"], "2.0", ("done", "Installed", True), id="it failed and is there after all"),
    ],
)
def test_what_the_next_start_says(online, image, actions, by, words, version, found):
    update = update_of(online, image, actions, by)
    tell(online, update, *words)
    boot(online, version)
    assert seen(update) == found
    assert update.booted_with == version


def test_a_start_from_before_confirms_nothing(online, image, actions, by):
    update = update_of(online, image, actions, by)
    boot(online, "2.0", at=-5)
    assert seen(update)[2] is False


def test_a_failed_update_is_tried_again(online, image, actions, by):
    from ohmstead.network import command_actions

    update = update_of(online, image, actions, by)
    tell(online, update, "DownloadFailed")
    again = command_actions.repeat_command(update.command, by=by)
    update.refresh_from_db()
    assert update.command == again
    assert again.request_id != again.repeats.request_id


def test_signed_firmware_brings_its_signature(online, organisation, actions, by):
    from ohmstead.network import commands

    image = actions.add_image(
        organisation,
        [CONTENT],
        by=by,
        file_name="b2.bin",
        vendor="Bright",
        version="2.0",
        signature="c2ln",
        signing_certificate_pem="PEM",
    )
    wish = commands.parsed(actions.update_firmware(online, image, by=by).command)
    assert isinstance(wish, UpdateFirmware)
    assert (wish.signature, wish.signing_certificate_pem) == ("c2ln", "PEM")
    assert wish.url.startswith("https://files.example/station-files/")
    assert wish.url.endswith("/b2.bin")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        pytest.param({"vendor": " "}, "is for a vendor", id="no vendor"),
        pytest.param({"version": ""}, "has a version", id="no version"),
        pytest.param({"signature": "c2ln"}, "both a signature and the certificate", id="half signed"),
        pytest.param({"sha256": "0" * 64}, "the file is damaged", id="another content"),
        pytest.param({"pieces": []}, "is empty", id="empty"),
        pytest.param({"signature": "x" * 30_000, "signing_certificate_pem": "x"}, "too long", id="no signature"),
    ],
)
def test_firmware_that_is_not_taken(organisation, actions, by, fields, sentence):
    from ohmstead.network.errors import BadImage
    from ohmstead.network.models import FirmwareImage, StoredFile

    fields = {"vendor": "Bright", "version": "2.0", "file_name": "b2.bin", **fields}
    pieces = fields.pop("pieces", [CONTENT])
    with pytest.raises(BadImage, match=sentence):
        actions.add_image(organisation, pieces, by=by, **fields)
    assert not FirmwareImage.objects.exists()
    assert not StoredFile.objects.exists()


def test_the_digest_is_checked_and_kept(organisation, actions, by):
    digest = sha256(CONTENT).hexdigest()
    image = actions.add_image(
        organisation, [CONTENT], by=by, file_name="b2.bin", vendor="B", version="2", sha256=digest.upper()
    )
    assert (image.stored.sha256, image.stored.size_bytes) == (digest, 800)


@pytest.mark.parametrize("fields", [{"vendor": "Other"}, {"model": "B3"}], ids=["another vendor", "another model"])
def test_firmware_for_another_station_is_refused(online, image, actions, by, fields):
    from ohmstead.network.errors import BadImage
    from ohmstead.network.models import Command, Station

    Station.objects.filter(pk=online.pk).update(**fields)
    with pytest.raises(BadImage, match="is another one"):
        actions.update_firmware(online, image, by=by)
    actions.withdraw_image(image, by=by)
    with pytest.raises(BadImage, match="withdrawn"):
        actions.update_firmware(online, image, by=by)
    assert not Command.objects.exists()


def fleet(organisation):
    from ohmstead.network.models import Station

    common = {"organisation": organisation, "admission": "accepted", "online": True, "gateway": "gw"}
    kinds = [("Bright", "B2", "1.0")] * 5 + [("Bright", "B2", "v2.0"), ("Bright", "B3", "1.0"), ("Other", "B2", "1.0")]
    Station.objects.bulk_create(
        Station(identity=f"F-{n}", vendor=vendor, model=model, firmware=firmware, **common)
        for n, (vendor, model, firmware) in enumerate(kinds)
    )
    return Station.objects.all()


def test_a_campaign_reaches_those_it_fits_and_stops_after_failures(organisation, image, actions, by):
    from ohmstead.network import bulks, command_queries, dispatch
    from ohmstead.network.bulk_actions import Manner, retry_bulk
    from ohmstead.network.models import FirmwareUpdate

    bulk = actions.update_many(image, fleet(organisation), by=by, manner=Manner(pace=2, stop_after=1))
    assert [each.station.identity for each in command_queries.bulk_commands(bulk)] == [f"F-{n}" for n in range(5)]
    assert len({each.command["url"] for each in bulk.commands.all()}) == 5
    bulks.advance(NOON)
    first, second = dispatch.claim(NOON)
    answer = CommandOutcome(state="accepted", payload={"status": "Accepted"})
    dispatch.end({first.id: answer, second.id: answer}, NOON)
    assert bulks.advance(NOON) == {organisation.pk: set()}
    row = FirmwareUpdate.objects.get(command_id=first.id)
    tell(row.station, row, "DownloadFailed")
    bulks.advance(NOON)
    found = command_queries.bulk(organisation, bulk.pk)
    assert (found.bulk.state, found.counts["cancelled"], found.counts["not_done"]) == ("stopped", 3, 4)
    again = retry_bulk(bulk, by=by)
    assert again.commands.count() == 4
    assert FirmwareUpdate.objects.filter(command__bulk=again).count() == 4


def test_images_are_read_in_one_query(organisation, image, actions, by, statements):
    from ohmstead.network import file_queries

    actions.update_many(image, fleet(organisation), by=by)
    with statements() as ran:
        (found,) = list(file_queries.images(organisation))
    assert (found.sent_to, found.confirmed, found.stored.size_bytes) == (5, 0, 800)
    assert len(ran()) == 1


def test_another_organisation_sees_no_file(organisation, online, image, actions, by):
    from ohmstead.access.models import Organisation
    from ohmstead.network import file_queries
    from ohmstead.network.models import FirmwareImage, StationFile

    other = Organisation.objects.create(slug="dale", name="Dale")
    file = actions.ask_for_log(online, by=by)
    with pytest.raises(StationFile.DoesNotExist):
        file_queries.file(other, file.pk)
    with pytest.raises(FirmwareImage.DoesNotExist):
        file_queries.image(other, image.pk)
    assert list(file_queries.images(other)) == []


@pytest.mark.parametrize(
    ("host", "remote", "url"),
    [
        pytest.param("192.0.2.9", "", "http://192.0.2.9:8310", id="one address"),
        pytest.param("0.0.0.0", "127.0.0.1", "http://127.0.0.1:8310", id="as the station reaches it"),
        pytest.param("::1", "", "http://[::1]:8310", id="IPv6"),
    ],
)
def test_the_address_of_files_without_a_public_one(station, settings_of, host, remote, url):
    from ohmstead.network.file_targets import base_url

    station.remote_address = remote
    with settings_of(OHMSTEAD_STATION_FILES_URL="", OHMSTEAD_HOST=host, OHMSTEAD_WEB_PORT=8310):
        assert base_url(station) == url
