"""What the event engine's run says of the days of a rehearsal: providers' stages, outages, adoption, coverage."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from authority.codes import Sector
from simulator import registers
from simulator.events.engine import Run
from simulator.knobs import KINDS
from simulator.population.institutions import SECTORS, Institutions
from simulator.rehearsal.world import LONG_SINCE, NEVER, Stages
from simulator.timeline import DAYS_PER_WEEK, EPOCH

Reals = NDArray[np.float64]

KIND_OF: Final[dict[Sector, str]] = {
    "HOSPITAL": "hospital",
    "GP": "gp",
    "MENTAL_CARE": "mental",
    "PHARMACY": "other_care",
    "DENTAL": "other_care",
    "NURSING_HOME": "other_care",
    "PGO": "other_care",
}
"""The engine's kind of care provider for each sector of care; the other sectors are connected already."""
_A_MINUTE: Final = 1.0 / 1440.0
_POLLED_AT: Final = 9.0 / 24.0
_SILENT_AFTER_DAYS: Final = 2


def ordinal(day: float | None) -> int:
    """The calendar day of an engine's day; NEVER for None."""
    return NEVER if day is None else EPOCH.toordinal() + int(np.floor(day + _A_MINUTE))


class Year(NamedTuple):
    """`first` is the first day that is played, `last` the last."""

    run: Run
    first: int
    last: int

    @property
    def days(self) -> range:
        """The days that are played."""
        return range(self.first, self.last + 1)


def default_begin(run: Run) -> date:
    """Four weeks before mandates go live, the busiest of the programme's years; its beginning where they never do."""
    live = run.milestones.get("mandate_live")
    return date.fromordinal(ordinal(run.plan.begin if live is None else max(live - 28.0, run.plan.begin)))


def stages_of(run: Run, institutions: Institutions) -> list[Stages]:
    """Each provider of the population takes after one of the engine's, of its kind and spread over them evenly."""
    alike = {kind: [p for p in run.providers if not p.other and p.kind == number] for number, kind in enumerate(KINDS)}
    found: list[Stages] = []
    for sector, count in zip(SECTORS, institutions.providers_of, strict=True):
        models = alike.get(KIND_OF.get(sector, ""), [])
        for number in range(count):
            if not models:
                found.append(Stages(LONG_SINCE, LONG_SINCE, NEVER if sector in KIND_OF else LONG_SINCE))
                continue
            model = models[int((number + 0.5) / count * len(models))]
            live = min(ordinal(model.mandate_live), ordinal(model.direct))
            connected = min(ordinal(model.login_live), live)
            found.append(Stages(min(ordinal(run.suppliers[model.supplier].asked), connected), connected, live))
    return found


class Polls:
    """Registers are heard each morning, unless an outage lasts then."""

    def __init__(self, year: Year) -> None:
        outages = zip(year.run.drawn.outage_begin[0], year.run.drawn.outage_end[0], strict=True)
        self.missed = frozenset(
            day
            for begin, end in outages
            for day in range(ordinal(float(begin)), ordinal(float(end)) + 1)
            if begin <= day - EPOCH.toordinal() + _POLLED_AT < end
        )

    def next(self, day: int) -> int:
        """The first day from this one on whose poll succeeds."""
        while day in self.missed:
            day += 1
        return day

    def silent(self, days: range) -> frozenset[int]:
        """Those at whose noon two days have passed since the last poll that succeeded."""
        return frozenset(day for day in days if all(day - ago in self.missed for ago in range(_SILENT_AFTER_DAYS)))


def coverage(year: Year, days: range) -> Reals:
    """The share of measures that the register of administrators shows, on each day."""
    run = year.run
    live = np.array([run.milestones.get("register_live", np.inf)])
    when = np.arange(days.start, days.stop, dtype=np.float64) - EPOCH.toordinal()
    shares = registers.coverage_at(run.knobs, run.plan.begin, when, live)[0]
    return np.asarray(np.maximum.accumulate(shares))


def adoption(year: Year, days: range) -> tuple[Reals, Reals]:
    """On each day: the share of those who would record a mandate who have, and the days of waiting at a counter."""
    run, knobs = year.run, year.run.knobs
    when = np.arange(days.start, days.stop, dtype=np.float64) - EPOCH.toordinal()
    weeks = run.plan.begin + DAYS_PER_WEEK * np.arange(len(run.citizens))
    have = np.array([float((week.low_skilled + week.others)[0]) for week in run.citizens])
    waiting = np.array([float(week.waiting[0]) for week in run.citizens])
    served = np.diff(np.array([float(week.served[0]) for week in run.citizens]), append=np.nan)
    served[-1:] = served[-2:-1]
    # Little: the queue over what the counters do in a week
    wait = np.where(served > 0.0, DAYS_PER_WEEK * waiting / np.maximum(served, 1e-9), 0.0)
    shares = np.interp(when, weeks, have / (knobs.low_skilled + knobs.skilled_users))
    return np.maximum.accumulate(shares), np.interp(when, weeks, wait)
