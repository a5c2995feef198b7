"""Signatures as a receiver checks them."""

import base64

import pytest

from ohmstead.integration.rules import retries, signature

# The worked example of the Standard Webhooks specification.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'


def test_the_signature_is_that_of_the_specification():
    assert signature.signature(SECRET, ID, 1614265330, BODY) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_a_secret_is_replaced_both_sign():
    other = signature.secret_of(b"x" * 32)
    sent = signature.headers([SECRET, other], ID, 1614265330, BODY)["webhook-signature"]
    assert sent.split() == [signature.signature(each, ID, 1614265330, BODY) for each in (SECRET, other)]


def test_a_secret_carries_its_mark_and_its_bytes():
    secret = signature.secret_of(b"y" * 32)
    assert base64.b64decode(secret.removeprefix("whsec_")) == b"y" * 32


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [
        (1, 0.5, 5),
        (1, 0.0, 4),
        (1, 1.0, 6),
        (2, 0.5, 60),
        (3, 0.5, 600),
        (8, 0.5, 48 * 3600),
        (9, 0.5, None),
    ],
)
def test_when_a_delivery_is_tried_again(attempts, chance, seconds):
    delay = retries.next_delay(attempts, chance)
    assert (delay and delay.total_seconds()) == seconds


def test_the_last_attempt_comes_before_the_webhook_is_given_up():
    assert sum((delay * (1 + retries.JITTER) for delay in retries.DELAYS), start=retries.DELAYS[0] * 0) < (
        retries.DISABLED_AFTER
    )
