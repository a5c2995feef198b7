"""Tables of sites and stations: planned, applied as a whole or not at all, and exported."""

import pytest

from ohmstead.network.rules.problems import Unusable
from ohmstead.network.rules.sheet import Row, read_sheet, safe_cell, written
from ohmstead.network.rules.site_sheet import COLUMNS, plan_sites
from ohmstead.network.rules.station_sheet import KnownStation, plan_stations


def read(content, columns=COLUMNS, needed=("name",)):
    return read_sheet(content if isinstance(content, bytes) else content.encode(), columns, needed)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("name,city\nMall,Köln\n", id="comma"),
        pytest.param("name;city\r\nMall;Köln\r\n", id="semicolon"),
        pytest.param("name\tcity\nMall\tKöln\n", id="tab"),
        pytest.param("\ufeffName , City\n Mall , Köln\n", id="with a mark, capitals and blanks"),
        pytest.param("name;city\nMall;Köln\n".encode("cp1252"), id="as Windows writes it"),
        pytest.param("name;city\nMall;Köln\n".encode("utf-16"), id="UTF-16"),
        pytest.param('name,city\n"Mall","Köln"\n\n,\n', id="quoted, with empty lines"),
    ],
)
def test_however_a_spreadsheet_writes_it(content):
    assert read(content) == [Row(2, {"name": "Mall", "city": "Köln"})]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "The file is empty", id="empty"),
        pytest.param(b"name\nMall\x00\n", "The file is no text table", id="NUL"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", "The file is no text table", id="a picture"),
        pytest.param("city\nKöln\n", "The column name is missing in the first line", id="no name column"),
        pytest.param(
            "name,latitud\nMall,1\n", "There is no column named latitud; there are: name, address", id="a slip"
        ),
        pytest.param("name,name\nMall,Mall\n", "A column stands twice", id="twice"),
        pytest.param("name\n", "a first line but no rows", id="no rows"),
        pytest.param("name,city\nMall,Köln,more\n", "Line 2 has more cells", id="too many cells"),
        pytest.param('name\n"Mall\n', "cannot be read as a table", id="an open quote"),
        pytest.param("name\n" + "x\n" * 20_001, "more than 20000 rows", id="too many rows"),
        pytest.param(b"name\n" + b"x" * 10_000_000, "larger than 10 MB", id="too large"),
    ],
)
def test_what_is_no_table_is_told_in_a_sentence(content, sentence):
    with pytest.raises(Unusable, match=sentence):
        read(content)


def faults(plan):
    return [(fault.line, fault.column, str(fault.problem)) for fault in plan.faults]


def test_every_bad_row_of_sites_is_named_with_its_column():
    table = (
        "name,time_zone,latitude,longitude,opening_hours,country\n"
        "Mall,Europe/Berlin,52.5,13.4,24/7,DE\n"
        "Quay,Berlin,,,,\n"
        "MALL,,,,,\n"
        ",,1,1,,\n"
        'North,,"52,5",abc,,\n'
        "South,,52,,,\n"
        "West,,,,open,XX\n"
    )
    assert faults(plan_sites(read(table), {})) == [
        (3, "time_zone", "Berlin is no time zone; they are named like Europe/Berlin."),
        (4, "name", "Line 2 has this name already."),
        (5, "name", "A site needs a name."),
        (6, "longitude", "This is a number of degrees from -180 to 180."),
        (7, "longitude", "A position needs both latitude and longitude."),
        (8, "opening_hours", "open is no opening rule such as Mo-Fr 07:00-22:00."),
        (8, "country", "XX is no country code such as DE."),
    ]


STATIONS = (
    "identity", "name", "site", "security_profile", "latitude", "longitude", "notes", "evse", "physical_reference",
    "evse_max_power_kw", "connector", "standard", "format", "power_type", "max_power_kw", "max_current_a",
    "max_voltage_v",
)  # fmt: skip


def stations(table, known=None):
    return plan_stations(read(table, STATIONS, ("identity",)), known or {}, {"MALL": "Mall"})


def test_every_bad_row_of_stations_is_named_with_its_column():
    table = (
        "identity,site,security_profile,evse,connector,standard,max_power_kw\n"
        "ST-1,Mall,1,1,1,IEC_62196_T2,22\n"
        "ST-1,Quay,,1,1,IEC_62196_T2,22\n"
        "a b,,,,,,\n"
        "ST-2,,9,1,1,TYPE2,22\n"
        "ST-3,,,0,1,,\n"
        "ST-4,,,1,1,,-4\n"
        "ST-5,,,,1,,\n"
        "OLD,,,,,,\n"
    )
    known = {"OLD": KnownStation({}, why_not="This station waits in the inbox: accept it there first.")}
    assert faults(stations(table, known)) == [
        (3, "site", "There is no site named Quay."),
        (3, "connector", "This connector stands twice in the table."),
        (4, "identity", "a b is no station identity."),
        (5, "security_profile", "9 is no security profile; there are 0, 1, 2 and 3."),
        (5, "standard", "TYPE2 is no connector type of OCPI such as IEC_62196_T2_COMBO."),
        (6, "evse", "This is a whole number from 1 to 32767."),
        (7, "max_power_kw", "This is a power in kW such as 22 or 7.4."),
        (8, "evse", "This needs a number, as the station counts from 1."),
        (9, "identity", "This station waits in the inbox: accept it there first."),
    ]


def test_two_rows_of_a_station_must_not_contradict_each_other():
    table = "identity,name,evse,evse_max_power_kw\nST-1,North,1,22\nST-1,South,1,50\n"
    assert faults(stations(table)) == [
        (3, "name", "Line 2 says something else of this station."),
        (3, "evse", "Another line says something else of plug 1."),
    ]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30 1", "'+49 30 1"),
        ("-5", "-5"),
        ("-5,25", "-5,25"),
        ("-5+cmd|' /C calc'!A0", "'-5+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("x;=1+1", "x;'=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("plain", "plain"),
        (None, ""),
    ],
)
def test_no_cell_is_a_formula(value, cell):
    assert safe_cell(value) == cell


def test_what_is_written_is_read_again():
    text = "".join(written([("name", "help_phone", "access_notes"), ("Mall", "+49 30 1", 'Say "hello",\nthen ring')]))
    assert read(text) == [Row(2, {"name": "Mall", "help_phone": "+49 30 1", "access_notes": 'Say "hello",\nthen ring'})]


@pytest.fixture
def by(database):
    from ohmstead.access.actors import Actor
    from ohmstead.access.models import User

    return Actor.of_user(User.objects.create_user("ann@hill.example", name="Ann"))


SITES_TABLE = (
    b"name;city;latitude;longitude;time_zone;opening_hours\nMall;Hill;52,5;13,4;Europe/Berlin;Mo-Fr 07:00-22:00\n"
)
STATIONS_TABLE = (
    b"identity,name,site,security_profile,evse,physical_reference,connector,standard,format,power_type,max_power_kw\n"
    b"NEW-1,North,Mall,1,1,A1,1,IEC_62196_T2,SOCKET,AC_3_PHASE,22\n"
    b'NEW-1,,,,2,A2,1,IEC_62196_T2_COMBO,CABLE,DC,"150"\n'
    b"ST-1,First,Mall,,1,B1,1,CHADEMO,CABLE,DC,50\n"
)


@pytest.fixture
def imports(database):
    from ohmstead.network.imports import actions

    return actions


@pytest.fixture
def mall(organisation, imports, by):
    from ohmstead.network.models import Site

    imports.apply_import(imports.upload_import(organisation, "sites", SITES_TABLE, by=by), by=by)
    return Site.objects.get(name="Mall")


def test_sites_are_created_changed_and_left_alone(organisation, mall, imports, by):
    assert (mall.latitude, mall.hours_text) == (52.5, "Mo-Fr 07:00-22:00")
    again = imports.upload_import(organisation, "sites", SITES_TABLE, by=by)
    assert (lambda plan: (plan.created, plan.changed, plan.unchanged))(imports.apply_import(again, by=by)) == (0, 0, 1)
    other = imports.upload_import(organisation, "sites", b"name,city\nmall,Vale\nQuay,\n", by=by)
    plan = imports.apply_import(other, by=by)
    assert (plan.created, plan.changed, plan.unchanged) == (1, 1, 0)
    mall.refresh_from_db()
    assert (mall.name, mall.city, mall.latitude) == ("mall", "Vale", 52.5)


def test_exceptional_hours_stay_when_the_week_is_imported(organisation, mall, imports, by):
    from ohmstead.network.site_actions import update_site

    closed = {"always": True, "closings": [{"begins": "2026-12-24T14:00", "ends": "2026-12-26T08:00"}]}
    update_site(mall, by=by, opening=closed)
    imports.apply_import(imports.upload_import(organisation, "sites", SITES_TABLE, by=by), by=by)
    mall.refresh_from_db()
    assert (mall.hours_text, len(mall.hours.closings)) == ("Mo-Fr 07:00-22:00", 1)


def test_stations_come_with_their_plugs(organisation, station, mall, imports, by):
    from ohmstead.access.models import AuditEntry
    from ohmstead.network import queries

    plan = imports.apply_import(imports.upload_import(organisation, "stations", STATIONS_TABLE, by=by), by=by)
    assert (plan.created, plan.changed) == (1, 1)
    new, old = queries.stations(organisation)
    assert (new.identity, new.site, new.security_profile, new.admission) == ("NEW-1", mall, 1, "accepted")
    assert [(e.number, e.physical_reference, [c.max_power_w for c in e.connectors.all()]) for e in new.evses.all()] == [
        (1, "A1", [22_000]),
        (2, "A2", [150_000]),
    ]
    assert (old.identity, old.name, old.evses.get().connectors.get().standard) == ("ST-1", "First", "CHADEMO")
    told = AuditEntry.objects.filter(verb__startswith="station.").values_list("verb", "thing_name", "organisation")
    assert set(told) == {
        ("station.created", "North", organisation.pk),
        ("station.changed", "First", organisation.pk),
    }


def test_a_file_with_one_fault_does_nothing_at_all(organisation, mall, imports, by):
    from ohmstead.network.errors import ImportHasFaults
    from ohmstead.network.models import Station

    table = STATIONS_TABLE + b"NEW-2,,Nowhere,,,,,,,,\n"
    with pytest.raises(ImportHasFaults):
        imports.apply_import(imports.upload_import(organisation, "stations", table, by=by), by=by)
    assert not Station.objects.exists()


def test_a_file_is_applied_once(organisation, imports, by):
    from ohmstead.network.errors import ImportIsOver

    draft = imports.upload_import(organisation, "sites", SITES_TABLE, by=by)
    imports.apply_import(draft, by=by)
    with pytest.raises(ImportIsOver, match="applied already"):
        imports.apply_import(draft, by=by)


def test_what_happened_between_looking_and_applying_counts(organisation, imports, by):
    """Somebody created the same site by hand meanwhile: it is changed, not created twice."""
    from ohmstead.network.models import Site
    from ohmstead.network.site_actions import create_site

    draft = imports.upload_import(organisation, "sites", SITES_TABLE, by=by)
    create_site(organisation, by=by, name="Mall")
    assert imports.apply_import(draft, by=by).changed == 1
    assert Site.objects.count() == 1


def test_a_thousand_stations_cost_no_more_statements_than_the_batches(organisation, mall, imports, by, statements):
    rows = "".join(f"ST-{n:04},Mall,{m},1,IEC_62196_T2\n" for n in range(1_000) for m in (1, 2))
    table = f"identity,site,evse,connector,standard\n{rows}".encode()
    draft = imports.upload_import(organisation, "stations", table, by=by)
    with statements() as seen:
        assert imports.apply_import(draft, by=by).created == 1_000
    assert len(seen()) < 40


def test_what_is_exported_is_imported_without_a_change(organisation, station, mall, imports, by):
    from ohmstead.network.imports.export import sites_csv, stations_csv
    from ohmstead.network.imports.plans import plan_of
    from ohmstead.network.models import Site, Station

    imports.apply_import(imports.upload_import(organisation, "stations", STATIONS_TABLE, by=by), by=by)
    for kind, lines in (
        ("sites", sites_csv(Site.objects.all())),
        ("stations", stations_csv(Station.objects.order_by("identity"), ";")),
    ):
        plan = plan_of(imports.upload_import(organisation, kind, "".join(lines).encode(), by=by))
        assert (plan.changes, plan.faults) == ([], [])
        assert plan.unchanged > 0
