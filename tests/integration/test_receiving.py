"""The receiver of the how-to takes what we send, and nothing else."""

import re
from pathlib import Path

import pytest

from ohmstead.integration.rules.signature import headers, secret_of

PAGE = Path(__file__).parents[2] / "docs/how-to/receive-webhooks.md"
SECRET, BODY, AT = secret_of(b"k" * 32), b'{"type": "session.ended"}', 1_777_882_500


@pytest.fixture(scope="module")
def is_genuine():
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names: dict = {}
    exec(code, names)
    return names["is_genuine"]


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        pytest.param({}, True, id="as sent"),
        pytest.param({"body": BODY + b" "}, False, id="another body"),
        pytest.param({"secret": secret_of(b"x" * 32)}, False, id="another secret"),
        pytest.param({"now": AT + 301}, False, id="too old"),
        pytest.param({"webhook-id": "other"}, False, id="another id"),
    ],
)
def test_what_the_how_to_takes(is_genuine, change, taken):
    sent = headers([secret_of(b"o" * 32), SECRET], "019a3c5e", AT, BODY)
    sent |= {name: value for name, value in change.items() if name in sent}
    secret, body, now = change.get("secret", SECRET), change.get("body", BODY), change.get("now", AT)
    assert is_genuine(secret, sent, body, now) is taken
