"""All that was asked about one scenario: its result, others beside it, what matters and what would help.

`document` is a study as plain values for JSON. It is complete: the report is drawn from it and from nothing else.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from concurrent.futures import Executor
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simulator.comparing import Comparison, changed_knobs, compare
from simulator.country import country_of
from simulator.knobs import KINDS, METAS, SOURCES, Knobs
from simulator.levers import Lever, pull
from simulator.outcome import CURVES, LOADS, MILESTONES
from simulator.results import BANDS, Result
from simulator.scenario import Scenario
from simulator.sensitivity import Sensitivity, Swings, one_at_a_time
from simulator.timeline import to_date
from simulator.writing import as_json, sober

Reals = NDArray[np.float64]
Document = dict[str, Any]

UNITS: Final = {"excluded_person_weeks": "person-weeks", "cost_euro": "euros"}
BAND_NAMES: Final = tuple(f"p{q * 100:.0f}" for q in BANDS)
PAID: Final = ("pool_fte_weeks_mandate", "pool_fte_weeks_statutory", "integration_fte_weeks", "direct_fte_weeks")
"""The totals that the cost consists of."""
_DEFAULTS: Final = Knobs()


@dataclasses.dataclass(frozen=True)
class Study:
    """A result with what else was run. `prepared` is the date that a report carries; a study has no clock."""

    result: Result
    comparisons: tuple[Comparison, ...] = ()
    swings: Swings | None = None
    levers: tuple[Lever, ...] = ()
    sensitivity: Sensitivity | None = None
    prepared: date | None = None


def study(
    result: Result,
    others: tuple[Scenario, ...] = (),
    *,
    sensitivity: Sensitivity | None = None,
    prepared: date | None = None,
    executor: Executor | None = None,
) -> Study:
    """Run all that a report shows beside the result itself; a second or so of CPU, and a run for each other."""
    return Study(
        result=result,
        comparisons=tuple(compare(result, other, executor=executor) for other in others),
        swings=one_at_a_time(result.scenario.knobs),
        levers=pull(result.scenario),
        sensitivity=sensitivity,
        prepared=prepared,
    )


def document(study: Study) -> Document:
    """A study as what JSON can hold; nan and inf are null."""
    result = study.result
    knobs = result.scenario.knobs
    return {
        **as_json(result),
        "prepared": None if study.prepared is None else study.prepared.isoformat(),
        "lineage": list(result.scenario.lineage),
        "run": {"start": str(knobs.start), "end": str(to_date(result.grid[-1])), "pathway": knobs.pathway},
        "providers": _providers(knobs),
        "target": {"providers": knobs.report_target, "on": knobs.target_date.isoformat()},
        "slots": knobs.routing_slots,
        "freeze": list(knobs.freeze),
        "cost_euro_by_work": {name: sober(float(result.totals[name].mean()) * knobs.fte_week_cost) for name in PAID},
        "mandate_live_by_month": _by_month(result, "mandate_live"),
        "weeks": [day.isoformat() for day in result.weeks],
        "weekly": weekly(result),
        "loads": {name: _numbers(result.loads[name]) for name in LOADS if result.loads},
        "comparisons": [_comparison(result, comparison) for comparison in study.comparisons],
        "one_at_a_time": _swings(study.swings),
        "levers": [_lever(lever) for lever in study.levers],
        "sensitivity": None if study.sensitivity is None else dataclasses.asdict(study.sensitivity),
        "assumptions": assumptions(result.scenario),
        "sources": SOURCES,
    }


def brief(study: Study) -> Document:
    """What a program or a CI run wants to know: the result's own figures, and the differences from other scenarios."""
    if not study.comparisons:
        return as_json(study.result)
    differences = {comparison.other.scenario.name: _differences(comparison) for comparison in study.comparisons}
    return as_json(study.result) | {"differences": differences}


def weekly(result: Result) -> Document:
    """Each curve by week at the bands, and its mean."""
    return {
        name: {band: _numbers(result.bands[name][:, i]) for i, band in enumerate(BAND_NAMES)}
        | {"mean": _numbers(result.means[name])}
        for name in CURVES
        if result.bands
    }


def assumptions(scenario: Scenario) -> list[Document]:
    """Every knob with its value, unit, source and meaning; `differs` from the default or not."""
    return [
        {
            "knob": name,
            "value": _shown(getattr(scenario.knobs, name), meta.optional),
            "default": _shown(getattr(_DEFAULTS, name), meta.optional),
            "differs": getattr(scenario.knobs, name) != getattr(_DEFAULTS, name),
            "unit": meta.unit,
            "source": meta.source,
            "meaning": meta.meaning,
        }
        for name, meta in METAS.items()
    ]


def _shown(value: Any, optional: str) -> Any:
    if value is None:
        return optional
    if isinstance(value, tuple):
        return [str(item) for item in value]
    return str(value) if isinstance(value, date) else value


def _numbers(values: Reals) -> list[float | None]:
    return [sober(float(value)) for value in values]


def _providers(knobs: Knobs) -> Document:
    country = country_of(knobs)
    return {
        **{kind: int(count) for kind, count in zip(KINDS, country.per_kind, strict=True)},
        "care": country.care,
        "other_sectors": int(country.customers[country.other].sum()),
    }


def _by_month(result: Result, milestone: str) -> Document:
    """The share of replications that reach a milestone in each month; those that never do have no month."""
    days = result.milestones[milestone]
    months = Counter(str(day)[:7] for day in map(to_date, days) if day is not None)
    return {month: sober(months[month] / len(days)) for month in sorted(months)}


def _comparison(base: Result, comparison: Comparison) -> Document:
    other = comparison.other
    about = as_json(other)
    knobs = changed_knobs(base.scenario, other.scenario)
    shown = {entry["knob"]: entry["value"] for entry in assumptions(base.scenario)}
    then = {entry["knob"]: entry["value"] for entry in assumptions(other.scenario)}
    return {
        **about,
        "changes": [{"knob": name, "from": shown[name], "to": then[name]} for name in knobs],
        "differences": _differences(comparison),
        "weeks": [day.isoformat() for day in other.weeks],
        "weekly": {name: values for name, values in weekly(other).items() if name in ("pgo_ready", "direct")},
        "pathway": other.scenario.knobs.pathway,
    }


def _differences(comparison: Comparison) -> Document:
    return {
        difference.measure: {
            "unit": "days" if difference.measure in MILESTONES else UNITS[difference.measure],
            **{band: sober(value) for band, value in zip(BAND_NAMES, difference.bands, strict=True)},
            "mean": sober(difference.mean),
            "half_width_95": sober(difference.half_width),
            "share_of_pairs": sober(difference.finite),
        }
        for difference in comparison.differences
    }


def _swings(swings: Swings | None) -> Document | None:
    if swings is None:
        return None
    return {
        "points": swings.points,
        "replications": swings.replications,
        "base": {measure: sober(value) for measure, value in swings.base.items()},
        "swings": {
            name: {
                "low": sober(swing.low),
                "high": sober(swing.high),
                "at_low": {measure: sober(value) for measure, value in swing.at_low.items()},
                "at_high": {measure: sober(value) for measure, value in swing.at_high.items()},
                "meaning": METAS[name].meaning,
                "unit": METAS[name].unit,
                "own": sober(swing.own),
            }
            for name, swing in swings.swings.items()
        },
    }


def _lever(lever: Lever) -> Document:
    return {
        "name": lever.name,
        "changes": {name: _shown(value, METAS[name].optional) for name, value in lever.changes.items()},
        "replications": lever.comparison.other.replications,
        "differences": _differences(lever.comparison),
    }
