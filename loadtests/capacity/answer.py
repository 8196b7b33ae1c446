"""A capacity answer as one document: the figures, the calculation that leads to them, and where it extrapolates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from typing import Any, Final

import numpy as np

from loadtests.capacity.assumptions import Assumptions
from loadtests.capacity.measuring import Measured
from loadtests.capacity.need import (
    Quarter,
    clients_of_one,
    machine,
    needs,
    quantile,
    quarters_between,
    surge,
)
from loadtests.capacity.regret import policies
from loadtests.demand import Demand
from loadtests.errors import LoadTestError
from loadtests.usl import Fit

Document = dict[str, Any]
BANDS: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
PEOPLE: Final = 17_811_291
"""CBS 85496NED, 1 January 2023 (domain.md chapter 10)."""
FORMAT: Final = 1
_SIZES_GIB: Final = (4, 8, 16, 32, 64, 128, 256)
"""In which machines are had."""
_SPARE_MEMORY: Final = 1.15
"""For the operating system, and a year's facts."""


def answer(
    demand: Demand, measured: Measured, assumptions: Assumptions, *, first: date, last: date, month: date, command: str
) -> Document:
    """For the quarters from `first` to `last`, and above all for the one of `month`. Raises LoadTestError."""
    fitted = measured.fit()
    one = machine(measured, fitted, assumptions)
    quarters = needs(demand, quarters_between(first, last), one, assumptions)
    asked = next((q for q in quarters if q.begin <= month < _after(q.begin)), None)
    if asked is None:
        raise LoadTestError(f"--month {month:%Y-%m}: not among the quarters from {first} to {last}")
    knobs = demand.scenario.knobs
    memory = _memory(measured, assumptions)
    return {
        "format": FORMAT,
        "machtigen": version("machtigen"),
        "command": command,
        "scenario": demand.scenario.name,
        "title": demand.scenario.title,
        "hash": demand.scenario.digest,
        "replications": demand.result.replications,
        "month": month.isoformat()[:7],
        "enforced_on": knobs.hospitals_enforce_on.isoformat() if knobs.hospitals_enforce_on else None,
        "asked": _quarter(asked),
        "asked_index": quarters.index(asked),
        "quarters": [_quarter(quarter) for quarter in quarters],
        "machine": {
            "cores": assumptions.machine["cores"],
            "spare": assumptions.machine["spare"],
            "lead_quarters": assumptions.machine["lead_quarters"],
            "headroom": _sober(one.headroom),
            "per_worker": _bands(one.per_worker),
            "usable": _bands(one.usable),
            **memory,
        },
        "neo4j": _neo4j(asked, assumptions),
        "calculation": {
            "ready": _bands(asked.ready),
            "clients": _sober(clients_of_one(knobs)),
            "surge_people": _sober(surge(knobs)),
            "surge": _bands(asked.surge),
            "uncertain": {key: list(value) for key, value in assumptions.uncertain.items()},
        },
        "measured": _measured(measured, fitted),
        "policies": [
            {**policy._asdict(), "euro": round(policy.euro), "regret": round(policy.regret)}
            | {"regret_p90": round(policy.regret_p90), "short": _sober(policy.short)}
            for policy in policies(quarters, assumptions)
        ],
        "assumptions": {
            "machine": assumptions.machine,
            "shortage": assumptions.shortage,
            "neo4j": assumptions.neo4j,
        },
        "extrapolates": _extrapolates(measured, fitted, quarters, assumptions, memory),
    }


def _after(begin: date) -> date:
    return quarters_between(begin, date(begin.year + 1, 12, 31))[1]


def _quarter(quarter: Quarter) -> Document:
    names = ("ready", "decisions", "surge", "writes", "machines", "bare")
    return {"name": quarter.name, "begin": quarter.begin.isoformat()} | {
        name: _bands(getattr(quarter, name)) for name in names
    }


def _bands(values: Any) -> Document:
    return {band: _sober(quantile(values, share)) for band, share in BANDS.items()}


def _memory(measured: Measured, assumptions: Assumptions) -> Document:
    """A worker's own for each core, and the graph's file, of which the more is in memory the better."""
    own = measured.memory_bytes / max(1, measured.workers) * assumptions.machine["cores"] / 2**30
    graph = measured.graph_bytes / measured.people * PEOPLE / 2**30
    size = next((each for each in _SIZES_GIB if each >= (own + graph) * _SPARE_MEMORY), _SIZES_GIB[-1])
    return {
        "own_gib": _sober(own),
        "graph_gib": _sober(graph),
        "needed_gib": _sober(own + graph),
        "memory_gib": size,
    }


def _neo4j(asked: Quarter, assumptions: Assumptions) -> Document:
    said = assumptions.neo4j
    writes, decisions = quantile(asked.writes, 0.9), quantile(asked.decisions, 0.9)
    reading = decisions * said["latest_share"] / said["reads_per_second"]
    usable = 1.0 - assumptions.headroom
    return {
        "members": int(said["members"]),
        "replicas": max(0, int(np.ceil(reading / usable)) - int(said["members"])),
        "write_share": _sober(writes / said["writes_per_second"]),
        "read_share": _sober(reading / said["members"]),
        "memory_gib": _sober(said["memory_gib_per_million_people"] * PEOPLE / 1e6),
    }


def _measured(measured: Measured, fitted: Fit) -> Document:
    low, high = fitted.most_band()
    ns = sorted({point.users for point in measured.points})
    return {
        "begun": measured.begun,
        "workers": measured.workers,
        "people": measured.people,
        "machine": measured.machine,
        "cpu_per_decision_us": _sober(cpu * 1e6) if (cpu := measured.cpu_per_decision) is not None else None,
        "memory_mib": _sober(measured.memory_bytes / 2**20),
        "graph_mib": _sober(measured.graph_bytes / 2**20),
        "wrong": sum(point.wrong for point in measured.points),
        "points": [
            {
                "users": point.users,
                "decisions": _sober(point.decisions),
                "p50_ms": _sober(point.p50_ms),
                "p99_ms": _sober(point.p99_ms),
                "cores": None if point.cores is None else _sober(point.cores),
            }
            for point in sorted(measured.points, key=lambda point: point.users)
        ],
        "fit": {
            "rate": _sober(fitted.rate),
            "alpha": _sober(fitted.alpha),
            "beta": _sober(fitted.beta),
            "peak": _sober(fitted.peak) if np.isfinite(fitted.peak) else None,
            "most": _sober(fitted.most),
            "most_low": _sober(low),
            "most_high": _sober(high),
            "error": _sober(fitted.error),
        },
        "curve": [
            {"users": n, "fitted": _sober(fitted.at(n)), "low": _sober(band[0]), "high": _sober(band[1])}
            for n in np.unique(np.round(np.geomspace(1, max(ns), 24), 2)).tolist()
            for band in [fitted.band(n)]
        ],
    }


def _extrapolates(
    measured: Measured, fitted: Fit, quarters: Sequence[Quarter], assumptions: Assumptions, memory: Document
) -> list[str]:
    """Where the answer goes beyond what was seen, in sentences."""
    cores = assumptions.machine["cores"]
    found = []
    if cores > measured.workers:
        found.append(
            f"A machine of {cores:g} cores is taken to do {cores / measured.workers:g} times what {measured.workers} "
            f"worker{'s' if measured.workers > 1 else ''} did here: workers share nothing but the graph's file, but "
            "this was not measured."
        )
    if measured.people < PEOPLE:
        found.append(
            f"It was measured with {measured.people:,} people in the graph and is said of {PEOPLE:,}. The file grows "
            f"to about {memory['graph_gib']:.2g} GiB by the same bytes for each; a look-up takes a few pages more."
        )
    most = max(quantile(quarter.decisions, 0.9) for quarter in quarters)
    if most > fitted.most:
        found.append(
            f"The busiest quarter asks up to {most:,.0f} decisions a second (P90), more than the "
            f"{fitted.most:,.0f} that were measured on one service: several machines are taken to do their sum."
        )
    if fitted.peak > fitted.measured:
        found.append(
            f"Throughput still rose at {fitted.measured:g} users, the most that was measured; what lies beyond is not "
            "counted on."
        )
    if memory["needed_gib"] > memory["memory_gib"]:
        found.append(
            f"Everything in memory needs {memory['needed_gib']:.2g} GiB, more than the largest machine here: how much "
            "slower it is from disk was not measured."
        )
    return found


def _sober(number: float) -> float:
    return float(f"{number:.4g}")
