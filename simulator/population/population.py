"""The population: people as columns, each row a function of (seed, size, as_of, row) and of no other row.

A row's street takes a pattern from the library (`simulator.population.streets`); the row's own draws and its
household's add what the pattern leaves open. `people` makes any rows, in any order; `columns` a whole range.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.population import figures
from simulator.population.draws import Draws, Pseudonyms, Rows, below, draw, halves, key, words
from simulator.population.names import names
from simulator.population.places import places
from simulator.population.streets import INSTITUTION, LONERS, NOBODY, PATTERNS, STREET, WOMAN, Streets, streets

AS_OF: Final = date(2026, 1, 1)
"""The day on which the population is looked at, unless another is asked for: nothing here reads a clock."""
PEOPLE_MIN: Final = 1_000
PEOPLE_MAX: Final = 100_000_000
CHUNK: Final = 16_384
"""Rows worked on at once: what fits the processor's cache is three times as fast."""

NO_DATE: Final = np.iinfo(np.int32).min
NO_ROW: Final = np.iinfo(np.uint32).max

NO_MEASURE, BEWIND, BEWIND_AND_MENTORSCHAP, MENTORSCHAP, CURATELE = range(5)
"""Protection of an adult (BW 1:378, 1:431, 1:450). Curatele replaces the others."""

DECEASED, BIRTHDAY_UNKNOWN, UNDER_BEWIND, UNDER_MENTORSCHAP, UNDER_CURATELE, IN_INSTITUTION = (1 << i for i in range(6))
"""Bits of the column `flags`."""
FLAGS: Final = (
    "DECEASED",
    "BIRTHDAY_UNKNOWN",
    "UNDER_BEWIND",
    "UNDER_MENTORSCHAP",
    "UNDER_CURATELE",
    "IN_INSTITUTION",
)
_FLAGS_OF_MEASURE: Final = np.array(
    [0, UNDER_BEWIND, UNDER_BEWIND | UNDER_MENTORSCHAP, UNDER_MENTORSCHAP, UNDER_CURATELE], dtype=np.uint8
)
SKILLS: Final = ("NONE", "LOW", "BASIC", "SKILLED")
"""Digital skill; NONE and LOW are those not digitally skilled."""
_BIRTHDAY_UNKNOWN_IN_65536: Final = 328
"""Half a percent of those over 30, mostly born abroad. Estimate."""
_BIRTHDAY_UNKNOWN_FROM: Final = 30

_BANDS: Final = ((18, 65), (65, 80), (80, figures.OLDEST + 1))
_BEWIND_BY_BAND: Final = (0.75, 0.15, 0.10)
_MENTORSCHAP_BY_BAND: Final = (0.45, 0.20, 0.35)
"""Shares of the measures by age. Estimates."""
_MENTORSCHAP_WITH_BEWIND: Final = 0.5
"""Estimate."""
_UNSKILLED_65, _UNSKILLED_80 = 0.30, 0.62
"""Shares of the older who are not digitally skilled. Estimates; the younger make up the published number."""


class People(NamedTuple):
    """Columns; dates are days since 1970-01-01, NO_DATE where there is none, references are rows or NO_ROW.

    `sex` 0 man, 1 woman. `household` is the row of its first member. `parent_1` and `parent_2` are legal parents,
    the first one lives with the child; whether they hold authority is another matter. `skill` indexes SKILLS,
    `flags` has the bits of FLAGS, the codes of names index `simulator.population.names.names()`.
    """

    id: Draws
    sex: npt.NDArray[np.uint8]
    birth: npt.NDArray[np.int32]
    died: npt.NDArray[np.int32]
    first: npt.NDArray[np.uint16]
    last: npt.NDArray[np.uint16]
    prefix: npt.NDArray[np.uint8]
    pc4: npt.NDArray[np.uint16]
    municipality: npt.NDArray[np.uint16]
    household: npt.NDArray[np.uint32]
    parent_1: npt.NDArray[np.uint32]
    parent_2: npt.NDArray[np.uint32]
    skill: npt.NDArray[np.uint8]
    flags: npt.NDArray[np.uint8]


_TYPES: Final[dict[str, type[np.generic]]] = {
    "id": np.uint64,
    "sex": np.uint8,
    "birth": np.int32,
    "died": np.int32,
    "first": np.uint16,
    "last": np.uint16,
    "prefix": np.uint8,
    "pc4": np.uint16,
    "municipality": np.uint16,
    "household": np.uint32,
    "parent_1": np.uint32,
    "parent_2": np.uint32,
    "skill": np.uint8,
    "flags": np.uint8,
}


def days(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _probability_in_2_32(exact: npt.NDArray[np.float64]) -> npt.NDArray[np.uint32]:
    return np.minimum(np.round(exact * 2.0**32), 2**32 - 1).astype(np.uint32)


@dataclass(frozen=True)
class Population:
    """`people` rows under a seed, as on the day `as_of`. Raises ValueError for a size out of range."""

    people: int
    seed: int
    as_of: date = AS_OF

    def __post_init__(self) -> None:
        if not PEOPLE_MIN <= self.people <= PEOPLE_MAX:
            raise ValueError(f"people: found {self.people}, expected {PEOPLE_MIN} to {PEOPLE_MAX}")
        if not date(1970, 1, 1) <= self.as_of <= date(2200, 1, 1):
            raise ValueError(f"as_of: found {self.as_of}, expected 1970-01-01 to 2200-01-01")

    # what is worked out once

    @cached_property
    def pseudonyms(self) -> Pseudonyms:
        """Row to pseudonym and back."""
        return Pseudonyms(self.seed)

    @cached_property
    def whole_streets(self) -> int:
        """Streets that the size does not cut off."""
        return self.people // STREET

    @cached_property
    def today(self) -> int:
        """`as_of` in days since 1970-01-01."""
        return days(self.as_of)

    @cached_property
    def _keys(self) -> dict[str, np.uint64]:
        return {}

    def key(self, stream: str) -> np.uint64:
        """The key of a named stream of this population."""
        found = self._keys.get(stream)
        if found is None:
            found = self._keys[stream] = key(self.seed, stream)
        return found

    @cached_property
    def _turned(self) -> npt.NDArray[np.int64]:
        """By age: the last day on which somebody of that age can be born."""

        def years_ago(years: int) -> int:
            year = self.as_of.year - years
            try:
                return days(self.as_of.replace(year=year))
            except ValueError:
                # 29 February: who was born on the 28th has had his birthday, who was born on 1 March has not
                return days(date(year, 2, 28))

        return np.array([years_ago(age) for age in range(figures.OLDEST + 2)], dtype=np.int64)

    @cached_property
    def _year_length(self) -> npt.NDArray[np.int64]:
        return self._turned[:-1] - self._turned[1:]

    @cached_property
    def _death(self) -> npt.NDArray[np.uint32]:
        living, died = figures.living_by_age(), figures.deaths_by_age()
        return _probability_in_2_32(died / np.maximum(living + died, 1e-9))

    @cached_property
    def _measure(self) -> npt.NDArray[np.uint32]:
        """By measure and age: cumulative probabilities of CURATELE, BEWIND_AND_MENTORSCHAP, MENTORSCHAP, BEWIND."""
        exact = np.zeros((5, figures.OLDEST + 1))
        for (first, last), bewind, mentorschap in zip(_BANDS, _BEWIND_BY_BAND, _MENTORSCHAP_BY_BAND, strict=True):
            people = figures.living_by_age()[first:last].sum()
            mentors = figures.UNDER_MENTORSCHAP * mentorschap
            both = mentors * _MENTORSCHAP_WITH_BEWIND
            exact[CURATELE, first:last] = figures.UNDER_CURATELE * bewind / people
            exact[BEWIND_AND_MENTORSCHAP, first:last] = both / people
            exact[MENTORSCHAP, first:last] = (mentors - both) / people
            exact[BEWIND, first:last] = (figures.UNDER_BEWIND * bewind - both) / people
        return _probability_in_2_32(np.cumsum(exact, axis=0))

    @cached_property
    def _skill(self) -> npt.NDArray[np.uint8]:
        """By age and a 10-bit number: digital skill."""
        living = figures.living_by_age()
        older = _UNSKILLED_65 * living[65:80].sum() + _UNSKILLED_80 * living[80:].sum()
        unskilled = np.zeros(figures.OLDEST + 1)
        unskilled[18:65] = (figures.NOT_DIGITALLY_SKILLED - older) / living[18:65].sum()
        unskilled[65:80], unskilled[80:] = _UNSKILLED_65, _UNSKILLED_80
        none = unskilled * (figures.WITHOUT_INTERNET * figures.PEOPLE / figures.NOT_DIGITALLY_SKILLED)
        number = (np.arange(1_024) + 0.5) / 1_024
        basic = unskilled + 0.35 * (1 - unskilled)
        table: npt.NDArray[np.uint8] = (
            (number >= none[:, None]).astype(np.uint8) + (number >= unskilled[:, None]) + (number >= basic[:, None])
        ).astype(np.uint8)
        return table.ravel()

    # rows

    def pattern_rows(self, rows: Rows) -> Rows:
        """Where in the library each row's person stands."""
        pattern = (draw(self.key("street"), rows >> 5) & np.uint64(PATTERNS - 1)).astype(np.int64)
        if len(rows) and int(rows.max()) >= self.whole_streets * STREET:
            pattern[rows >= self.whole_streets * STREET] = LONERS
        pattern <<= 5
        pattern |= rows & (STREET - 1)
        return pattern

    def relative(self, rows: Rows, positions: npt.NDArray[np.uint8]) -> Rows:
        """Rows of people at positions in the same streets; -1 where there is nobody."""
        found = (rows & ~(STREET - 1)) + positions
        found[positions == NOBODY] = -1
        return found

    def dead_and_measure(
        self, rows: Rows, age: npt.NDArray[np.uint8]
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.uint8]]:
        """Who died in the last year, and under which measure the living are."""
        chance = halves(draw(self.key("vital"), rows))
        dead = chance[:, 0] < self._death.take(age)
        measure = np.zeros(len(rows), dtype=np.uint8)
        under = np.flatnonzero((chance[:, 1] < self._measure[-1].take(age)) & ~dead)
        if len(under):
            measure[under] = (chance[under, 1] >= self._measure[:, age[under]]).sum(axis=0)
        return dead, measure

    def fit(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Rows (not -1) of living adults under no measure: who may hold an office (BW 1:383, 1:435, 1:452)."""
        living, measure = self._living_adults(rows)
        return np.asarray(living & (measure == NO_MEASURE))

    def fit_for_authority(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Rows (not -1) of living adults not under curatele: bewind and mentorschap leave parents theirs (BW 1:246)."""
        living, measure = self._living_adults(rows)
        return np.asarray(living & (measure != CURATELE))

    def _living_adults(self, rows: Rows) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.uint8]]:
        known = np.maximum(rows, 0)
        age = streets().age.take(self.pattern_rows(known))
        dead, measure = self.dead_and_measure(known, age)
        return (rows >= 0) & (age >= 18) & ~dead, measure

    def skill(self, rows: Rows, age: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Digital skill: an index in SKILLS."""
        return self._skill_of(age, words(draw(self.key("person"), rows))[:, 1])

    def _skill_of(self, age: npt.NDArray[np.uint8], number: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint8]:
        return self._skill.take((age.astype(np.int64) << 10) + (number >> 6))

    def died(self, rows: Rows) -> npt.NDArray[np.int64]:
        """The day of death of rows that are dead: within the year before `as_of`."""
        return self.today - 1 - below(draw(self.key("died"), rows), 364)

    def born(self, library: Streets, pattern: Rows, shift: npt.NDArray[np.uint16]) -> npt.NDArray[np.int64]:
        """Birth days: the age and phase of the pattern, the year cut where the household's draw says."""
        age = library.age.take(pattern)
        part = ((library.phase.take(pattern).astype(np.int64) << 8) + shift) & 0xFFFF
        born: npt.NDArray[np.int64] = self._turned.take(age) - ((part * self._year_length.take(age)) >> 16)
        return born

    def place(self, rows: Rows, pattern: Rows) -> npt.NDArray[np.uint16]:
        """The 16-bit place of each row's household."""
        household = (rows & ~(STREET - 1)) + streets().head.take(pattern)
        return words(draw(self.key("household"), household))[:, 0]

    def elsewhere(self, rows: Rows, pattern: Rows, stream: str, turn: int) -> Rows:
        """An adult of another street for each row, of an age to be its grown child or else a friend."""
        chance = draw(self.key(stream), rows * 8 + turn)
        street = below(chance, self.whole_streets - 1)
        own = rows >> 5
        # any street but one's own: those from one's own on stand one further
        street += street >= own
        target = (draw(self.key("street"), street) & np.uint64(PATTERNS - 1)).astype(np.int64)
        decade = np.minimum(streets().age.take(pattern) // 10, 10)
        position = streets().helper[target, decade, (chance & np.uint64(7)).astype(np.int64)]
        return street * STREET + position

    def fit_elsewhere(self, rows: Rows, pattern: Rows, stream: str) -> Rows:
        """The first of three adults of other streets who may hold an office; -1 where none of them may."""
        found = self.elsewhere(rows, pattern, stream, 0)
        for turn in (1, 2, 3):
            unfit = np.flatnonzero(~self.fit(found))
            if not len(unfit):
                break
            found[unfit] = -1 if turn == 3 else self.elsewhere(rows[unfit], pattern[unfit], stream, turn)
        return found

    def at(self, rows: Rows) -> People:
        """Columns for these rows, in this order."""
        library = streets()
        lists, lands = names(), places()
        pattern = self.pattern_rows(rows)
        street = rows & ~(STREET - 1)
        age = library.age.take(pattern)
        sex = library.sex.take(pattern)
        dead, measure = self.dead_and_measure(rows, age)
        household = street + library.head.take(pattern)
        of_household = words(draw(self.key("household"), household))
        own = words(draw(self.key("person"), rows))
        surname = words(draw(self.key("surname"), street + library.name_of.take(pattern)))[:, 0]
        last = lists.last_codes.take(surname)
        men, women = lists.first_codes
        first = np.where(sex == WOMAN, women.take(own[:, 0]), men.take(own[:, 0]))
        flags = _FLAGS_OF_MEASURE.take(measure)
        flags |= dead
        unknown = (own[:, 2] < _BIRTHDAY_UNKNOWN_IN_65536) & (age >= _BIRTHDAY_UNKNOWN_FROM)
        flags |= unknown.view(np.uint8) * np.uint8(BIRTHDAY_UNKNOWN)
        flags |= (library.kind.take(pattern) == INSTITUTION).view(np.uint8) * np.uint8(IN_INSTITUTION)
        died = np.full(len(rows), NO_DATE, dtype=np.int32)
        gone = np.flatnonzero(dead)
        died[gone] = self.died(rows[gone])
        return People(
            id=self.pseudonyms.of(rows),
            sex=sex,
            birth=self.born(library, pattern, of_household[:, 1]).astype(np.int32),
            died=died,
            first=first,
            last=last,
            prefix=lists.prefix_of.take(last),
            pc4=lands.postcode.take(of_household[:, 0]),
            municipality=lands.municipality.take(of_household[:, 0]),
            household=household.astype(np.uint32),
            parent_1=_references(street, library.parent_1.take(pattern)),
            parent_2=_references(street, library.parent_2.take(pattern)),
            skill=self._skill_of(age, own[:, 1]),
            flags=flags,
        )

    def columns(self, start: int = 0, stop: int | None = None) -> People:
        """Columns for the rows from `start` up to `stop` (default: all)."""
        stop = self.people if stop is None else min(stop, self.people)
        made = People(*(np.empty(max(stop - start, 0), dtype=kind) for kind in _TYPES.values()))
        for rows in chunks(start, stop):
            at = int(rows[0]) - start
            part = self.at(rows)
            for name in _TYPES:
                getattr(made, name)[at : at + len(rows)] = getattr(part, name)
        return made


def _references(street: Rows, positions: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    found = (street + positions).astype(np.uint32)
    found[positions == NOBODY] = NO_ROW
    return found


def chunks(start: int, stop: int, size: int = CHUNK) -> Iterator[Rows]:
    """The rows from `start` up to `stop` in pieces."""
    for first in range(start, stop, size):
        yield np.arange(first, min(first + size, stop), dtype=np.int64)
