"""Voluntary mandates: who is not digitally skilled has them, and some who are (domain.md chapters 2.1 and 5).

A mandate names services of one provider and begins when its grantor is 18; who is under a measure has none. All
shares here are estimates, scaled so that `figures.MANDATES_IN_FORCE` are in force.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from simulator.population.authorities import NONE, STATUSES, Around, Part, kind, where
from simulator.population.draws import Rows, draw, words
from simulator.population.institutions import SECTORS, SERVICES
from simulator.population.places import places
from simulator.population.population import NO_DATE, Population

MOST: Final = 4
"""Mandates of one grantor."""
_RATE: Final = ((0.157, 0.345, 0.90), (0.63, 0.90, 1.20))
"""Mandates in the mean, by digital skill (skilled, not) and age (under 65, under 80, older)."""
_SECTOR: Final = (
    ("TAX", 0.30),
    ("GP", 0.20),
    ("PHARMACY", 0.12),
    ("HOSPITAL", 0.12),
    ("BENEFITS", 0.08),
    ("INSURER", 0.08),
    ("MUNICIPALITY", 0.06),
    ("DENTAL", 0.02),
    ("PGO", 0.02),
)
_TO_PARTNER: Final = 0.35
_TAX_TO_INTERMEDIARY: Final = 0.25
FISCAL: Final = 2
"""Index of FISCAL_INTERMEDIARY among the kinds of organisations."""
_STATUS: Final = (("ACTIVE", 0.66), ("EXPIRED", 0.19), ("WITHDRAWN", 0.09), ("REQUESTED", 0.04), ("ENDED", 0.02))
"""EXPIRED: still ACTIVE in the register, with its end behind it."""
_DAYS_AGO_MAX: Final = 1_095


def over(around: Around) -> list[Part]:
    """Up to MOST mandates for each row."""
    if not len(around.rows):
        return []
    parts: list[Part] = []
    given = _given_by(around.population, around.rows, around.age)
    for turn in range(MOST):
        has = np.flatnonzero(given[:, turn])
        if len(has):
            parts.append(_given(around, has, turn))
    return parts


def grants(population: Population, rows: Rows, age: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Whether the adults of these rows, if under no measure, have given a mandate or asked for one."""
    some: npt.NDArray[np.bool_] = np.asarray(_given_by(population, rows, age).any(axis=1))
    return some


def _given_by(population: Population, rows: Rows, age: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """By row and turn."""
    skill = population.skill(rows, age)
    band = (age >= 65).astype(np.int64) + (age >= 80)
    rates = (np.array(_RATE) * (65_536 / MOST))[(skill < 2).astype(np.int64), band]
    return np.less(words(draw(population.key("mandates"), rows * 8)), rates[:, None])


def _given(everybody: Around, has: Rows, turn: int) -> Part:
    chosen = np.zeros(len(everybody.rows), dtype=np.bool_)
    chosen[has] = True
    around = everybody.of(chosen)
    population, institutions = around.population, around.institutions
    what, whom, when, rest = words(around.draw("mandate", turn)).T
    sector = _picked(what, [(SECTORS.index(name), share) for name, share in _SECTOR])
    municipality = places().municipality.take(around.place)
    provider = institutions.nearest(sector, around.place, municipality)
    tax = SECTORS.index("TAX")
    refuses = ~institutions.takes_mandates[provider]
    provider = np.where(refuses, institutions.first_provider[tax], provider)
    sector = np.where(refuses, tax, sector)

    to_partner = (whom < _TO_PARTNER * 65_536) & population.fit(around.partner)
    to_organisation = (sector == tax) & (rest < _TAX_TO_INTERMEDIARY * 65_536)
    helper = population.fit_elsewhere(around.rows, around.pattern, f"helper {turn}")
    person = np.where(to_partner, around.partner, helper)
    organisation = institutions.organisation(FISCAL, around.draw("fiscal", turn))

    state = _picked((rest ^ when) & 0xFFFF, [(i, share) for i, (_, share) in enumerate(_STATUS)])
    expired = state == 1
    status = np.array([STATUSES.index("ACTIVE" if name == "EXPIRED" else name) for name, _ in _STATUS])[state]
    # the dead gave theirs in life
    last = np.where(around.dead, population.died(around.rows), population.today)
    ago = 2 + (when.astype(np.int64) * _DAYS_AGO_MAX >> 16)
    start = np.maximum(last - ago, around.eighteenth)
    old_enough = start < last
    until_now = start + 1 + (whom.astype(np.int64) * np.maximum(last - start - 1, 0) >> 16)
    later = population.today + 1 + (what.astype(np.int64) * _DAYS_AGO_MAX >> 16)
    ends = (whom & 1) == 1
    until = np.where(expired, until_now, np.where(ends, later, NO_DATE))
    able = old_enough & (to_organisation | (person >= 0))
    services = np.array([len(SERVICES[name]) for name in SECTORS])[sector]
    first_two = (what & 3) == 0
    bits = np.where(first_two & (services > 1), 0b11, 1 << (rest.astype(np.int64) % services))
    return where(
        {"represented": around.rows, "number": np.full(len(around.rows), 4 + turn)},
        able,
        kind=kind("VOLUNTARY_MANDATE"),
        representative=np.where(to_organisation, NONE, person),
        organisation=np.where(to_organisation, organisation, NONE),
        provider=provider,
        services=bits,
        status=status,
        valid_from=start,
        valid_until=until,
    )


def _picked(numbers: npt.NDArray[np.uint16], choices: list[tuple[int, float]]) -> npt.NDArray[np.int64]:
    edges = np.cumsum([share for _, share in choices]) * 65_536
    found: npt.NDArray[np.int64] = np.array([value for value, _ in choices])[
        np.minimum(np.searchsorted(edges, numbers, side="right"), len(choices) - 1)
    ]
    return found
