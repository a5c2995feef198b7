"""However a station's story arrives - shuffled, twice, in pieces, to a forgetful worker - the rows are the same."""

import os
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import structs

from ohmstead.journal.interpret import Heard
from ohmstead.station.events import Booted
from ohmstead.station.readings import ReadingContext
from ohmstead.station.states import ChargingState, PlugState, StopReason
from ohmstead.station.tokens import PresentedToken, TokenVerdict

from .conftest import tell_batch
from .voices import Voice, with_arrival_times

EXAMPLES = 1000 if os.environ.get("OHMSTEAD_NIGHTLY") == "1" else 40
TABLES = ("charging_session", "charging_reading", "charging_mark", "charging_straystop")


class Story:
    """A plausible past of one station, told as it would be told live."""

    def __init__(self, voice: Voice, draw: st.DrawFn) -> None:
        self.voice = voice
        self.draw = draw
        self.heard: list[Heard] = []
        self.transactions = 0
        for evse in range(1, draw(st.integers(1, 3)) + 1):
            self.clock = draw(st.integers(0, 20))
            self.register = draw(st.sampled_from([0, 1000, 5_000_000, 99_999_000]))
            self.version = draw(st.sampled_from([16, 201]))
            for _ in range(draw(st.integers(1, 3))):
                self._session(evse)
        for at in draw(st.lists(st.integers(0, 240), max_size=2)):
            self.heard.append(voice.boot(at))

    def _said(self, heard: Heard) -> None:
        """Now and then the station's clock is not set."""
        self.heard.append(heard if self.draw(st.integers(0, 30)) else with_arrival_times(heard))

    def _pass(self, most: int = 12) -> float:
        self.clock += self.draw(st.integers(0, most))
        return self.clock

    def _flows(self) -> int:
        self.register += self.draw(st.sampled_from([0, 40, 900, 2500]))
        if self.draw(st.integers(0, 20)) == 0:
            self.register = self.draw(st.sampled_from([0, self.register * 2, self.register // 3]))
        return self.register

    def _session(self, evse: int) -> None:
        self.transactions += 1
        tx = str(self.transactions)
        begins = self.draw(st.sampled_from([self.register, self.register, 0]))
        start = {"tx": tx, "evse": evse, "token": self.draw(st.sampled_from(["CARD1", "CARD2"]))}
        if self.draw(st.integers(0, 6)) == 0:
            start["verdict"] = TokenVerdict.CONCURRENT_TX
        if self.version == 16:
            self._ocpp_16(evse, tx, begins, start)
        else:
            self._ocpp_201(tx, begins, start)
        self._pass()

    def _ocpp_16(self, evse: int, tx: str, begins: int, start: dict[str, Any]) -> None:
        said, voice = self._said, self.voice
        said(voice.plug(self._pass(), PlugState.PREPARING, evse=evse))
        if self.draw(st.integers(0, 7)):
            said(voice.start(self._pass(2), begins, offline=self.draw(st.booleans()), **start))
            if not self.draw(st.integers(0, 5)):
                said(voice.start(self.clock + self.draw(st.integers(-3, 3)), None, **start))
        said(voice.plug(self.clock, PlugState.CHARGING, evse=evse))
        for _ in range(self.draw(st.integers(0, 6))):
            named = self.draw(st.sampled_from([tx, tx, None]))
            said(voice.meter(self._pass(), self._flows(), tx=named, evse=evse, power_w=7000.0))
            if self.draw(st.booleans()):
                state = self.draw(st.sampled_from([PlugState.SUSPENDED_CAR, PlugState.SUSPENDED_STATION]))
                said(voice.plug(self._pass(), state, evse=evse))
        end = self.draw(st.sampled_from(["stop", "stop", "stray", "silence"]))
        if end != "silence":
            token = self.draw(st.sampled_from([None, start["token"]]))
            stopped = tx if end == "stop" else None
            said(voice.stop(self._pass(), self._flows(), tx=stopped, token=token, reason=StopReason.REMOTE))
            if not self.draw(st.integers(0, 5)):
                said(voice.stop(self.clock + self.draw(st.integers(-6, 6)), None, tx=tx))
        said(voice.plug(self._pass(2), PlugState.AVAILABLE, evse=evse))

    def _ocpp_201(self, tx: str, begins: int, start: dict[str, Any]) -> None:
        said, voice = self._said, self.voice
        begin = voice.reading(self._pass(), begins, ReadingContext.BEGIN)
        said(voice.start(self.clock, seq_no=0, readings=(begin,), charging_state=ChargingState.CHARGING, **start))
        number = 0
        for number in range(1, self.draw(st.integers(1, 7))):
            state = self.draw(st.sampled_from([None, *ChargingState]))
            readings = [voice.reading(self._pass(), self._flows(), power_w=11_000.0, soc_percent=40.0 + number)]
            said(voice.update(self.clock, tx=tx, state=state, readings=readings, seq_no=number))
            if not self.draw(st.integers(0, 9)):
                token = {"token": PresentedToken("CARD3"), "verdict": TokenVerdict.ACCEPTED}
                said(voice.update(self.clock, tx=tx, **token))
        if self.draw(st.booleans()):
            end = voice.reading(self._pass(), self._flows(), ReadingContext.END)
            said(voice.stop(self.clock, tx=tx, seq_no=number + 1, readings=(end,)))


@pytest.fixture(scope="module")
def station(database_url: str) -> Any:
    from ohmstead.access.models import Organisation

    from .conftest import new_voice

    organisation = Organisation.objects.create(slug="any-order", name="Any order")
    yield new_voice(organisation, "CS-1")
    clear()
    organisation.delete()


def clear() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")


def rows_after(batches: list[list[Heard]], forgets: list[bool]) -> dict[str, list[Any]]:
    from django.db import connection

    from ohmstead.charging.held import Held

    clear()
    held = Held()
    for batch, forget in zip(batches, forgets, strict=True):
        tell_batch(batch, held)
        if forget:
            held.forget()
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t ORDER BY to_jsonb(t)::text")
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def replay(heard: Heard, minutes_later: int) -> Heard:
    """A station that got no answer says it again. A boot is said once: its time is that of its arrival."""
    if any(isinstance(event, Booted) for event in heard.events):
        return heard
    entry = heard.entry
    return Heard(structs.replace(entry, at=entry.at + timedelta(minutes=minutes_later)), heard.events, heard.mends)


@given(data=st.data())
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
def test_shuffled_duplicated_and_split_stories_end_in_the_same_rows(station, data):
    story = st.composite(lambda draw: Story(station, draw).heard)
    heard = data.draw(story())
    told = sorted(heard, key=lambda each: each.entry.at)
    expected = rows_after([told], [False])
    replayed = [
        replay(each, data.draw(st.integers(1, 600))) for each in data.draw(st.lists(st.sampled_from(heard), max_size=8))
    ]
    again = data.draw(st.permutations(heard + replayed))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(again)), max_size=6)))
    edges = [0, *cuts, len(again)]
    batches = [list(again[first:last]) for first, last in pairwise(edges)]
    forgets = [data.draw(st.booleans()) for _ in batches]
    assert rows_after(batches, forgets) == expected


@given(data=st.data())
@settings(
    max_examples=EXAMPLES // 2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
def test_one_by_one_as_it_happens_is_the_same_as_all_at_once(station, data):
    story = st.composite(lambda draw: Story(station, draw).heard)
    told = sorted(data.draw(story()), key=lambda each: each.entry.at)
    expected = rows_after([told], [False])
    assert rows_after([[each] for each in told], [False] * len(told)) == expected
    assert rows_after([told, told], [False, True]) == expected
