"""Events are written with what happened, once, and only where somebody listens."""

import time
from uuid import UUID

import pytest


def kinds_written():
    from ohmstead.integration.models import Event

    return list(Event.objects.values_list("kind", flat=True))


def jobs():
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.filter(queue_name="webhooks").count()


def test_where_nobody_listens_nothing_is_written(announce_offline):
    announce_offline()
    assert (kinds_written(), jobs()) == ([], 0)


def test_an_event_a_delivery_and_a_job_for_each_webhook_that_wants_it(listening, announce_offline):
    from ohmstead.integration.models import Delivery

    everything, offline = listening(), listening("https://a.example", "station.offline")
    listening("https://b.example", "session.ended")
    announce_offline()
    assert kinds_written() == ["station.offline"]
    assert set(Delivery.objects.values_list("webhook", flat=True)) == {everything.pk, offline.pk}
    assert jobs() == 2


def test_the_same_news_told_again_is_one_event(listening, announce_offline):
    listening()
    announce_offline()
    announce_offline()
    assert (len(kinds_written()), jobs()) == (1, 1)


def test_another_organisations_listener_hears_nothing(listening, announce_offline):
    from ohmstead.access.models import Organisation

    listening()
    announce_offline(organisation=Organisation.objects.create(slug="vale", name="Vale Power"))
    assert kinds_written() == []


def test_what_is_rolled_back_was_never_announced(listening, announce_offline):
    from django.db import transaction

    listening()

    class Stop(Exception):
        pass

    def goes_wrong():
        with transaction.atomic():
            announce_offline()
            raise Stop

    with pytest.raises(Stop):
        goes_wrong()
    assert (kinds_written(), jobs()) == ([], 0)


def _told(read, count):
    """An event is told once no older transaction of the whole server runs, and other tests have theirs."""
    deadline = time.monotonic() + 30
    while len(found := read()) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def test_a_program_that_reads_the_stream_is_a_listener(hill, announce_offline):
    from ohmstead.integration.queries import BEGINNING, events_after, note_reader

    note_reader(hill)
    announce_offline(1)
    announce_offline(2)
    first, second = _told(lambda: events_after(hill, BEGINNING, frozenset(), 10), 2)
    assert [first.data["station"], second.data["station"]] == ["HILL-1", "HILL-2"]
    assert events_after(hill, (first.transaction, first.pk), frozenset(), 10) == [second]
    assert events_after(hill, BEGINNING, frozenset({"session.ended"}), 10) == []


def test_an_event_that_commits_late_is_not_skipped(hill, announce_offline, database):
    """A reader that saw the later transaction first would pass by the earlier one for ever."""
    import psycopg

    from ohmstead.integration.queries import BEGINNING, events_after, note_reader

    note_reader(hill)
    with psycopg.connect(database) as late:
        late.execute("SELECT txid_current()")
        announce_offline(1)
        assert events_after(hill, BEGINNING, frozenset(), 10) == []
    assert len(_told(lambda: events_after(hill, BEGINNING, frozenset(), 10), 1)) == 1


def test_the_number_of_statements_does_not_grow_with_the_events(listening):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from ohmstead.integration.events import StationOnline
    from ohmstead.integration.outbox import Announcement, announce_all

    webhook = listening()

    def cost(numbers):
        now = timezone.now()
        news = [
            Announcement(
                webhook.organisation_id, StationOnline(station_id=UUID(int=n), station=f"S-{n}"), now, f"{numbers} {n}"
            )
            for n in numbers
        ]
        with CaptureQueriesContext(connection) as seen:
            announce_all(news)
        return len(seen)

    assert cost(range(1)) == cost(range(100, 200))


def test_every_kind_of_event_is_described_and_has_a_schema(database_url):
    from ohmstead.integration.events import KINDS, schema_of

    for kind, event in KINDS.items():
        assert str(event.__doc__).endswith("."), kind
        assert schema_of(kind)["properties"], kind


def test_old_events_are_forgotten_with_their_deliveries(listening, announce_offline):
    from datetime import timedelta

    from django.utils import timezone

    from ohmstead.integration.jobs import KEPT_FOR, forget_old
    from ohmstead.integration.models import Delivery

    listening()
    announce_offline()
    forget_old(int(timezone.now().timestamp()))
    assert kinds_written() == ["station.offline"]
    forget_old(int((timezone.now() + KEPT_FOR + timedelta(minutes=1)).timestamp()))
    assert (kinds_written(), Delivery.objects.count()) == ([], 0)
