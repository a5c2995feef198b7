"""Whoever looks, a person or a program, has one organisation and some rights."""


def test_a_program_may_do_what_its_scopes_say_and_nothing_else(network):
    from ohmstead.access.actors import Actor
    from ohmstead.access.api_keys import create_api_key
    from ohmstead.access.rights import Right
    from ohmstead.web.scope import viewer_of_key

    owner = network.people["owner"]
    scopes = [Right.VIEW, Right.OPERATE]
    key, _ = create_api_key(network.hill, "Billing", scopes, allowed=frozenset(Right), by=Actor.of_user(owner))
    viewer = viewer_of_key(key)
    assert (viewer.organisation, viewer.rights) == (network.hill, {Right.VIEW, Right.OPERATE})
    assert (viewer.user, viewer.asker_id, viewer.actor.kind) == (None, key.pk, "key")
    assert key.created_by == owner
    assert not viewer.stations().filter(organisation=network.vale).exists()


def test_a_right_that_no_longer_exists_gives_nothing(network):
    from ohmstead.access.models import ApiKey
    from ohmstead.access.rights import Right
    from ohmstead.web.scope import viewer_of_key

    key = ApiKey(organisation=network.hill, name="Old", prefix="ohm_", scopes=["view", "a right of former days"])
    assert viewer_of_key(key).rights == {Right.VIEW}
