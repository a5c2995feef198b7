"""How people charge at a site, in the console."""

import pytest

FORM = {
    "free_vend": "on",
    "offline": "nobody",
    "may_reserve": "members",
    "reserve_ahead_minutes": "2880",
    "reserve_longest_minutes": "90",
    "reserve_grace_minutes": "10",
    "reservations_per_driver": "2",
    "reservation_fee": "1,50",
    "no_show_fee": "5",
    "currency": "eur",
}


@pytest.fixture
def page(network):
    return f"/console/sites/{network.market.pk}/rules"


def test_rules_are_saved_and_told_on_the_sites_page(operator, network, page):
    saved = operator.post(page, FORM, follow=True).text
    for words in ("everybody, without a card", "nobody charges", "members of a group · up to 90 minutes, 2 days ahead"):
        assert words in saved
    assert 'value="1.50"' in operator.get(page).text


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("reserve_longest_minutes", "4", "from 5 to 1440"),
        ("reserve_grace_minutes", "-1", "from 1 to 240"),
        ("reservations_per_driver", "9" * 30, "from 1 to 20"),
        ("reserve_longest_minutes", "000000005999999", "from 5 to 1440"),
        ("reservation_fee", "1.005", "at most two decimals"),
        ("no_show_fee", "NaN", "an amount from 0"),
        ("currency", "Euro", "three letters"),
        ("may_reserve", "my friends", "one of the choices"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_nothing_is_saved(operator, network, page, name, value, words):
    refused = operator.post(page, FORM | {name: value})
    assert (refused.status_code, words in refused.text) == (422, True)
    from ohmstead.charging.models import SiteRules

    assert not SiteRules.objects.exists()
