"""Who is to be connected: providers by kind, their suppliers, and their clients by age and digital skill.

Counts: simulation.md 5.1 (icthealth.nl and medmij.nl: 5,403 providers on the MedMij list at the end of 2022, of which
198 hospitals and clinics and 51 in mental health; volksgezondheidenzorg.info: 5,028 GP practices). Ages: CBS 37296ned.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.knobs import KINDS, Knobs

Reals = NDArray[np.float64]
Counts = NDArray[np.int64]

AGE_BANDS: Final = ("0-17", "18-64", "65-79", "80+")
SKILLS: Final = ("low", "other")
PEOPLE_PER_BAND: Final = (3_333_105, 10_604_750, 2_522_010, 810_590)
"""CBS, 2018 (simulation.md chapter 6): 17,270,455 people."""
LAUNCHING: Final = 0
"""The column of the launching customers, who are connected one by one before the large scale begins."""
_OTHER_SECTORS: Final = 9


class Supplier(NamedTuple):
    """A software vendor: its kind's index in KINDS, its rank among its kind (its name in every draw), its customers."""

    kind: int
    rank: int
    customers: int
    other: bool = False


class Country(NamedTuple):
    """Columns are suppliers in the order in which they are served; column 0 is the launching customers.

    `entity` names a supplier in the random streams, whatever its place in the order. `dependants` is per provider, by
    kind, age band and skill. `other` marks suppliers of the sectors outside care.
    """

    kind: Counts
    customers: Counts
    entity: Counts
    other: NDArray[np.bool_]
    dependants: Reals

    @property
    def care(self) -> int:
        """How many care providers there are in the scope."""
        return int(self.customers[~self.other].sum())

    @property
    def per_kind(self) -> Counts:
        """Care providers by kind."""
        return np.bincount(self.kind[~self.other], self.customers[~self.other], len(KINDS)).astype(np.int64)


def zipf(total: int, parts: int, exponent: float) -> Counts:
    """`total` customers over `parts` suppliers by 1 / rank^exponent: whole, at least one each, largest first."""
    if total == 0:
        return np.zeros(0, np.int64)
    parts = min(parts, total)
    weight = np.arange(1, parts + 1, dtype=np.float64) ** -exponent
    spare = (total - parts) * weight / weight.sum()
    whole = np.floor(spare).astype(np.int64)
    rest = total - parts - int(whole.sum())
    whole[np.argsort(whole - spare, kind="stable")[:rest]] += 1
    return np.asarray(whole + 1, np.int64)


@lru_cache(maxsize=256)
def country_of(knobs: Knobs) -> Country:
    """The country of a scenario: a pure function of its knobs."""
    totals = (knobs.hospitals, knobs.gp_practices, knobs.mental_care, knobs.other_care)
    shares = (knobs.hospital_suppliers, knobs.gp_suppliers, knobs.mental_suppliers, knobs.other_suppliers)
    suppliers = [
        Supplier(kind, rank, int(customers))
        for kind, (total, parts) in enumerate(zip(totals, shares, strict=True))
        for rank, customers in enumerate(zipf(total, parts, knobs.zipf_exponent))
    ]
    launching = min(knobs.launch_cap, sum(totals))
    first_kind = next((kind for kind, total in enumerate(totals) if total), 0)
    suppliers = _without(suppliers, launching) if knobs.scope != "launching" else []
    if knobs.scope == "all":
        others = zipf(knobs.other_organisations, knobs.other_sector_suppliers, knobs.zipf_exponent)
        suppliers += [Supplier(_OTHER_SECTORS, rank, int(customers), True) for rank, customers in enumerate(others)]
    suppliers.sort(key=lambda supplier: (*_place(knobs, supplier), -supplier.customers, supplier.kind, supplier.rank))
    columns = [Supplier(first_kind, 0, launching), *suppliers]
    return Country(
        kind=np.array([min(s.kind, len(KINDS) - 1) for s in columns], np.int64),
        customers=np.array([s.customers for s in columns], np.int64),
        entity=np.array([s.kind * 100_000 + s.rank for s in columns], np.int64),
        other=np.array([s.other for s in columns], bool),
        dependants=dependants(knobs),
    )


def _place(knobs: Knobs, supplier: Supplier) -> tuple[bool, int]:
    """Other sectors after care while care has priority; then the order of kinds, where the plan has one."""
    order = knobs.sector_order
    kind = KINDS[supplier.kind] if supplier.kind < len(KINDS) else ""
    return supplier.other and knobs.priority == "care", order.index(kind) if kind in order else len(order)


def _without(suppliers: list[Supplier], launching: int) -> list[Supplier]:
    """The launching customers leave their own suppliers: hospitals first, as the letter's pilot, largest first."""
    left = []
    for supplier in suppliers:
        gone = min(launching, supplier.customers)
        launching -= gone
        if supplier.customers > gone:
            left.append(supplier._replace(customers=supplier.customers - gone))
    return left


def dependants(knobs: Knobs) -> Reals:
    """Clients per provider who need somebody's help to get in: by kind, age band and skill.

    A minor depends on parents, a matter of parental authority, and is not counted here; adults need help by skill.
    """
    low = np.array([0.0, knobs.low_skill_18_64, knobs.low_skill_65_79, knobs.low_skill_80])
    need = np.stack([low * knobs.help_low_skill, (1.0 - low) * knobs.help_other], axis=1)
    need[0] = 0.0
    population = np.array(PEOPLE_PER_BAND, np.float64) / sum(PEOPLE_PER_BAND)
    older = population * np.array([1.0, 1.0, knobs.hospital_age_tilt, knobs.hospital_age_tilt])
    mixes = np.stack([older / older.sum(), population, population, population])
    clients = np.array([knobs.hospital_clients, knobs.gp_clients, knobs.mental_clients, knobs.other_clients])
    return np.asarray(clients[:, None, None] * mixes[:, :, None] * need[None, :, :], np.float64)
