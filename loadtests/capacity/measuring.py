"""Throughput over concurrency, on the service that will run: each number of users, several times, in a closed loop.

Generator and service share this machine's cores, so that what is measured here is the least that it can do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from loadtests.arrivals import constant
from loadtests.errors import LoadTestError
from loadtests.mix import reading
from loadtests.objectives import VALIDITY, Objectives
from loadtests.plan import Plan
from loadtests.runs import Run, run
from loadtests.usl import Fit, fit

CONCURRENCIES: Final = (1, 2, 4, 8, 16, 32)
SECONDS: Final = 6.0
REPEATS: Final = 2
FORMAT: Final = 1


@dataclass(frozen=True)
class Point:
    """`users` at once; decisions a second, cores that the service used, response times in milliseconds."""

    users: int
    requests: float
    decisions: float
    cores: float | None
    p50_ms: float
    p99_ms: float
    wrong: int


@dataclass(frozen=True)
class Measured:
    """`workers` of the service, `people` in its graph; memory of its own in bytes, and of the graph's file."""

    points: tuple[Point, ...]
    workers: int
    people: int
    memory_bytes: int
    graph_bytes: int
    machine: dict[str, Any]
    begun: str

    def fit(self) -> Fit:
        """Decisions a second over users."""
        return fit([(point.users, point.decisions) for point in self.points])

    @property
    def cpu_per_decision(self) -> float | None:
        """In seconds, of the service, where it was busiest; None where it was not watched."""
        used = [(point.decisions, point.cores) for point in self.points if point.cores]
        if not used:
            return None
        decisions, cores = max(used)
        return cores / decisions

    def as_json(self) -> dict[str, Any]:
        """To be kept: `--from`."""
        return {"format": FORMAT, **asdict(self)}


@dataclass(frozen=True)
class Service:
    """What is measured: a service at a URL, its workers, the population and the size of its graph's file."""

    url: str
    workers: int
    people: int
    people_seed: int
    graph_bytes: int


@dataclass(frozen=True)
class Sweep:
    """How: so many users at once, each so long, all of it so often; generators at most."""

    concurrencies: Sequence[int] = CONCURRENCIES
    seconds: float = SECONDS
    repeats: int = REPEATS
    processes: int = 1


def measure(service: Service, sweep: Sweep, told: Callable[[int, int, str], None]) -> Measured:
    """Several runs, one after another; `told` hears how many are done, of how many, and which comes."""
    points: list[Point] = []
    memory, machine, begun = 0, dict[str, Any](), ""
    order = [users for _ in range(sweep.repeats) for users in sweep.concurrencies]
    for done, users in enumerate(order):
        told(done, len(order), f"{users} at once")
        plan = Plan(
            reading(constant(1.0, sweep.seconds)),
            people=service.people,
            people_seed=service.people_seed,
            run=f"measure{done}",
            closed=True,
            persisted=True,
        )
        found = run(plan, service.url, Objectives({}, VALIDITY), processes=min(sweep.processes, users), pool=users)
        points.append(_point(users, sweep.seconds, found))
        memory = max(memory, *(look.memory for look in found.service), 0)
        machine, begun = found.machine, begun or found.begun
    told(len(order), len(order), "done")
    return Measured(tuple(points), service.workers, service.people, memory, service.graph_bytes, machine, begun)


def _point(users: int, seconds: float, found: Run) -> Point:
    samples = found.samples
    looks = [look for look in found.service if 0.0 < look.at_s <= seconds]
    return Point(
        users=users,
        requests=samples.whole.count / seconds,
        decisions=samples.decisions / seconds,
        cores=sum(look.cpu for look in looks) / len(looks) if looks else None,
        p50_ms=samples.whole.service.percentile(50.0) * 1e3,
        p99_ms=samples.whole.service.percentile(99.0) * 1e3,
        wrong=samples.findings["wrong"] + samples.findings["false_permit"],
    )


def kept(path: Path) -> Measured:
    """What `as_json` wrote, in a file or in `measured.json` of a folder. Raises LoadTestError."""
    file = path / "measured.json" if path.is_dir() else path
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        if found.pop("format") != FORMAT:
            raise ValueError
        points = tuple(Point(**point) for point in found.pop("points"))
        return Measured(points=points, **found)
    except OSError as wrong:
        raise LoadTestError(f"{file}: {wrong.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LoadTestError(f"{file}: not the measured.json of machtigen capacity") from None
