"""Drivers hear what becomes of their session, once, by push, mail or text message, however often it is folded."""

import base64
import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.charging.rules.notices import Seen, news_of
from tests.integration.receiver import Receiver

from .voices import minute

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def seen(state="running", charging="charging", soc=None, at=NOW, faulted=False):
    return Seen(state, charging, soc, at, faulted)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param(None, seen(), ["started"], id="begins"),
        pytest.param(seen(), seen(charging="suspended_car"), ["suspended"], id="pauses"),
        pytest.param(seen(charging="suspended_car"), seen(charging="suspended_car"), [], id="stays paused"),
        pytest.param(seen(soc=79.0), seen(soc=81.0), ["nearly_done"], id="nearly full"),
        pytest.param(seen(soc=81.0), seen(soc=82.0), [], id="was nearly full"),
        pytest.param(seen(), seen("ended"), ["done"], id="ends"),
        pytest.param(seen("ended"), seen("ended"), [], id="ended before"),
        pytest.param(seen(), seen(faulted=True), ["fault"], id="the plug fails"),
        pytest.param(seen(), seen("lost"), [], id="silence is no end"),
        pytest.param(None, seen("refused"), [], id="refused"),
        pytest.param(None, seen(at=NOW - timedelta(hours=2)), [], id="told hours late"),
    ],
)
def test_what_a_driver_is_told(before, after, told):
    assert list(news_of(before, after, NOW)) == told


class Browser:
    """What a browser keeps of its subscription, to open what it is sent."""

    def __init__(self):
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        self.private = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.p256dh, self.auth = (base64.urlsafe_b64encode(each).decode().rstrip("=") for each in (point, self.secret))

    def opened(self, body):
        import http_ece

        return json.loads(
            http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        )


@pytest.fixture
def service(database):
    from django.test import override_settings

    receiver = Receiver()
    receiver.status = 201
    with override_settings(OHMSTEAD_ALLOW_PRIVATE_ADDRESSES=True):
        yield receiver
    receiver.close()


@pytest.fixture
def ada(organisation):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.models import User
    from ohmstead.charging import notifying
    from ohmstead.drivers.actions import create_token
    from ohmstead.drivers.people import create_driver

    user = User.objects.create_user("ada@example.org", None)
    driver = create_driver(organisation, "Ada", by=SYSTEM, user=user, email=user.email)
    create_token(organisation, "CARD1", by=SYSTEM, driver=driver)
    notifying.memory.forget()
    return driver


@pytest.fixture
def mails(database):
    from django.core import mail
    from django.test import override_settings

    with override_settings(MAILERS={"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}):
        mail.outbox = []
        yield mail.outbox


def subscribed(driver, service, browser, path="/push/ada"):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.notices import subscribe

    endpoint = service.url.replace("/hooks", path)
    return subscribe(driver, endpoint, browser.p256dh, browser.auth, browser="Firefox", language="en", by=SYSTEM)


def since_now():
    """Minutes of the voices that are now: what is told hours late is no news."""
    return (datetime.now(UTC) - minute(0)).total_seconds() / 60 - 20


def send_all():
    from django.utils import timezone

    from ohmstead.drivers.models import Sending
    from ohmstead.drivers.sending import attempt

    for pk in Sending.objects.order_by("id").values_list("pk", flat=True):
        attempt(pk, timezone.now())


def test_a_push_notice_arrives_and_only_the_browser_can_open_it(voice, told, ada, service):
    browser = Browser()
    subscribed(ada, service, browser)
    told(voice.start(since_now(), 0))
    send_all()
    (got,) = service.got
    assert got.path == "/push/ada"
    assert b"Charging" not in got.body
    notice = browser.opened(got.body)
    assert notice["title"] == "Charging has begun"
    assert notice["body"].startswith("CS-1, since ")
    assert notice["url"].startswith("/charging/")
    assert got.headers["Authorization"].startswith("vapid t=")
    assert got.headers["Content-Encoding"] == "aes128gcm"
    assert len(got.headers["Topic"]) <= 32


def test_folded_again_it_is_told_once_and_sent_once(voice, told, ada, service, mails):
    from ohmstead.drivers.models import Notice

    subscribed(ada, service, Browser())
    begin = since_now()
    said = [voice.start(begin, 0), voice.stop(begin + 10, 7250)]
    told(*said, *said)
    send_all()
    send_all()
    assert sorted(Notice.objects.values_list("kind", flat=True)) == ["done", "started"]
    assert len(service.got) == 2
    (mail,) = mails
    assert mail.to == ["ada@example.org"]
    assert "7.25 kWh" in mail.body


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(voice, told, ada, service, status):
    from ohmstead.drivers.models import PushSubscription, Sending

    service.status = status
    subscribed(ada, service, Browser())
    told(voice.start(since_now(), 0))
    send_all()
    assert not PushSubscription.objects.exists()
    assert Sending.objects.get(channel="push").state == "failed"


def test_a_busy_push_service_is_asked_again(voice, told, ada, service):
    from ohmstead.drivers.models import Sending

    service.answers = [503]
    subscribed(ada, service, Browser())
    told(voice.start(since_now(), 0))
    send_all()
    waiting = Sending.objects.get()
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    Sending.objects.update(next_at=datetime.now(UTC))
    send_all()
    first, second = service.got
    assert first.headers["Topic"] == second.headers["Topic"]
    assert Sending.objects.get().state == "sent"


def test_a_driver_who_wants_nothing_is_told_nothing(voice, told, ada, service, mails):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.notices import choose

    subscribed(ada, service, Browser())
    choose(ada, set(), by=SYSTEM)
    told(voice.start(since_now(), 0))
    send_all()
    assert (service.got, mails) == ([], [])


def test_outside_of_tests_no_private_address_is_called(voice, told, ada, service):
    from django.test import override_settings

    from ohmstead.drivers.models import Sending

    subscribed(ada, service, Browser())
    told(voice.start(since_now(), 0))
    with override_settings(OHMSTEAD_ALLOW_PRIVATE_ADDRESSES=False):
        send_all()
    assert service.got == []
    assert "private address" in Sending.objects.get().error


@pytest.mark.parametrize(
    ("endpoint", "p256dh"),
    [("ftp://push.example/x", None), ("https://user@push.example/x", None), ("https://push.example/x", "AAAA")],
)
def test_what_is_no_subscription_is_refused(ada, endpoint, p256dh):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.errors import PushRefused
    from ohmstead.drivers.notices import subscribe

    good = Browser()
    with pytest.raises(PushRefused):
        subscribe(ada, endpoint, p256dh or good.p256dh, good.auth, browser="", language="", by=SYSTEM)


def test_the_key_is_made_once_and_kept_sealed(database):
    from ohmstead.drivers import push
    from ohmstead.drivers.models import PushKey

    assert push.public_key() == push.public_key()
    assert len(bytes(PushKey.objects.get().private_key)) > 32


def test_the_fake_for_text_messages_behaves_as_providers_do():
    from ohmstead.drivers.text_messages import FakeTextMessages, TextMessageFailed, TextMessageRefused

    fake = FakeTextMessages()
    fake.send("+49 30 123456", "Done", key="1")
    fake.send("+49 30 123456", "Done", key="1")
    assert list(fake.sent.values()) == [("+4930123456", "Done")]
    with pytest.raises(TextMessageRefused):
        fake.send("030 123456", "Done", key="2")
    with pytest.raises(TextMessageFailed):
        fake.send("+49 30 123499", "Done", key="3")
