"""Settings as an operator writes them, and the page that lists them."""

from dataclasses import fields
from pathlib import Path

import pytest

from ohmstead.gateway.settings import BadLimit, Limits, Policy, limits_from, policy_from
from ohmstead.station.tokens import TokenVerdict

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "gateway-settings.md"


def test_limits_and_policies_come_from_variables():
    assert limits_from({"OHMSTEAD_LIMIT_CONNECTIONS": "5"}) == Limits(connections=5)
    assert policy_from({"OHMSTEAD_POLICY_START_UNANSWERED": "invalid"}) == Policy(start_unanswered=TokenVerdict.INVALID)
    assert limits_from({}) == Limits()


@pytest.mark.parametrize(
    ("read", "variable", "text"),
    [
        (limits_from, "OHMSTEAD_LIMIT_CONNECTIONS", "many"),
        (policy_from, "OHMSTEAD_POLICY_START_UNANSWERED", "perhaps"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(read, variable, text):
    with pytest.raises(BadLimit, match=f"{variable}='{text}'"):
        read({variable: text})


@pytest.mark.parametrize("kind", [Limits, Policy])
def test_the_reference_page_lists_every_setting_with_its_default(kind):
    page = PAGE.read_text().replace("`", "")
    for field in fields(kind):
        default = getattr(kind(), field.name)
        text = f"{default:g}" if isinstance(default, float) else str(default)
        assert f"| {field.name.upper()} | {text} |" in page
