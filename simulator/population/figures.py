"""The published figures that the population follows, each with its source; what nobody publishes is marked *estimate*.

Sources named here: *domain* is chapter 10 of the domain dossier, which names the publications; *CBS* is Statistics
Netherlands with its table's number. Older tables are used as shares and scaled to the population of 1 January 2023.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

PEOPLE: Final = 17_811_291
"""Living on 1 January 2023: CBS 85496NED."""
MINORS: Final = {(0, 4): 681_662, (4, 12): 1_457_912, (12, 18): 1_171_648}
"""By age, from and before, 2021: CBS, in domain."""
ADULTS: Final = {(18, 65): 10_604_750, (65, 80): 2_522_010, (80, 106): 810_590}
"""By age, 2018: monitorlangdurigezorg.nl and CBS 37296ned; used as shares of the adults."""
DEATHS: Final = {(1, 65): 22_662, (65, 80): 53_582, (80, 106): 94_728}
"""By age, 2021: CBS 70895ned; used as shares."""
DEATHS_A_DAY: Final = 461
"""2020: longreads.cbs.nl, 2021."""

PRIVATE_HOUSEHOLDS: Final = 8_270_244
ONE_PERSON_HOUSEHOLDS: Final = 3_266_042
HOUSEHOLDS_WITHOUT_CHILDREN: Final = 2_358_933
"""Of two or more people. 2023: CBS 37975, as the two above."""
COUPLES_BY_CHILDREN: Final = {1: 770_893, 2: 905_095, 3: 358_648}
"""Couples with children of any age at home; 3 is three or more. 2023: CBS 71487ned, married and unmarried together."""
ONE_PARENT_BY_CHILDREN: Final = {1: 375_750, 2: 176_748, 3: 58_135}
"""The same of one-parent households."""
IN_INSTITUTIONS: Final = 289_176
"""People in institutional households, 2024: CBS 37620."""

UNDER_BEWIND: Final = 273_000
"""2023: National Ombudsman, in domain."""
UNDER_MENTORSCHAP: Final = 70_400
"""End 2016: Council for the Judiciary, in domain."""
UNDER_CURATELE: Final = 27_500
"""Estimate: the middle of domain's 25,000 to 30,000."""
PROTECTED_ADULTS_2016: Final = 326_100
PROFESSIONAL_FILES_2016: Final = 200_000
ADMINISTRATION_OFFICES: Final = 1_800
"""The last three: domain (Council for the Judiciary; knb.nl). The rest of the files is with family."""
UNDER_INSTITUTIONAL_GUARDIANSHIP: Final = {(0, 4): 410, (4, 12): 3_350, (12, 18): 4_990}
"""Young people under voogdij of an institution, end 2023: CBS 85095NED, in domain."""
NOT_DIGITALLY_SKILLED: Final = 2_600_000
"""2023: National Ombudsman, in domain."""
WITHOUT_INTERNET: Final = 0.03
"""Share of households: security.nl, 2023."""
MANDATES_IN_FORCE: Final = 3_000_000
"""Estimate: the middle of domain's 2 to 4 million."""

MUNICIPALITIES: Final = 342
MUNICIPALITIES_WITH_MANDATES: Final = 24
"""2023: National Ombudsman, in domain."""
LARGEST_MUNICIPALITY: Final = 931_298
"""Amsterdam, 1 January 2024, from CBS; the others follow a Zipf law through it and the total."""
POSTCODES: Final = 4_070
"""Four-digit postcode areas. Estimate."""

PROVIDERS: Final = {
    "HOSPITAL": 69,  # organisations, 2019: RIVM, in domain
    "GP": 5_028,  # practices, 2016: Nivel, in domain
    "PHARMACY": 1_975,  # 2023: SFK, in domain
    "MENTAL_CARE": 51,  # on the MedMij list, end 2022: icthealth.nl
    "DENTAL": 8_000,  # dentists, 2018: domain
    "NURSING_HOME": 2_500,  # estimate
    "PGO": 30,  # estimate
    "INSURER": 20,  # estimate
    "MUNICIPALITY": MUNICIPALITIES,
    "TAX": 1,
    "BENEFITS": 3,  # estimate: who pays benefits nationally
    "OTHER": 6_800,  # schools; estimate
}
ORGANISATIONS: Final = {
    "GUARDIANSHIP_INSTITUTION": 15,  # estimate
    "ADMINISTRATION_OFFICE": ADMINISTRATION_OFFICES,
    "FISCAL_INTERMEDIARY": 6_000,  # estimate
    "NOTARY": 800,  # estimate
}
EMPLOYEES: Final = {
    "GUARDIANSHIP_INSTITUTION": 40,
    "ADMINISTRATION_OFFICE": 4,
    "FISCAL_INTERMEDIARY": 3,
    "NOTARY": 3,
}
"""Who act for clients, for each organisation. Estimate."""

PUBLISHED: Final = {"HOSPITAL", "GP", "PHARMACY", "DENTAL", "MENTAL_CARE", "MUNICIPALITY"}
"""The sectors whose count is published rather than estimated."""

OLDEST: Final = 105
DEATHS_PER_PERSON: Final = DEATHS_A_DAY * 365 / PEOPLE
"""Who died in the year before, for each one living."""

_AT_HOME: Final = (0.92, 0.85, 0.78, 0.68, 0.57, 0.46, 0.36, 0.27, 0.20, 0.15, 0.12, 0.10)
"""Share of those aged 18 to 29 who live with a parent. Estimate, scaled to CBS's number of children at home."""


def _spread(bands: dict[tuple[int, int], int], shape: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    counts = np.zeros(OLDEST + 1)
    for (first, last), total in bands.items():
        part = shape[first:last]
        counts[first:last] = total * part / part.sum()
    return counts


@cache
def living_by_age() -> npt.NDArray[np.float64]:
    """How many of PEOPLE are of each age; within a published band the shape is an estimate."""
    ages = np.arange(OLDEST + 1)
    shape = 1 + 0.15 * np.exp(-(((ages - 55) / 7) ** 2))
    shape[:18] = 1
    shape[65:80] = np.linspace(1.25, 0.75, 15)
    shape[80:] = np.exp(-(((ages[80:] - 79) / 8) ** 1.4))
    adults = PEOPLE - sum(MINORS.values())
    share = {band: round(count * adults / sum(ADULTS.values())) for band, count in ADULTS.items()}
    return _spread(MINORS | share, shape)


@cache
def deaths_by_age() -> npt.NDArray[np.float64]:
    """How many died in the year before, by the age that they would have now; infants are left out."""
    ages = np.arange(OLDEST + 1)
    shape = np.exp(0.09 * ages) * living_by_age() / np.maximum(1, living_by_age()[50])
    shape[0] = 0
    total = DEATHS_A_DAY * 365
    return _spread({band: round(n * total / sum(DEATHS.values())) for band, n in DEATHS.items()}, shape)


def children_at_home() -> int:
    """Children of any age in the households of the two tables; three or more is 3.36 in the mean (estimate)."""
    per = {1: 1.0, 2: 2.0, 3: 3.36}
    return round(sum(per[k] * n for table in (COUPLES_BY_CHILDREN, ONE_PARENT_BY_CHILDREN) for k, n in table.items()))


@cache
def adult_children_by_age() -> npt.NDArray[np.float64]:
    """Adults who live with a parent, by age, so that with the minors they are `children_at_home`."""
    share = np.zeros(OLDEST + 1)
    share[18:30] = _AT_HOME
    share[30:35], share[35:40], share[40:50] = 0.07, 0.05, 0.03
    counts = share * living_by_age()
    counts *= (children_at_home() - sum(MINORS.values())) / counts.sum()
    capped: npt.NDArray[np.float64] = np.minimum(counts, 0.97 * living_by_age())
    return capped
