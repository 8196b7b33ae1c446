"""What a plan must reach: `[objectives]` of a scenario, and the verdict on a result.

[objectives]
mandate_live_p90 = 2021-02-01                       # on or before
connected_p50 = { least = 5000, on = 2022-12-31 }   # pgo_ready providers on that day
excluded_person_weeks_p90 = 1_000_000               # at most
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from simulator.errors import ScenarioError
from simulator.outcome import CURVES, MILESTONES, TOTALS
from simulator.timeline import to_date, to_day

if TYPE_CHECKING:
    from simulator.results import Result

_KEY = re.compile(r"(\w+)_p(\d{1,2})")
_ALIASES: Final = {"connected": "pgo_ready"}
MEASURES: Final = (*_ALIASES, *MILESTONES, *CURVES, *TOTALS)


@dataclasses.dataclass(frozen=True)
class Objective:
    """`quantile` of a measure must be at most `most`, or at least `least`; for a curve, on a day."""

    key: str
    measure: str
    quantile: float
    most: float | None = None
    least: float | None = None
    on: date | None = None


@dataclasses.dataclass(frozen=True)
class Verdict:
    """Whether an objective is met, and what was found, in words."""

    key: str
    met: bool
    found: str
    wanted: str


def objective_of(key: str, wish: Any, source: str) -> Objective:
    """An objective from TOML. ScenarioError with the nearest name."""

    def wrong(sentence: str) -> ScenarioError:
        return ScenarioError(sentence, source=source, key=f"objectives.{key}")

    parts = _KEY.fullmatch(key)
    if parts is None:
        raise wrong("expected a measure and a quantile, such as mandate_live_p90")
    name, quantile = parts[1], int(parts[2]) / 100.0
    if name not in MEASURES:
        near = difflib.get_close_matches(name, MEASURES, 1, 0.5)
        raise wrong(f"no such measure{f'; did you mean {near[0]}?' if near else ''}")
    measure = _ALIASES.get(name, name)
    if measure in MILESTONES:
        on = wish.get("before", wish.get("most")) if isinstance(wish, dict) else wish
        if not isinstance(on, date) or isinstance(on, datetime):
            raise wrong("expected a date, on or before which it must be reached")
        return Objective(key, measure, quantile, most=to_day(on))
    bounds = wish if isinstance(wish, dict) else {"most": wish}
    strange = set(bounds) - {"most", "least", "on"}
    numbers = {name: bounds[name] for name in ("most", "least") if name in bounds}
    if strange or len(numbers) != 1 or not all(isinstance(n, int | float) for n in numbers.values()):
        raise wrong("expected a number, or a table with most or least, and on for a curve")
    on = bounds.get("on")
    if (measure in CURVES) != isinstance(on, date):
        raise wrong("expected on = a date" if measure in CURVES else "has no day: leave out on")
    return Objective(key, measure, quantile, on=on, **{name: float(number) for name, number in numbers.items()})


def judge(objective: Objective, result: Result) -> Verdict:
    """The verdict of a result on one objective; what is not known is not met."""
    value = result.quantile(objective.measure, objective.quantile, objective.on)
    met = (objective.most is None or value <= objective.most) and (objective.least is None or value >= objective.least)
    bound = objective.most if objective.most is not None else objective.least
    word = "at most" if objective.most is not None else "at least"
    if objective.measure in MILESTONES:
        assert objective.most is not None
        found = str(to_date(value) or "not within the run, or not known")
        return Verdict(objective.key, bool(met), found, f"on or before {to_date(objective.most)}")
    day = f" on {objective.on}" if objective.on else ""
    return Verdict(objective.key, bool(met), _figure(value), f"{word} {_figure(bound)}{day}")


def _figure(value: float | None) -> str:
    """Millions in full, small figures with their decimals."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1e6 else f"{value:,.6g}"
