"""The web's own upkeep."""

from datetime import timedelta

from django.utils import timezone


def test_logins_that_have_ended_are_forgotten_and_others_stay(database):
    from django.contrib.sessions.models import Session

    from ohmstead.web.jobs import forget_ended_logins

    now = timezone.now()
    Session.objects.create(session_key="ended", session_data="x", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="lasting", session_data="x", expire_date=now + timedelta(days=1))
    forget_ended_logins(timestamp=int(now.timestamp()))
    assert [session.session_key for session in Session.objects.all()] == ["lasting"]
