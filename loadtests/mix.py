"""Who does how much of it. Reads share the decisions that the simulator expects; writes have rates of their own.

Published (domain.md chapter 10): of 557 million DigiD logins in 2021 13.6 million came through DigiD Machtigen; what
people ask about one another follows `simulator.population.questions.MIX`. How the questions reach us (one by one, as a
list, in a batch, through a gateway) is an estimate; change it with `--weight`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from loadtests.arrivals import Curve
from loadtests.errors import LoadTestError


class Reading(NamedTuple):
    """`share` of the requests that read; how many decisions one of them asks for."""

    share: float
    decisions: int


SEVERAL: Final = 10
BULK: Final = 50
"""Customers that a supplier brings at once."""
BATCH: Final = 100
READING: Final[dict[str, Reading]] = {
    "Helpers.ask": Reading(0.55, 1),
    "Portals.whom": Reading(0.15, 1),
    "Portals.single": Reading(0.10, 1),
    "Citizens.ask": Reading(0.08, 1),
    "Portals.several": Reading(0.04, SEVERAL),
    "Citizens.who": Reading(0.04, 1),
    "Gateways.federated": Reading(0.035, 1),
    "Subscribers.follow": Reading(0.004, 1),
    "Portals.batch": Reading(0.001, BATCH),
}
STEPS_EACH: Final = 2.5
"""The simulator counts two: login, and mandates. Here a provider applies and takes four steps."""
IN_BULK: Final = 0.8
"""Of the providers, the share that comes with all of a supplier's release. Estimate."""
AT_COUNTERS: Final = 0.25
"""Of the mandates that become active, the share that a counter registers. Estimate."""
FACTS_AT_ONCE: Final = 3
"""A birth: the child, and the authority of both parents."""


def reading(decisions: Curve, weights: Mapping[str, float] | None = None) -> dict[str, Curve]:
    """The requests that ask for so many decisions; `weights` replace shares, and need not add up to 1."""
    unknown = sorted(set(weights or ()) - set(READING))
    if unknown:
        raise LoadTestError(f"--weight {unknown[0]}: no such activity; there are {', '.join(READING)}")
    shares = {name: (weights or {}).get(name, each.share) for name, each in READING.items()}
    each = sum(share * READING[name].decisions for name, share in shares.items())
    if each <= 0.0:
        raise LoadTestError("--weight: every share is 0")
    return {name: decisions.scaled(share / each) for name, share in shares.items() if share > 0.0}


def writing(event: str, per_second: Curve) -> dict[str, Curve]:
    """The requests that write so many of an event of `simulator.demand.EVENTS`."""
    if event == "mandates_activated":
        return {
            "Mandates.activate": per_second.scaled(1.0 - AT_COUNTERS),
            "Counters.register": per_second.scaled(AT_COUNTERS),
        }
    if event == "providers_advanced":
        steps = per_second.scaled(STEPS_EACH)
        return {
            "Suppliers.advance": steps.scaled(1.0 - IN_BULK),
            "Suppliers.bulk": steps.scaled(IN_BULK / BULK),
        }
    if event == "register_facts":
        return {"Registers.record": per_second.scaled(1.0 / FACTS_AT_ONCE)}
    return {{"mandates_requested": "Mandates.request", "mandates_withdrawn": "Mandates.withdraw"}[event]: per_second}
