"""Readings lie in one table per month; old months are dropped whole."""

from datetime import UTC, datetime

import pytest

from .voices import NOON, minute


@pytest.fixture
def partitions(database):
    from django.db import connection

    def names():
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname FROM pg_class WHERE relname LIKE 'charging_reading_2%%' AND relkind = 'r'")
            return sorted(row[0] for row in cursor.fetchall())

    yield names
    with connection.cursor() as cursor:
        for name in names():
            cursor.execute(f"DROP TABLE {name}")


def test_readings_that_came_before_their_month_move_into_it(partitions, voice, told):
    from django.db import connection

    from ohmstead.charging.upkeep import ensure_partitions

    told(voice.start(0, 0), voice.meter(5, 100))
    ensure_partitions(NOON)
    ensure_partitions(NOON)
    assert {f"charging_reading_2026{month:02}" for month in (4, 5, 6, 7)} <= set(partitions())
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM charging_reading")
        assert cursor.fetchall() == [("charging_reading_202605",)]
    [session] = told(voice.meter(6, 200))
    assert session.energy_wh == 200


def test_old_months_are_dropped(partitions, voice, told):
    from ohmstead.charging.models import Mark, MeterReading
    from ohmstead.charging.upkeep import ensure_partitions, forget_before

    forget_before(datetime(2026, 4, 1, tzinfo=UTC))
    ensure_partitions(NOON)
    told(voice.boot(0), voice.start(0, 0), voice.meter(5, 100), voice.meter(90_000, 200))
    assert forget_before(datetime(2026, 6, 20, tzinfo=UTC)) == ["charging_reading_202604", "charging_reading_202605"]
    assert [reading.at for reading in MeterReading.objects.all()] == [minute(90_000)]
    assert Mark.objects.count() == 0
