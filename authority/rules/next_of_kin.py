"""Rule N: the next-of-kin mandate has one holder at a time (facts.md 5.3). Source: domain.md 2.7 (Belastingdienst)."""

from __future__ import annotations

from authority.case import Case
from authority.facts import Authority
from authority.finding import Finding, found
from authority.moments import SINCE_EVER


def first_holder(case: Case, ground: Authority) -> Finding | None:
    """The earliest `valid_from`, then `recorded_at`, then id, among living holders' mandates in force.

    The ground itself is among them: it is in force, and nobody dead comes this far (facts.md 5.1.3).
    """
    earliest = min(
        (
            a
            for a in case.standing(("NEXT_OF_KIN_MANDATE",))
            if not case.dead(case.around.people.get(a.representative or ""))
        ),
        key=_order,
    )
    return None if earliest.id == ground.id else found("SECOND_HOLDER")


def _order(mandate: Authority) -> tuple[int, int, str]:
    begins = mandate.valid_from if mandate.valid_from is not None else SINCE_EVER - 1
    return begins, mandate.recorded_at, mandate.id
