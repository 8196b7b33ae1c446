"""Authorities as columns: who holds what over the people of given rows, each a function of its row alone.

The four families stand in modules of their own: over minors (`minors`), over protected adults (`measures`), given by
people themselves (`mandates`) and over the deceased (`estates`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Final, get_args

import numpy as np
import numpy.typing as npt

from authority.codes import AuthorityKind, AuthorityStatus, Ground
from simulator.population.draws import Draws, Rows, draw
from simulator.population.institutions import Institutions
from simulator.population.population import NO_DATE, NO_MEASURE, Population
from simulator.population.streets import Streets, streets

KINDS: Final[tuple[AuthorityKind, ...]] = get_args(AuthorityKind)
STATUSES: Final[tuple[AuthorityStatus, ...]] = get_args(AuthorityStatus)
GROUNDS: Final[tuple[Ground, ...]] = get_args(Ground)
NONE: Final = -1

Column = npt.NDArray[np.int64]


@dataclass
class Authorities:
    """Columns, sorted by the represented's row. NONE is nobody, none, or all; NO_DATE is open.

    `kind`, `status`, `ground` index KINDS, STATUSES, GROUNDS. `representative` is a row, `organisation` a number in
    `Institutions`; at most one of them is there. `provider` with the bits of `services` says which services are
    named. `house` marks a bewind over the house alone. `candidate_1`, `candidate_2`: of UNDETERMINED. `number` tells
    the authorities over one person apart.
    """

    represented: Column
    number: Column
    kind: Column
    representative: Column
    organisation: Column
    provider: Column
    services: Column
    status: Column
    ground: Column
    house: Column
    candidate_1: Column
    candidate_2: Column
    valid_from: Column
    valid_until: Column

    def __len__(self) -> int:
        return len(self.represented)


_DEFAULTS: Final = {
    "representative": NONE,
    "organisation": NONE,
    "provider": NONE,
    "services": 0,
    "status": STATUSES.index("ACTIVE"),
    "ground": NONE,
    "house": 0,
    "candidate_1": NONE,
    "candidate_2": NONE,
    "valid_from": NO_DATE,
    "valid_until": NO_DATE,
}

Part = dict[str, Column | int]
"""Some authorities: `represented`, `number`, `kind`, and what differs from the defaults; a number stands for all."""


def kind(name: AuthorityKind) -> int:
    """Its index in KINDS."""
    return KINDS.index(name)


def where(part: dict[str, Column], chosen: npt.NDArray[np.bool_], **columns: Column | int) -> Part:
    """A Part of those chosen: every column given is cut down to them."""
    cut = {name: value if isinstance(value, int) else value[chosen] for name, value in columns.items()}
    return {name: value[chosen] for name, value in part.items()} | cut


def joined(parts: list[Part]) -> Authorities:
    """One table of all parts, by represented and number."""
    lengths = [len(part["represented"]) for part in parts if not isinstance(part["represented"], int)]
    columns = {}
    for name in (field.name for field in fields(Authorities)):
        made = np.empty(sum(lengths), dtype=np.int64)
        at = 0
        for part, length in zip(parts, lengths, strict=True):
            made[at : at + length] = part.get(name, _DEFAULTS.get(name, 0))
            at += length
        columns[name] = made
    order = np.argsort(columns["represented"] * 16 + columns["number"], kind="stable")
    return Authorities(**{name: column[order] for name, column in columns.items()})


class Around:
    """What all families need to know of some rows, each worked out when first asked for."""

    def __init__(self, population: Population, institutions: Institutions, rows: Rows) -> None:
        self.population, self.institutions, self.rows = population, institutions, rows
        self.library: Streets = streets()
        self.pattern = population.pattern_rows(rows)
        self.age = self.library.age.take(self.pattern)
        self.dead, self.measure = population.dead_and_measure(rows, self.age)

    @cached_property
    def household(self) -> Rows:
        """Row of the household's first member."""
        return (self.rows & ~31) + self.library.head.take(self.pattern)

    @cached_property
    def partner(self) -> Rows:
        """Row of the partner, -1 without."""
        return self.population.relative(self.rows, self.library.partner.take(self.pattern))

    @cached_property
    def born(self) -> Column:
        """Birth day."""
        shift = (draw(self.population.key("household"), self.household) >> np.uint64(16)).astype(np.uint16)
        return self.population.born(self.library, self.pattern, shift)

    @cached_property
    def eighteenth(self) -> Column:
        """An early day on which the person is surely 18."""
        return self.born + 18 * 365 + 6

    @cached_property
    def place(self) -> npt.NDArray[np.uint16]:
        """16-bit place of the household."""
        return (draw(self.population.key("household"), self.household)).astype(np.uint16)

    def draw(self, stream: str, turn: int = 0) -> Draws:
        """A number for each row."""
        return draw(self.population.key(stream), self.rows * 8 + turn)

    def of(self, chosen: npt.NDArray[np.bool_]) -> Around:
        """The same of some of the rows."""
        part = Around.__new__(Around)
        part.population, part.institutions, part.library = self.population, self.institutions, self.library
        part.rows, part.pattern, part.age = self.rows[chosen], self.pattern[chosen], self.age[chosen]
        part.dead, part.measure = self.dead[chosen], self.measure[chosen]
        return part


def authorities(population: Population, institutions: Institutions, rows: Rows) -> Authorities:
    """Everything held over the people of these rows (each row at most once)."""
    from simulator.population import estates, mandates, measures, minors  # noqa: PLC0415 - they build on this module

    around = Around(population, institutions, rows)
    adult = around.age >= 18
    parts = minors.over(around.of(~adult))
    parts += measures.over(around.of(adult & (around.measure != NO_MEASURE)))
    parts += mandates.over(around.of(adult & (around.measure == NO_MEASURE)))
    parts += estates.over(around.of(adult & around.dead))
    return joined(parts)
