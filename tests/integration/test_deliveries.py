"""Webhooks against receivers on loopback: signed, tried again, given up, replayed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ohmstead.integration.rules import retries, signature


@pytest.fixture
def now(database):
    return timezone.now() + timedelta(seconds=1)


def delivery_of(webhook):
    return webhook.deliveries.select_related("event", "webhook").get()


def attempt(delivery, now):
    from ohmstead.integration.deliveries import attempt

    return attempt(delivery.pk, now)


@pytest.fixture
def sent(listening, receiver, announce_offline, private_allowed):
    """A delivery that waits for its first attempt."""
    webhook = listening(receiver.url)
    announce_offline()
    return delivery_of(webhook)


def test_a_delivery_is_a_signed_post_of_the_event(sent, receiver, now):
    assert attempt(sent, now) is None
    (got,) = receiver.got
    assert receiver.bodies[0]["type"] == "station.offline"
    assert receiver.bodies[0]["data"]["station"] == "HILL-1"
    headers = {name.lower(): value for name, value in got.headers.items()}
    assert headers["webhook-id"] == str(sent.event.pk)
    stamp = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == "v1," + _signed(sent, stamp, got.body)
    sent.refresh_from_db()
    assert (sent.state, sent.attempts) == ("delivered", 1)
    tried = sent.tries.get()
    assert (tried.status, tried.error) == (204, "")


def _signed(sent, stamp, body):
    from ohmstead.integration.sealing import secrets_of

    (secret,) = secrets_of(sent.webhook, timezone.now())
    return signature.signature(secret, str(sent.event.pk), stamp, body).removeprefix("v1,")


@pytest.mark.parametrize("status", [301, 302, 400, 404, 429, 500, 503])
def test_whatever_is_not_2xx_is_tried_again(sent, receiver, now, status):
    receiver.answers = [status]
    receiver.headers = {"Location": receiver.url + "/elsewhere"}
    due = attempt(sent, now)
    low, high = retries.DELAYS[0] * (1 - retries.JITTER), retries.DELAYS[0] * (1 + retries.JITTER)
    assert low <= due - now <= high
    assert attempt(sent, due - timedelta(seconds=1)) is None  # too early: nothing is sent
    assert len(receiver.got) == 1
    assert attempt(sent, due) is None
    assert [each.path for each in receiver.got] == ["/hooks", "/hooks"]
    assert receiver.got[0].body == receiver.got[1].body
    assert [each.status for each in sent.tries.order_by("at")] == [status, 204]


def test_what_the_receiver_said_is_kept_in_part(sent, receiver, now):
    receiver.status = 400
    attempt(sent, now)
    assert sent.tries.get().answer == '{"said": "<b>hello</b>"}'


def test_a_receiver_that_is_not_there_is_an_error_with_a_sentence(sent, receiver, now):
    receiver.server.server_close()
    assert attempt(sent, now) is not None
    tried = sent.tries.get()
    assert tried.status is None
    assert "did not answer" in tried.error


def test_after_the_last_attempt_it_has_failed(sent, receiver, now):
    receiver.status = 500
    due = now
    while due is not None:
        last, due = due, attempt(sent, due)
        if due is not None:
            due += retries.PROBED_EVERY  # a failing webhook is asked once in a while only
    sent.refresh_from_db()
    assert (sent.state, sent.attempts) == ("failed", len(retries.DELAYS) + 1)
    assert last - now < retries.DISABLED_AFTER


def test_two_workers_with_the_same_delivery_send_it_once(sent, receiver, now):
    from ohmstead.integration.models import Delivery

    Delivery.objects.filter(pk=sent.pk).update(claimed_until=now + timedelta(seconds=30))
    assert attempt(sent, now) is None
    assert receiver.got == []
    attempt(sent, now + timedelta(seconds=31))
    assert len(receiver.got) == 1


def test_a_webhook_that_fails_and_fails_is_asked_once_in_a_while(
    listening, receiver, announce_offline, private_allowed
):
    receiver.status = 500
    webhook = listening(receiver.url)
    for number in range(12):
        announce_offline(number)
    now = timezone.now() + timedelta(seconds=1)
    held = [attempt(each, now) for each in webhook.deliveries.all()]
    assert len(receiver.got) == retries.FAILING_FROM + 1  # the last one is the probe
    assert all(due >= now + retries.DELAYS[0] * (1 - retries.JITTER) for due in held)
    waiting = webhook.deliveries.filter(attempts=0).first()
    receiver.status = 200
    attempt(waiting, now + 3 * retries.PROBED_EVERY)
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since) == (0, None)


def test_one_that_is_gone_is_switched_off_at_once_and_the_others_are_told(
    sent, listening, receiver, announce_offline, now
):
    from ohmstead.access.models import AuditEntry

    other = listening("https://other.example", "webhook.disabled")
    receiver.status = 410
    attempt(sent, now)
    sent.webhook.refresh_from_db()
    assert (sent.webhook.active, sent.webhook.disabled_because) == (False, "It answered 410: gone.")
    assert AuditEntry.objects.filter(verb="webhook.disabled", actor_name="webhook deliveries").exists()
    assert delivery_of(other).event.data["url"] == receiver.url


def test_one_that_got_nothing_for_days_is_switched_off(sent, receiver, now):
    receiver.status = 500
    webhook = sent.webhook
    webhook.failing_since = now - retries.DISABLED_AFTER
    webhook.save()
    attempt(sent, now)
    webhook.refresh_from_db()
    assert not webhook.active
    assert webhook.disabled_because.startswith("Nothing arrived since")


def test_what_waited_while_it_was_off_goes_out_when_it_is_on_again(sent, receiver, now):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.integration.actions import set_active

    set_active(sent.webhook, False, by=SYSTEM)
    assert attempt(sent, now) is None
    assert receiver.got == []
    set_active(sent.webhook, True, by=SYSTEM)
    attempt(sent, now + timedelta(seconds=5))
    assert len(receiver.got) == 1


def test_one_and_all_that_failed_can_be_replayed(listening, receiver, announce_offline, private_allowed):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.integration.actions import replay, replay_failed

    webhook = listening(receiver.url)
    for number in range(3):
        announce_offline(number)
    webhook.deliveries.update(state="failed", attempts=9, next_at=None)
    one = webhook.deliveries.select_related("webhook").first()
    replay(one, by=SYSTEM)
    assert replay_failed(webhook, by=SYSTEM) == 2
    now = timezone.now() + timedelta(seconds=1)
    for each in webhook.deliveries.all():
        attempt(each, now)
    ids = {each.headers.get("webhook-id") for each in receiver.got}
    assert ids == {str(each.event_id) for each in webhook.deliveries.all()}


def test_for_a_day_after_a_new_secret_both_sign(sent, receiver, now):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.integration.actions import BOTH_SECRETS_FOR, rotate_secret
    from ohmstead.integration.sealing import secrets_of

    old = secrets_of(sent.webhook, now)
    new = rotate_secret(sent.webhook, by=SYSTEM)
    attempt(sent, now)
    headers = {name.lower(): value for name, value in receiver.got[0].headers.items()}
    stamp, body = int(headers["webhook-timestamp"]), receiver.got[0].body
    expected = [signature.signature(secret, str(sent.event.pk), stamp, body) for secret in (new, *old)]
    assert headers["webhook-signature"].split() == expected
    assert secrets_of(sent.webhook, now + BOTH_SECRETS_FOR + timedelta(minutes=1)) == [new]


def test_no_secret_lies_readable_in_the_database(listening):
    webhook = listening()
    webhook.refresh_from_db()
    assert webhook.told_secret.removeprefix("whsec_").encode() not in bytes(webhook.secret)


def test_a_private_address_is_not_called_whatever_its_name_was(listening, receiver, announce_offline, private_allowed):
    """Whoever made the webhook may have pointed its name elsewhere since."""
    from django.test import override_settings

    webhook = listening(receiver.url)
    announce_offline()
    with override_settings(OHMSTEAD_ALLOW_PRIVATE_ADDRESSES=False):
        attempt(delivery_of(webhook), timezone.now() + timedelta(seconds=1))
    assert receiver.got == []
    assert "private" in delivery_of(webhook).tries.get().error


@pytest.mark.parametrize(
    "url",
    [
        "",
        "crm.example/hooks",
        "ftp://crm.example/",
        "http://crm.example/hooks",
        "https://user:secret@crm.example/",
        "https://crm.example:99999/",
        "https://crm.example/a b",
        "https://crm.example/\r\nX: y",
        "javascript:alert(1)",
        "https://" + "x" * 600 + ".example/",
    ],
)
def test_an_address_that_cannot_be_called_is_refused_with_a_sentence(hill, url):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.integration.actions import create_webhook
    from ohmstead.integration.errors import BadWebhook
    from ohmstead.integration.models import Webhook

    with pytest.raises(BadWebhook, match=r"\.$"):
        create_webhook(hill, url, [], by=SYSTEM)
    assert not Webhook.objects.exists()


def test_a_kind_of_event_that_does_not_exist_is_refused(hill):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.integration.actions import create_webhook
    from ohmstead.integration.errors import BadWebhook

    with pytest.raises(BadWebhook, match="no kind of event"):
        create_webhook(hill, "https://crm.example", ["session.exploded"], by=SYSTEM)


def test_a_test_event_goes_to_that_webhook_only(listening, receiver, private_allowed, now):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.integration.actions import send_test

    listening("https://other.example")
    webhook = listening(receiver.url, "session.ended")
    attempt(send_test(webhook, by=SYSTEM), now)
    assert [each["type"] for each in receiver.bodies] == ["webhook.tested"]


def test_deliveries_whose_worker_died_are_found_again(sent):
    from procrastinate.contrib.django.models import ProcrastinateJob

    from ohmstead.integration.jobs import rescue

    before = ProcrastinateJob.objects.filter(queue_name="webhooks").count()
    rescue(int(timezone.now().timestamp()))
    assert ProcrastinateJob.objects.filter(queue_name="webhooks").count() == before
    rescue(int((timezone.now() + timedelta(minutes=6)).timestamp()))
    assert ProcrastinateJob.objects.filter(queue_name="webhooks").count() == before + 1
