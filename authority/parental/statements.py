"""What a determination says in the words of facts.md: one statement a holder, or the register's own about the child."""

from __future__ import annotations

from typing import NamedTuple

from authority.codes import AuthorityKind
from authority.parental.determine import Determination


class Statement(NamedTuple):
    """What an `authority` fact needs. BSNs are still BSNs: the connector turns them into ids (DESIGN.md chapter 3)."""

    kind: AuthorityKind
    representative: str | None
    represented: str
    under_investigation: bool
    candidates: tuple[str, ...] = ()


def statements_of(found: Determination) -> list[Statement]:
    """Empty where authority does not apply, and for a sole holder without a BSN, who is nobody to the graph.

    A joint holder without a BSN is left out too: the other one then has nobody to ask (facts.md 5.3, rule J).
    """
    minor, outcome = found.minor, found.outcome
    match outcome:
        case "NOT_APPLICABLE":
            return []
        case "NO_AUTHORITY":
            return [Statement("NO_AUTHORITY", None, minor, found.doubtful)]
        case "UNDETERMINED":
            return [Statement("UNDETERMINED", None, minor, found.doubtful, found.candidates)]
        case "PARENTAL_SOLE" | "PARENTAL_JOINT":
            return [Statement(outcome, bsn, minor, found.doubtful) for bsn in found.parents if bsn is not None]
        case "SHARED_AUTHORITY" | "GUARDIANSHIP":
            thirds = [third.bsn for third in found.third_parties] or [None]
            parents = [bsn for bsn in found.parents if bsn is not None]
            return [Statement(outcome, bsn, minor, found.doubtful) for bsn in (*parents, *thirds)]
