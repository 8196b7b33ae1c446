"""What a run is to do, as one JSON document that every generator gets: rates over time, population, bounds."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from loadtests.arrivals import SPACINGS, Curve, Spacing
from loadtests.dispatching import Arrival
from loadtests.errors import LoadTestError

INTERVALS_MAX = 300
"""Of a run, however long it is: what a chart can show."""


@dataclass(frozen=True)
class Plan:
    """`rates`: arrivals a second over time, by activity (`Portals.whom`).

    `people`, `people_seed`, `as_of`: whose data the service holds (`simulator.population`). `run` names what is written
    in it. `about` says where the rates come from, for the report. `closed`: no arrivals; each user goes on as soon as
    it can, and rates are no more than shares of what it does. Throughput over concurrency is measured so.
    `persisted`: documents are sent by their hashes (`loadtests.wire.listed`).
    """

    rates: dict[str, Curve]
    spacing: Spacing = "poisson"
    seed: int = 1
    people: int = 100_000
    people_seed: int = 1
    as_of: date = date(2026, 1, 1)
    patience_s: float = 10.0
    run: str = "run"
    closed: bool = False
    persisted: bool = False
    about: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.rates:
            raise LoadTestError("a plan without any rate does nothing")
        if self.spacing not in SPACINGS:
            raise LoadTestError(f"arrivals: found {self.spacing}, expected one of {', '.join(SPACINGS)}")

    @property
    def seconds(self) -> float:
        """Until the last arrival."""
        return max(curve.seconds for curve in self.rates.values())

    @property
    def interval_s(self) -> float:
        """Whole seconds, so that there are at most INTERVALS_MAX."""
        return float(max(1, -(-int(self.seconds) // INTERVALS_MAX)))

    @property
    def total(self) -> float:
        """Arrivals in all, in the mean."""
        return sum(curve.total for curve in self.rates.values())

    @property
    def users(self) -> list[str]:
        """The classes of users that it needs."""
        return sorted({name.partition(".")[0] for name in self.rates})

    def arrivals(self, part: int = 0, parts: int = 1) -> Iterator[Arrival]:
        """Those of one of several generators, in order."""

        def of(name: str, curve: Curve) -> Iterator[Arrival]:
            users, _, activity = name.partition(".")
            for instant in curve.draw(self.spacing, self.seed, name, part, parts):
                yield Arrival(instant, users, activity)

        return heapq.merge(*(of(name, curve) for name, curve in sorted(self.rates.items())))

    def dumps(self) -> str:
        """As JSON."""
        rates = {name: curve.points for name, curve in self.rates.items()}
        return json.dumps(asdict(self) | {"rates": rates, "as_of": self.as_of.isoformat()})

    @classmethod
    def loads(cls, text: str) -> Plan:
        """From that JSON."""
        found = json.loads(text)
        curves = {name: Curve(tuple(map(tuple, points))) for name, points in found["rates"].items()}
        return cls(**found | {"rates": curves, "as_of": date.fromisoformat(found["as_of"])})
