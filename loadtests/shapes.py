"""How the load goes over time: one hour as it is, a spike in it, a soak, a day, a supplier's onboarding wave.

Every shape takes its rates from the simulator (`demand`) or from one rate that the user states.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from loadtests.arrivals import Curve
from loadtests.demand import Demand, Hour
from loadtests.mix import reading, writing

Shape = Literal["busiest-hour", "spike", "soak", "day", "wave", "break"]
SHAPES: Final[tuple[Shape, ...]] = get_args(Shape)
RAMP_S: Final = 5.0
"""Until the full rate: connections are made one by one, as people come."""
SPIKE: Final = 4.0
"""Times the busiest hour, for a tenth of the time. Estimate."""
SECONDS: Final[dict[Shape, float]] = {
    "busiest-hour": 300.0,
    "spike": 300.0,
    "soak": 4 * 3_600.0,
    "day": 600.0,
    "wave": 600.0,
    "break": 20.0,
}
"""How long when the user does not say; for `break` each step."""

WAVE_PROVIDERS: Final = 1_000
WAVE_DAY: Final = 1.0 / 6.0
"""Of the wave's time: the day on which they come live."""
WAVE_LEFT: Final = 0.2
"""Of the first mandates' rate, what is left at the wave's end."""
_WAVE_DAYS: Final = 40.0
"""Working days in which those who need help get their mandate. Estimate."""
_STEPS: Final = 5
_BULK: Final = 50
_OFFICE_S: Final = 8 * 3_600.0

Rates = dict[str, Curve]


def up_to(rate: float, seconds: float) -> Curve:
    """A rate that is reached in the first seconds."""
    ramp = min(RAMP_S, seconds / 4.0)
    return Curve(((0.0, 0.0), (ramp, rate), (seconds, rate)))


def hour(found: Hour, seconds: float, weights: Mapping[str, float] | None = None) -> Rates:
    """One hour's rates, for a while."""
    rates = reading(up_to(found.decisions, seconds), weights)
    for event, per_second in found.events.items():
        rates |= _some(writing(event, up_to(per_second, seconds)))
    return rates


def spike(found: Hour, seconds: float, weights: Mapping[str, float] | None = None) -> Rates:
    """The hour, and in its midst a tenth of the time at SPIKE times the rate."""
    begin, end = 0.45 * seconds, 0.55 * seconds
    ramp = min(RAMP_S, seconds / 4.0)
    rate = found.decisions
    points = ((0.0, 0.0), (ramp, rate), (begin, rate), (begin, SPIKE * rate), (end, SPIKE * rate), (end, rate))
    return hour(found, seconds, weights) | reading(Curve((*points, (seconds, rate))), weights)


def soak(demand: Demand, week: int, seconds: float, weights: Mapping[str, float] | None = None) -> Rates:
    """The mean of the week, for long."""
    hours = [demand.at(week, number) for number in range(168)]
    mean = Hour(
        *(hours[0].scenario, hours[0].digest, hours[0].week, 0),
        decisions=sum(each.decisions for each in hours) / len(hours),
        events={name: sum(each.events[name] for each in hours) / len(hours) for name in hours[0].events},
    )
    return hour(mean, seconds, weights)


def day(hours: list[Hour], seconds: float, weights: Mapping[str, float] | None = None) -> Rates:
    """24 hours one after another, each at its own rate, the clock running faster."""

    def replayed(values: list[float]) -> Curve:
        each = seconds / len(values)
        return Curve(tuple((number * each, value) for number, value in enumerate([*values, values[0]])))

    rates = reading(replayed([each.decisions for each in hours]), weights)
    for event in hours[0].events:
        rates |= _some(writing(event, replayed([each.events[event] for each in hours])))
    return rates


def wave(found: Hour, seconds: float, dependants: float, weights: Mapping[str, float] | None = None) -> Rates:
    """One supplier's providers come live in a day, their clients' mandates in the weeks after, beside the hour.

    The day takes the first sixth of the time; mandates begin with the rate of the busiest working day after it and fall
    to WAVE_LEFT. `dependants`: clients of one provider who need somebody's help.
    """
    live = WAVE_DAY * seconds
    steps = WAVE_PROVIDERS * _STEPS / _BULK
    mandates = WAVE_PROVIDERS * dependants / (_WAVE_DAYS * _OFFICE_S)
    falling = Curve(((0.0, 0.0), (live, 0.0), (live, mandates), (seconds, WAVE_LEFT * mandates)))
    rates = hour(found, seconds, weights)
    rates["Suppliers.bulk"] = Curve(((0.0, steps / live), (live, steps / live)))
    for event in ("mandates_requested", "mandates_activated"):
        rates |= writing(event, falling)
    rates["Mandates.withdraw"] = falling.scaled(0.02)
    return rates


def stated(decisions: float, seconds: float, weights: Mapping[str, float] | None = None) -> Rates:
    """One rate of decisions, and nothing written."""
    return reading(up_to(decisions, seconds), weights)


def _some(rates: Rates) -> Rates:
    """Those in which anything comes."""
    return {name: curve for name, curve in rates.items() if curve.most > 0.0}


def scaled(rates: Rates, scale: float) -> Rates:
    """All of it, so many times as much."""
    return {name: curve.scaled(scale) for name, curve in rates.items()}
