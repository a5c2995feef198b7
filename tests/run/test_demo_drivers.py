"""The demo's drivers: everybody has a name and a card, and saying it twice changes nothing."""


def test_every_card_of_the_town_is_somebodys(database):
    from ohmstead.run.demo.drivers import LOST
    from ohmstead.run.demo.seeding import seed

    for _ in range(2):
        seed()
    from ohmstead.access.models import Organisation

    demo = Organisation.objects.get()
    cards = demo.tokens.filter(label__startswith="Card ")
    assert cards.count() == demo.drivers.count()
    assert not cards.filter(driver=None).exists()
    assert {card.blocked_because for card in cards.filter(status="blocked")} == {LOST}
    assert demo.driver_groups.count() == 3
