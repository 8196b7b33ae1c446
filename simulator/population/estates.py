"""After death: heirs, executors, next-of-kin mandates, consent to see the record (domain.md chapter 2.7).

All shares are estimates. What was held over somebody in life stays in the registers and gives nothing any more.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.population.authorities import NONE, Around, Part, kind, where
from simulator.population.draws import shares
from simulator.population.institutions import SECTORS
from simulator.population.places import places

NOTARY: Final = 3
"""Index of NOTARY among the kinds of organisations."""
_NEXT_OF_KIN: Final = 0.6
_EXECUTOR: Final = 0.2
_EXECUTOR_IS_NOTARY: Final = 0.4
_RECORD_CONSENT: Final = 0.05
_SECOND_CHILD: Final = 0.7


def over(around: Around) -> list[Part]:
    """Heirs are the partner and one or two children or relatives elsewhere; the first of them does the tax."""
    if not len(around.rows):
        return []
    population = around.population
    died = population.died(around.rows)
    chance = shares(around.draw("estate"))
    partner = np.where(population.fit(around.partner), around.partner, NONE)
    child_1 = population.fit_elsewhere(around.rows, around.pattern, "heir 1")
    child_2 = population.fit_elsewhere(around.rows, around.pattern, "heir 2")
    child_2[(chance >= _SECOND_CHILD) | (child_2 == child_1)] = NONE
    first = np.where(partner >= 0, partner, child_1)
    notary = around.institutions.organisation(NOTARY, around.draw("notary"))

    def numbered(number: int) -> dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]]:
        return {"represented": around.rows, "number": np.full(len(around.rows), number), "valid_from": died}

    share = shares(around.draw("estate", 1))
    next_of_kin = (share < _NEXT_OF_KIN) & (first >= 0)
    executor = (shares(around.draw("estate", 2)) < _EXECUTOR) & (first >= 0)
    by_notary = executor & (share < _EXECUTOR_IS_NOTARY)
    record = (shares(around.draw("estate", 3)) < _RECORD_CONSENT) & (first >= 0)
    hospital = around.institutions.nearest(
        SECTORS.index("HOSPITAL"), around.place, places().municipality.take(around.place)
    )
    return [
        where(numbered(8), partner >= 0, kind=kind("HEIR"), representative=partner),
        where(numbered(9), child_1 >= 0, kind=kind("HEIR"), representative=child_1),
        where(numbered(10), child_2 >= 0, kind=kind("HEIR"), representative=child_2),
        where(numbered(11), next_of_kin, kind=kind("NEXT_OF_KIN_MANDATE"), representative=first),
        where(numbered(12), executor & ~by_notary, kind=kind("EXECUTOR"), representative=first),
        where(numbered(12), by_notary, kind=kind("EXECUTOR"), organisation=notary),
        where(
            numbered(13), record, kind=kind("RECORD_AFTER_DEATH"), representative=first, provider=hospital, services=1
        ),
    ]
