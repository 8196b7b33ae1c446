"""How a provider comes to take representatives: from its application to live, one step at a time, in one table.

Source: the letter of June 2020 (simulation.md chapter 2; domain.md chapters 0 and 1): providers are assessed, connected
directly or through the routing service, tested, and then live; and none may ask for more assurance before people who
cannot reach it can be represented there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from authority.codes import ASSURANCE_RANK, ProviderStatus
from authority.facts import Provider, Service

STEPS: Final[Mapping[ProviderStatus | None, tuple[ProviderStatus, ...]]] = {
    None: ("APPLIED",),
    "APPLIED": ("ASSESSED",),
    "ASSESSED": ("CONNECTED",),
    "CONNECTED": ("TESTED", "ASSESSED"),  # or the connection is made anew
    "TESTED": ("LIVE", "CONNECTED"),  # or it is tested again
    "LIVE": ("SUSPENDED",),
    "SUSPENDED": ("LIVE", "CONNECTED"),  # or it is tested again first
}
"""From each status, the next ones. None: not known yet."""
_CONNECTED: Final = ("CONNECTED", "TESTED", "LIVE", "SUSPENDED")


class Refusal(NamedTuple):
    """Why a provider does not get there.

    `code` is stable: WRONG_STEP, ROUTE_REQUIRED, SERVICE_REQUIRED, MANDATE_ROUTE_REQUIRED.
    """

    code: str
    field: str
    found: str
    expected: str


def way(start: ProviderStatus | None, to: ProviderStatus) -> tuple[ProviderStatus, ...] | None:
    """The fewest steps from one to the other; () where it is there, None where no steps lead there."""
    ways: list[tuple[ProviderStatus, ...]] = [()]
    seen = {start}
    for steps in ways:
        at = steps[-1] if steps else start
        if at == to:
            return steps
        for following in STEPS[at]:
            if following not in seen:
                seen.add(following)
                ways.append((*steps, following))
    return None


def refusal_of_step(before: ProviderStatus | None, after: Provider, services: int) -> Refusal | None:
    """Whether `after` may follow: one step of the table, a route from CONNECTED on, something to offer when LIVE."""
    if after.status == before:
        return None
    if after.status not in STEPS[before]:
        return Refusal("WRONG_STEP", "status", f"{before or 'nothing'} → {after.status}", _following(before))
    if after.status in ("CONNECTED", "TESTED", "LIVE") and after.route is None:
        return Refusal("ROUTE_REQUIRED", "route", f"none with {after.status}", "DIRECT or ROUTING")
    if after.status == "LIVE" and not services:
        return Refusal("SERVICE_REQUIRED", "services", "none with LIVE", "at least one service")
    return None


def refusal_of_assurance(after: Provider, raised: Iterable[tuple[Service, Service]]) -> Refusal | None:
    """The rule of the letter, for services before and after: no higher minimum before a mandate route is offered.

    One is offered where the provider is connected by a route and the service may be covered by a voluntary mandate.
    """
    for before, service in raised:
        higher = ASSURANCE_RANK[service.minimum_assurance] > ASSURANCE_RANK[before.minimum_assurance]
        if higher and not (after.route is not None and after.status in _CONNECTED and service.mandatable):
            found = f"{before.minimum_assurance} → {service.minimum_assurance} for {service.id}"
            expected = "first a route for mandates: a connected provider and a mandatable service"
            return Refusal("MANDATE_ROUTE_REQUIRED", "services", found, expected)
    return None


def _following(status: ProviderStatus | None) -> str:
    return " or ".join(STEPS[status])
