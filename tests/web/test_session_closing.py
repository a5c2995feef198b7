"""A session that hangs is closed by a person."""

import pytest

from tests.web.little_network import session


@pytest.fixture
def hanging(network):
    return session(network.busy)


def address(of):
    return f"/console/sessions/{of.pk}/close"


def closings():
    from ohmstead.charging.models import Closing

    return Closing.objects.count()


def test_it_asks_once_more_then_closes_asks_the_station_to_stop_and_is_on_record(operator, hanging, network):
    from ohmstead.access.models import AuditEntry
    from ohmstead.charging.models import Closing
    from ohmstead.network.models import Command

    assert address(hanging) in operator.get(f"/console/sessions/{hanging.pk}").text
    assert "Close this session at HILL-2?" in operator.get(address(hanging)).text
    assert closings() == 0
    answer = operator.post(address(hanging), follow=True)
    assert "The session is being closed" in answer.text
    assert Closing.objects.get().by_hand
    assert Command.objects.get().station == network.busy
    entry = AuditEntry.objects.get(verb="session.closed")
    assert entry.thing_id == str(hanging.pk)
    assert entry.actor_name == "Operator"


@pytest.mark.parametrize("method", ["get", "post"])
def test_one_that_has_ended_is_left_alone_and_the_person_is_told(operator, network, method):
    over = session(network.free, state="ended", power_w=None)
    assert address(over) not in operator.get(f"/console/sessions/{over.pk}").text
    answer = getattr(operator, method)(address(over), follow=True)
    assert "This session has ended already. Nothing was changed." in answer.text
    assert closings() == 0


def test_who_may_only_look_neither_sees_the_button_nor_reaches_it(browser_of, hanging):
    reader = browser_of("reader")
    assert address(hanging) not in reader.get(f"/console/sessions/{hanging.pk}").text
    assert reader.post(address(hanging)).status_code == 403
    assert closings() == 0


def test_the_neighbours_session_is_not_there(operator, network):
    foreign = session(network.foreign)
    assert operator.get(address(foreign)).status_code == 404
    assert operator.post(address(foreign)).status_code == 404
    assert closings() == 0
