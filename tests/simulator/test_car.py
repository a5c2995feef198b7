"""Cars take what a car would take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.simulator.car import CAR_BY_NAME, CARS, NOTHING, Car, Offer, acceptance_w, pack_voltage_v

AC_22 = Offer(phases=3, current_a=32.0)


@pytest.mark.parametrize(
    ("car", "offer", "power_w", "phases"),
    [
        pytest.param("saloon", AC_22, 11_040, 3, id="a 16 A car takes 11 kW of 22"),
        pytest.param("van", AC_22, 22_080, 3, id="a 32 A car takes all"),
        pytest.param("city", AC_22, 7_360, 1, id="a one-phase car takes one phase"),
        pytest.param("van", Offer(1, 16.0), 3_680, 1, id="a one-phase socket gives one phase"),
        pytest.param("van", Offer(3, 6.0), 4_140, 3, id="6 A is the least"),
        pytest.param("van", Offer(3, 5.9), 0, 0, id="E1 below 6 A the car pauses"),
        pytest.param("saloon", Offer(dc_power_w=50_000), 50_000, 1, id="DC takes what is offered"),
        pytest.param("plug-in hybrid", Offer(dc_power_w=50_000), 0, 0, id="no DC inlet, no DC"),
    ],
)
def test_what_a_car_draws(car: str, offer: Offer, power_w: float, phases: int) -> None:
    flow = Car(CAR_BY_NAME[car], soc=0.3).draw(offer)
    assert (round(flow.power_w), flow.phases) == (power_w, phases)


def test_a_dc_session_tapers_from_constant_current_to_a_trickle() -> None:
    car = Car(CAR_BY_NAME["saloon"], soc=0.1)
    powers = []
    while not car.full and len(powers) < 500:
        flow, _ = car.charge(Offer(dc_power_w=300_000), 30.0)
        powers.append(flow.power_w)
    peak = powers.index(max(powers))
    assert max(powers) == pytest.approx(175_000 / 0.97, rel=0.01)
    assert powers[:peak] == sorted(powers[:peak])  # rises with the voltage
    assert powers[peak:] == sorted(powers[peak:], reverse=True)  # then falls
    assert powers[-1] < 0.06 * max(powers)


def test_the_last_percents_taper_on_ac_too() -> None:
    almost_full = Car(CAR_BY_NAME["hatchback"], soc=0.995)
    assert almost_full.draw(AC_22).power_w < 0.6 * Car(CAR_BY_NAME["hatchback"], soc=0.5).draw(AC_22).power_w


def test_a_full_car_takes_nothing() -> None:
    assert Car(CARS[0], soc=0.8, target_soc=0.8).draw(AC_22) == NOTHING


@given(
    model=st.sampled_from(CARS),
    soc=st.floats(0, 1),
    current_a=st.floats(0, 80),
    phases=st.sampled_from([1, 3]),
    for_s=st.floats(0, 7200),
)
def test_a_car_never_draws_more_than_offered_nor_overfills(
    model: object, soc: float, current_a: float, phases: int, for_s: float
) -> None:
    car = Car(model, soc)  # type: ignore[arg-type]
    flow, passed_wh = car.charge(Offer(phases, current_a), for_s)
    assert flow.power_w <= current_a * 230 * phases + 1e-6
    assert 0 <= passed_wh <= current_a * 230 * phases * for_s / 3600 + 1e-6
    assert soc <= car.soc <= 1.0


@given(model=st.sampled_from(CARS), soc=st.floats(0, 1))
def test_cells_accept_no_more_than_their_best(model: object, soc: float) -> None:
    assert 0 < acceptance_w(model, soc) <= model.battery_power_w  # type: ignore[attr-defined, arg-type]
    assert 300 < pack_voltage_v(model, soc) < 850  # type: ignore[arg-type]
