"""Authority over minors, which may differ from parenthood (BW 1:245 to 1:302; domain.md chapters 2.2, 2.3 and 7).

Published: the share under guardianship of an institution. All other shares are estimates, gathered in `SHARES`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.population import figures
from simulator.population.authorities import NONE, Around, Part, kind, where
from simulator.population.draws import draw, halves, shares
from simulator.population.population import NO_DATE
from simulator.population.streets import NOBODY


class Shares(NamedTuple):
    """Of all minors, or of those that the name says. Estimates."""

    guardian_person: float = 0.001
    guardian_not_named: float = 0.2
    no_authority: float = 0.0005
    undetermined: float = 0.015
    together_sole: float = 0.06
    apart_sole: float = 0.22
    shared_with_partner: float = 0.6


SHARES: Final = Shares()


def _by_age() -> npt.NDArray[np.float64]:
    share = np.zeros(18)
    for (first, last), count in figures.UNDER_INSTITUTIONAL_GUARDIANSHIP.items():
        share[first:last] = count / figures.MINORS[(first, last)]
    return share


def over(around: Around) -> list[Part]:
    """Joint, sole or shared authority, guardianship, no authority, or undetermined: one statement for each child.

    The draw is the family's, so that brothers and sisters fare alike where their ages allow it. A parent who died,
    is under curatele or a minor holds nothing (BW 1:246); the other then holds it alone (1:253f), and where none is
    left, nobody does or a guardian.
    """
    if not len(around.rows):
        return []
    population, library = around.population, around.library
    parent_1 = population.relative(around.rows, library.parent_1.take(around.pattern))
    parent_2 = population.relative(around.rows, library.parent_2.take(around.pattern))
    fit_1, fit_2 = population.fit_for_authority(parent_1), population.fit_for_authority(parent_2)
    apart = (parent_2 >= 0) & ~_same_household(around, parent_2)
    # who lives with a parent without being one: the partner of parent_1
    first_pattern = population.pattern_rows(np.maximum(parent_1, 0))
    partner = population.relative(np.maximum(parent_1, 0), library.partner.take(first_pattern))
    partner[(library.partner.take(first_pattern) == NOBODY) | (partner == parent_2) | (parent_1 < 0)] = -1

    family = draw(population.key("family"), around.household * 8)
    statement, exercise = (half.astype(np.float64) / 2**32 for half in halves(family).T)
    edges = np.cumsum(
        [
            _by_age()[around.age],
            np.full(len(around.rows), SHARES.guardian_person),
            np.full(len(around.rows), SHARES.no_authority),
            np.full(len(around.rows), SHARES.undetermined),
        ],
        axis=0,
    )
    base = {"represented": around.rows, "number": np.zeros_like(around.rows)}
    second = {"represented": around.rows, "number": np.ones_like(around.rows)}

    by_institution = statement < edges[0]
    by_person = (statement >= edges[0]) & (statement < edges[1])
    nobody = (statement >= edges[1]) & (statement < edges[2])
    undetermined = (statement >= edges[2]) & (statement < edges[3])
    by_law = statement >= edges[3]
    both, one, none = by_law & fit_1 & fit_2, by_law & (fit_1 ^ fit_2), by_law & ~fit_1 & ~fit_2
    orphan_guardian = none & (exercise < 0.3)
    by_person |= orphan_guardian
    nobody |= none & ~orphan_guardian

    joint = both & (exercise >= np.where(apart, SHARES.apart_sole, SHARES.together_sole))
    shared = (
        one & (parent_2 < 0) & fit_1 & population.fit_for_authority(partner) & (exercise < SHARES.shared_with_partner)
    )
    sole = (both & ~joint) | (one & ~shared)
    holder = np.where(fit_1, parent_1, parent_2)
    # the other parent's death is the day from which one holds it alone
    lost = np.where(fit_1, parent_2, parent_1)
    since = _day_of_death(around, lost)
    guardian, guardian_since = _guardians(around)
    number = institution_number(around)
    return [
        where(base, joint, kind=kind("PARENTAL_JOINT"), representative=parent_1),
        where(second, joint, kind=kind("PARENTAL_JOINT"), representative=parent_2),
        where(base, shared, kind=kind("SHARED_AUTHORITY"), representative=parent_1),
        where(second, shared, kind=kind("SHARED_AUTHORITY"), representative=partner),
        where(base, sole, kind=kind("PARENTAL_SOLE"), representative=holder, valid_from=since),
        where(base, by_institution, kind=kind("GUARDIANSHIP"), organisation=number, valid_from=guardian_since),
        where(base, by_person, kind=kind("GUARDIANSHIP"), representative=guardian, valid_from=guardian_since),
        where(base, nobody, kind=kind("NO_AUTHORITY")),
        where(base, undetermined, kind=kind("UNDETERMINED"), candidate_1=parent_1, candidate_2=parent_2),
    ]


def institution_number(around: Around) -> npt.NDArray[np.int64]:
    """The guardianship institution of each row, if it has one: brothers and sisters have the same."""
    return around.institutions.organisation(0, draw(around.population.key("family"), around.household * 8 + 1))


def _same_household(around: Around, other: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    known = np.maximum(other, 0)
    head = (known & ~31) + around.library.head.take(around.population.pattern_rows(known))
    same: npt.NDArray[np.bool_] = head == around.household
    return same


def _day_of_death(around: Around, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    known = np.maximum(rows, 0)
    age = around.library.age.take(around.population.pattern_rows(known))
    dead, _ = around.population.dead_and_measure(known, age)
    return np.where((rows >= 0) & dead, around.population.died(known), NO_DATE)


def _guardians(around: Around) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """A guardian elsewhere, NONE where the register names none, and a day since birth on which it began."""
    chance = around.draw("guardian")
    named = shares(chance) >= SHARES.guardian_not_named
    found = np.where(named, around.population.fit_elsewhere(around.rows, around.pattern, "guardian of"), NONE)
    lived = np.maximum(around.population.today - around.born, 1)
    return found, around.born + ((chance & np.uint64(0xFFFF)).astype(np.int64) * lived >> 16)
