"""Measures over adults: curatele, bewind, mentorschap (BW 1:378, 1:431, 1:450; domain.md chapters 2.4 to 2.6).

How many are under which is in `simulator.population.population`; here: who holds the office, since when and why.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.population import figures
from simulator.population.authorities import GROUNDS, NONE, Around, Part, kind, where
from simulator.population.draws import shares
from simulator.population.population import (
    BEWIND,
    BEWIND_AND_MENTORSCHAP,
    CURATELE,
    MENTORSCHAP,
    NO_DATE,
)

OFFICE: Final = 1
"""Index of ADMINISTRATION_OFFICE among the kinds of organisations."""
PROFESSIONAL: Final = figures.PROFESSIONAL_FILES_2016 / figures.PROTECTED_ADULTS_2016
FOR_DEBTS: Final = 0.45
FOR_DRINK_OR_DRUGS: Final = 0.08
OVER_THE_HOUSE_ALONE: Final = 0.04
"""Estimates, the last three."""
DAYS_AGO_MAX: Final = 1_800
TERM_DAYS: Final = 1_826
"""A bewind for debts is for a fixed term only (since 2021); five years. It has begun since, so that it still runs."""


def over(around: Around) -> list[Part]:
    """One authority for each measure: with an office, or with family (the partner, a parent at home, a grown child)."""
    if not len(around.rows):
        return []
    population = around.population
    chance = around.draw("measure")
    share = shares(chance)
    parent = population.relative(around.rows, around.library.parent_1.take(around.pattern))
    family = population.fit_elsewhere(around.rows, around.pattern, "family")
    family = np.where(population.fit(parent), parent, family)
    family = np.where(population.fit(around.partner), around.partner, family)
    with_family = (share >= PROFESSIONAL) & (family >= 0)
    holders = {
        "representative": np.where(with_family, family, NONE),
        "organisation": np.where(with_family, NONE, around.institutions.organisation(OFFICE, around.draw("office"))),
    }
    why = shares(around.draw("measure", 1))
    ago = 1 + ((chance & np.uint64(0xFFFF)).astype(np.int64) * DAYS_AGO_MAX >> 16)
    began = np.minimum(np.maximum(population.today - ago, around.eighteenth), population.today - 1)
    debts = why < FOR_DEBTS
    illness, by_debts, by_drink = (
        GROUNDS.index(ground) for ground in ("PHYSICAL_OR_MENTAL", "DEBTS", "DRINK_OR_DRUGS")
    )
    base = {"represented": around.rows, "number": np.full(len(around.rows), 2), "valid_from": began} | holders
    second = base | {"number": np.full(len(around.rows), 3)}
    measure = around.measure
    return [
        where(
            base,
            measure == CURATELE,
            kind=kind("CURATELE"),
            ground=np.where(why < FOR_DRINK_OR_DRUGS, by_drink, illness),
        ),
        where(
            base,
            measure == BEWIND,
            kind=kind("BEWIND"),
            ground=np.where(debts, by_debts, illness),
            valid_until=np.where(debts, began + TERM_DAYS, NO_DATE),
            house=(~debts & (why >= 1 - OVER_THE_HOUSE_ALONE)).astype(np.int64),
        ),
        where(base, measure == BEWIND_AND_MENTORSCHAP, kind=kind("BEWIND"), ground=illness),
        where(
            second,
            (measure == BEWIND_AND_MENTORSCHAP) | (measure == MENTORSCHAP),
            kind=kind("MENTORSCHAP"),
            ground=illness,
        ),
    ]
