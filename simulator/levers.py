"""What would help: a few single changes of a plan, each under the plan's own random numbers.

A lever is what a planner can pull, not what befalls a plan; what befalls it is varied in `simulator.sensitivity`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, Final

from simulator.comparing import Comparison, compare
from simulator.knobs import Knobs
from simulator.results import Result
from simulator.running import run
from simulator.scenario import Scenario

LEVER_REPLICATIONS: Final = 500
"""Enough for the sign and the size; the interval is shown."""

LEVERS: Final[dict[str, Callable[[Knobs], dict[str, Any]]]] = {
    "demand_with_mandates": lambda knobs: (
        {"enforce_policy": "with_mandate"} if knobs.enforce_policy == "immediately" else {}
    ),
    "one_more_slot": lambda knobs: {"routing_slots": min(100, knobs.routing_slots + 1)},
    "hospitals_first": lambda knobs: {"sector_order": ("hospital",)} if not knobs.sector_order else {},
    "half_again_staff": lambda knobs: {"staff": min(1_000.0, knobs.staff * 1.5)},
    "half_the_remobilisation": lambda knobs: {"remobilise_weeks": knobs.remobilise_weeks / 2.0} if knobs.freeze else {},
}
"""By name, the knobs that a lever changes in a plan; none: the plan has it already, or has no place for it."""


@dataclasses.dataclass(frozen=True)
class Lever:
    """One lever's changes and what they bring against the plan itself."""

    name: str
    changes: dict[str, Any]
    comparison: Comparison


def pull(scenario: Scenario, *, executor: Executor | None = None) -> tuple[Lever, ...]:
    """Try each lever that the plan has a place for."""
    base: Result = run(scenario, LEVER_REPLICATIONS, executor=executor, detail=False)
    pulled = []
    for name, changes_of in LEVERS.items():
        changes = changes_of(scenario.knobs)
        if any(getattr(scenario.knobs, knob) != value for knob, value in changes.items()):
            pulled.append(
                Lever(name, changes, compare(base, scenario.changed(**changes), executor=executor, detail=False))
            )
    return tuple(pulled)
