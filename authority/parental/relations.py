"""Whose relations are asked: a minor's own, or those that somebody holds (domain.md 7.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, Literal

from authority.parental.brp import PersonRecord, Relation
from authority.parental.derivation import Population
from authority.parental.determine import Determination, determine
from authority.parental.question import Outcome
from authority.parental.records import adult_since, counting

OfficialType = Literal[
    "EenhoofdigOuderlijkGezag",
    "GezamenlijkOuderlijkGezag",
    "GezamenlijkGezag",
    "Voogdij",
    "TijdelijkGeenGezag",
    "GezagNietTeBepalen",
]
OFFICIAL_TYPES: Final[dict[Outcome, OfficialType]] = {
    "PARENTAL_SOLE": "EenhoofdigOuderlijkGezag",
    "PARENTAL_JOINT": "GezamenlijkOuderlijkGezag",
    "SHARED_AUTHORITY": "GezamenlijkGezag",
    "GUARDIANSHIP": "Voogdij",
    "NO_AUTHORITY": "TijdelijkGeenGezag",
    "UNDETERMINED": "GezagNietTeBepalen",
}
"""The names of the BRP API. NOT_APPLICABLE has none: there is no relation."""


def determinations_for(bsn: str, population: Population, today: date) -> list[Determination]:
    """The one over this person as a child, NOT_APPLICABLE included; then those over others that this person holds.

    Held over own minor children and those of partners, former ones too. Empty for somebody whom the register does not
    know.
    """
    own = determine(bsn, population, today)
    found = [own] if own is not None else []
    for child in sorted(set(_children_near(bsn, population, today))):
        held = determine(child, population, today)
        if held is not None and _held_by(bsn, held):
            found.append(held)
    return found


def _held_by(bsn: str, determination: Determination) -> bool:
    """Shown as theirs. Not where the other parent has no BSN: with whom it is held, nobody could be asked then.

    The child's own answer does show it. The official module lists it here too; what its features expect does not.
    """
    if determination.outcome == "PARENTAL_JOINT" and None in determination.parents:
        return False
    return bsn in determination.holders


def _children_near(bsn: str, population: Population, today: date) -> Iterator[str]:
    """The minor children on a person's record, and on those of all partners, ever."""
    for own in population.all_of(bsn):
        yield from _minor_children(own, today)
        for entry in own.unions:
            for row in counting((entry, *entry.history)):
                for partner in population.all_of(row.bsn):
                    yield from _minor_children(partner, today)


def _minor_children(record: PersonRecord, today: date) -> Iterator[str]:
    for child in counting(record.children):
        if child.bsn is not None and not adult_since(child.birth_date, today):
            yield child.bsn


def relation_of(determination: Determination) -> Relation | None:
    """In the official shape; None where authority does not apply."""
    outcome = determination.outcome
    if outcome == "NOT_APPLICABLE":
        return None
    with_parents = outcome in ("PARENTAL_SOLE", "PARENTAL_JOINT", "SHARED_AUTHORITY")
    with_thirds = outcome in ("SHARED_AUTHORITY", "GUARDIANSHIP")
    return Relation(
        type=OFFICIAL_TYPES[outcome],
        minor=determination.minor,
        parents=determination.parents if with_parents else None,
        third_parties=determination.third_parties if with_thirds else None,
        under_investigation=determination.under_investigation,
    )
