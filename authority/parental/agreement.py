"""How far derived relations agree with the official ones, as cases/README.md scores it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from authority.parental.brp import Relation


class Agreement(NamedTuple):
    """Of one case. A false grant is (holder, minor): authority given that the official answer does not give."""

    agrees: bool
    false_grants: tuple[tuple[str, str], ...]
    doubts_agree: bool
    """`under_investigation` is counted apart; False too where the relations themselves differ."""


def compare(derived: Sequence[Relation], official: Sequence[Relation]) -> Agreement:
    """`type`, `minor`, the set of parents, and whether a third party is known; in any order."""
    agrees = sorted(map(_scored, derived)) == sorted(map(_scored, official))
    doubts = sorted((*_scored(r), r.under_investigation) for r in derived)
    official_doubts = sorted((*_scored(r), r.under_investigation) for r in official)
    return Agreement(
        agrees=agrees,
        false_grants=tuple(sorted(_grants(derived) - _grants(official))),
        doubts_agree=doubts == official_doubts,
    )


def _scored(relation: Relation) -> tuple[str, str, tuple[str, ...], bool]:
    parents = tuple(sorted({bsn or "" for bsn in relation.parents or ()}))
    return relation.type, relation.minor, parents, any(third.known for third in relation.third_parties or ())


def _grants(relations: Iterable[Relation]) -> set[tuple[str, str]]:
    return {
        (holder, relation.minor)
        for relation in relations
        for holder in (*(relation.parents or ()), *(third.bsn for third in relation.third_parties or ()))
        if holder is not None
    }
