"""Streets: 32 consecutive rows that hold whole households. What a street can look like is a library, built once.

The library has `PATTERNS` streets, packed from households whose composition and ages follow the published tables
exactly (`simulator.population.figures`); a street of the population takes one of them by a draw. So parents and
children lie in the same street, everything structural about a row is one table look-up, and any row can be made
without any other. The library is the same for every seed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.population import figures
from simulator.population.draws import draw, key, shares

STREET: Final = 32
PATTERNS: Final = 2_048
LONERS: Final = PATTERNS
"""One pattern more, of people who live alone: for a last street that the population's size cuts off."""
NOBODY: Final = 255

ONE_PERSON, COUPLE, COUPLE_WITH_CHILDREN, ONE_PARENT, INSTITUTION = range(5)
HOUSEHOLD_KINDS: Final = ("ONE_PERSON", "COUPLE", "COUPLE_WITH_CHILDREN", "ONE_PARENT", "INSTITUTION")
MAN, WOMAN = 0, 1

Bytes = npt.NDArray[np.uint8]
Ages = npt.NDArray[np.int64]


class Streets(NamedTuple):
    """The library, a row for each (pattern, position), flat: `pattern * STREET + position`.

    `age` in years; `phase` where in the year the birthday lies, in 256ths; positions within the street (NOBODY
    where there is none): `head` of the household, `partner`, legal parents `parent_1` (with whom a child lives) and
    `parent_2`, `name_of` from whom the surname comes. `helper` is (pattern, decade of age, 8 candidates): positions
    of adults of an age at which they could be a grown child of somebody of that decade, or else a friend.
    """

    age: Bytes
    phase: Bytes
    sex: Bytes
    head: Bytes
    partner: Bytes
    parent_1: Bytes
    parent_2: Bytes
    name_of: Bytes
    kind: Bytes
    helper: Bytes


class _Person:
    """Somebody of the library while it is built."""

    __slots__ = ("age", "name_of", "parent_1", "parent_2", "partner", "phase", "sex")

    def __init__(self, age: int, sex: int, phase: int) -> None:
        self.age, self.sex, self.phase = age, sex, phase
        self.partner: _Person | None = None
        self.parent_1: _Person | None = None
        self.parent_2: _Person | None = None
        self.name_of: _Person = self


class _Household(NamedTuple):
    kind: int
    people: list[_Person]


class _Chance:
    """Numbers from one stream, in order; single ones come from a store of 4,096."""

    def __init__(self, stream: str) -> None:
        self._stream, self._next = key(0, f"streets/{stream}"), 0
        self._store: list[float] = []

    def shares(self, count: int) -> npt.NDArray[np.float64]:
        counters = np.arange(self._next, self._next + count, dtype=np.int64)
        self._next += count
        return shares(draw(self._stream, counters))

    def share(self) -> float:
        if not self._store:
            self._store = self.shares(4_096).tolist()
        return self._store.pop()

    def below(self, limit: int) -> int:
        return int(self.share() * limit)

    def order(self, count: int) -> Ages:
        order: Ages = np.argsort(self.shares(count), kind="stable").astype(np.int64)
        return order

    def normals(self, count: int) -> npt.NDArray[np.float64]:
        """Standard normal, near enough: the sum of twelve uniforms less six."""
        total: npt.NDArray[np.float64] = self.shares(12 * count).reshape(count, 12).sum(axis=1) - 6
        return total

    def normal(self) -> float:
        return sum(self.share() for _ in range(12)) - 6


def rounded(exact: npt.NDArray[np.float64], total: int) -> Ages:
    """Whole numbers in proportion to `exact` that add up to `total`: largest remainders."""
    scaled = exact * (total / exact.sum())
    counts: Ages = np.floor(scaled).astype(np.int64)
    for index in np.argsort(counts - scaled, kind="stable")[: total - int(counts.sum())]:
        counts[index] += 1
    return counts


@cache
def streets() -> Streets:
    """The library; built on first use, in half a second."""
    rows = PATTERNS * STREET
    everybody = rounded(figures.living_by_age() + figures.deaths_by_age(), rows)
    scale = rows / (figures.PEOPLE * (1 + figures.DEATHS_PER_PERSON))
    units = list(_families(everybody, scale))
    return _laid_out(_packed(units))


def _families(everybody: Ages, scale: float) -> Iterator[list[_Household]]:
    """Households that use up `everybody` (a count for each age); those of parents living apart come together."""
    chance = _Chance("families")
    couples, alone = (
        {k: round(n * scale) for k, n in table.items()}
        for table in (figures.COUPLES_BY_CHILDREN, figures.ONE_PARENT_BY_CHILDREN)
    )
    wanted = {1: couples[1] + alone[1], 2: couples[2] + alone[2]}
    threes = couples[3] + alone[3]
    wanted |= {5: threes // 12, 4: threes // 5}
    wanted[3] = threes - wanted[4] - wanted[5]
    grown = rounded(figures.adult_children_by_age(), sum(k * n for k, n in wanted.items()) - int(everybody[:18].sum()))
    children = np.concatenate([everybody[:18], grown[18:]])
    residue = everybody - children
    teenage_mother = (16, 0)
    for age in teenage_mother:
        children[age] -= 1
    wanted[2] -= 1

    groups = _siblings(np.repeat(np.arange(len(children)), children), wanted, chance)
    with_one_parent = {size: round(len(found) * _one_parent_share(size)) for size, found in groups.items()}
    families: list[tuple[_Household, _Person | None]] = []
    wishes: list[tuple[int, _Person]] = []
    for size, found in groups.items():
        for number, ages in enumerate(found):
            families.append(_family(ages, number < with_one_parent[size], chance, wishes))
    families.append((_teenage_mother(teenage_mother, chance, wishes), None))
    _settle_ages(wishes, residue)

    singles, rest = _without_children(residue, scale, chance)
    yield from ([household] for household in rest)
    yield from _with_parents_apart(families, singles)


def _one_parent_share(size: int) -> float:
    size = min(size, 3)
    alone = figures.ONE_PARENT_BY_CHILDREN[size]
    return alone / (alone + figures.COUPLES_BY_CHILDREN[size])


def _siblings(pool: Ages, wanted: dict[int, int], chance: _Chance) -> dict[int, list[tuple[int, ...]]]:
    """The children's ages in groups of siblings: `wanted[k]` groups of k, which use up the pool exactly.

    The pool is cut at random into sub-pools; in a sorted one, siblings stand a fixed number of places apart, which
    is the gap in years between them.
    """
    pool = pool[chance.order(len(pool))]
    groups: dict[int, list[tuple[int, ...]]] = {}
    start = 0
    for size, count in sorted(wanted.items()):
        found: list[tuple[int, ...]] = []
        parts = 1 if size == 1 else max(1, count // 250)
        for part in range(parts):
            families = count // parts + (part < count % parts)
            mine = np.sort(pool[start : start + families * size])
            start += families * size
            found += _spaced(mine, size, chance)
        order = chance.order(len(found))
        groups[size] = [found[i] for i in order]
    assert start == len(pool)
    return groups


def _spaced(pool: Ages, size: int, chance: _Chance) -> Iterator[tuple[int, ...]]:
    if size == 1:
        yield from ((int(age),) for age in pool)
        return
    start = 0
    while start < len(pool):
        # now and then a pair of the same age: twins, one in a hundred families
        gap_years = (2, 2, 2, 3, 3, 3, 4, 5, 0, 0, 0)[chance.below(11 if size == 2 else 8)]
        apart = max(int(np.searchsorted(pool, pool[start] + gap_years)) - start, 1)
        apart = min(apart, (len(pool) - start) // size)
        # among the few grown children the same number of places is many years
        while apart > 1 and pool[start + apart * size - 1] - pool[start] > 2 * size * max(gap_years, 1):
            apart //= 2
        for first in range(start, start + apart):
            yield tuple(int(pool[first + i * apart]) for i in range(size))
        start += apart * size


def _children(ages: tuple[int, ...], chance: _Chance) -> list[_Person]:
    """Siblings, youngest first. Same age is twins; a year apart keeps their birthdays ten months from each other.

    The household's birthdays move through the year together, so an elder by one year must have its birthday shortly
    before the younger's: then the gap is 0.8 years or more wherever the year is cut.
    """
    people: list[_Person] = []
    phase = chance.below(256)
    for index, age in enumerate(ages):
        if index:
            gap = age - ages[index - 1]
            phase = phase if gap == 0 else (phase - chance.below(52)) % 256 if gap == 1 else chance.below(256)
        people.append(_Person(age, chance.below(2), phase))
    return people


def _family(
    ages: tuple[int, ...], one_parent: bool, chance: _Chance, wishes: list[tuple[int, _Person]]
) -> tuple[_Household, _Person | None]:
    """A family; beside it the parent whose former partner is to be found elsewhere, where there is one."""
    children = _children(ages, chance)
    youngest, oldest = ages[0], ages[-1]
    at_first_birth = min(max(29.5 + 4.5 * chance.normal(), 19), 41)
    mothers_age = max(oldest + 19, min(oldest + round(at_first_birth), youngest + 46))
    mother = _Person(0, WOMAN, chance.below(256))
    wishes.append((mothers_age, mother))
    if one_parent:
        if chance.share() < 0.16:
            mother.sex = MAN
        for child in children:
            child.parent_1 = child.name_of = mother
        return _Household(ONE_PARENT, [mother, *children]), mother if chance.share() < 0.8 else None
    other = _Person(0, WOMAN if chance.share() < 0.015 else MAN, chance.below(256))
    wishes.append((max(oldest + 19, mothers_age + round(2.5 + 3 * chance.normal())), other))
    mother.partner, other.partner = other, mother
    of_mother_alone = chance.share() < 0.06
    bears_name = mother if of_mother_alone or chance.share() < 0.15 else other
    for child in children:
        child.parent_1, child.parent_2 = mother, None if of_mother_alone else other
        child.name_of = bears_name
    return _Household(COUPLE_WITH_CHILDREN, [mother, other, *children]), None


def _teenage_mother(ages: tuple[int, int], chance: _Chance, wishes: list[tuple[int, _Person]]) -> _Household:
    """A mother of 16 with her child, at her parents' (BW 1:246: a minor holds no authority)."""
    mother, child = (_Person(age, WOMAN, chance.below(256)) for age in ages)
    grandmother, grandfather = _Person(0, WOMAN, chance.below(256)), _Person(0, MAN, chance.below(256))
    wishes += [(44, grandmother), (47, grandfather)]
    grandmother.partner, grandfather.partner = grandfather, grandmother
    mother.parent_1, mother.parent_2, mother.name_of = grandmother, grandfather, grandfather
    child.parent_1, child.name_of = mother, grandfather
    return _Household(COUPLE_WITH_CHILDREN, [grandmother, grandfather, mother, child])


def _settle_ages(wishes: list[tuple[int, _Person]], residue: Ages) -> None:
    """Parents take their ages from who is left; where too few are, they are a little older, never younger."""
    wishes.sort(key=lambda wish: wish[0])
    age = 0
    for wish, person in wishes:
        age = max(age, wish)
        # a tenth of every age stays for people without children at home
        while (
            residue[age] <= 0 or residue[age] * 10 <= figures.living_by_age()[age] * PATTERNS * STREET / figures.PEOPLE
        ):
            age += 1
        person.age = age
        residue[age] -= 1


def _without_children(residue: Ages, scale: float, chance: _Chance) -> tuple[list[_Household], list[_Household]]:
    """Everybody who is left: those who live alone; and couples and people in institutions."""
    ages = np.repeat(np.arange(len(residue)), residue)
    institution = np.where(ages >= 80, 1.0, np.where(ages >= 65, 0.08, 0.01))
    alone = np.select([ages < 26, ages < 41, ages < 65, ages < 80], [0.75, 0.5, 0.35, 0.38], 0.62)
    taken = _weighted_first(institution, round(figures.IN_INSTITUTIONS * scale), chance)
    rest = [_alone(INSTITUTION, age, chance) for age in ages[taken].tolist()]
    ages, alone = np.delete(ages, taken), np.delete(alone, taken)
    couples = round(figures.HOUSEHOLDS_WITHOUT_CHILDREN * scale)
    lone = _weighted_first(alone, round(figures.ONE_PERSON_HOUSEHOLDS * scale), chance)
    singles = [_alone(ONE_PERSON, age, chance) for age in ages[lone].tolist()]
    together = np.delete(ages, lone)
    order = chance.order(len(together))
    others, together = together[order[2 * couples :]].tolist(), together[order[: 2 * couples]]
    together = together[np.argsort(together + 2.5 * chance.normals(len(together)), kind="stable")]
    for one, two in together.reshape(-1, 2):
        same = chance.share() < 0.02
        sex = chance.below(2)
        first = _Person(int(one), sex, chance.below(256))
        second = _Person(int(two), sex if same else 1 - sex, chance.below(256))
        first.partner, second.partner = second, first
        household = _Household(COUPLE, [first, second])
        if others and chance.share() < 0.12:
            # who is neither partner nor child: a grandparent, a lodger
            household.people.extend(_alone(ONE_PERSON, others.pop(), chance).people)
        rest.append(household)
    singles += [_alone(ONE_PERSON, age, chance) for age in others]
    return singles, rest


def _alone(kind: int, age: int, chance: _Chance) -> _Household:
    """A household of one. Women outlive men: seven in ten of the oldest (estimate)."""
    women = 0.5 if age < 65 else 0.6 if age < 80 else 0.7
    return _Household(kind, [_Person(age, WOMAN if chance.share() < women else MAN, chance.below(256))])


def _weighted_first(weights: npt.NDArray[np.float64], count: int, chance: _Chance) -> Ages:
    """Indices of `count` drawn without replacement, in proportion to weights (Efraimidis and Spirakis, 2006)."""
    keys = np.log(np.maximum(chance.shares(len(weights)), 1e-300)) / weights
    return np.argsort(-keys, kind="stable")[:count].astype(np.int64)


def _with_parents_apart(
    families: list[tuple[_Household, _Person | None]], singles: list[_Household]
) -> Iterator[list[_Household]]:
    """Families; where a former partner is looked for, somebody alone of the other sex and of fitting age."""
    free: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for index, household in enumerate(singles):
        free[household.people[0].sex].append((household.people[0].age, index))
    for found in free.values():
        found.sort()
    taken: set[int] = set()
    for family, parent in families:
        unit = [family]
        if parent is not None:
            candidates = free[1 - parent.sex]
            place = bisect_left(candidates, (parent.age, -1))
            if place < len(candidates) and candidates[place][0] - parent.age <= 12:
                index = candidates.pop(place)[1]
                taken.add(index)
                former = singles[index].people[0]
                for child in family.people[1:]:
                    child.parent_2 = former
                    if former.sex == MAN:
                        child.name_of = former
                unit.append(singles[index])
        yield unit
    yield from ([household] for index, household in enumerate(singles) if index not in taken)


def _packed(units: list[list[_Household]]) -> list[list[_Household]]:
    """Units into streets of exactly STREET people: larger ones in a random order round the streets, then the loners."""
    chance = _Chance("packing")
    sizes = [sum(len(household.people) for household in unit) for unit in units]
    filled: list[list[_Household]] = [[] for _ in range(PATTERNS)]
    room = [STREET] * PATTERNS
    order = [int(i) for i in chance.order(len(units))]
    order.sort(key=lambda i: sizes[i] == 1)
    at = 0
    for index in order:
        while room[at] < sizes[index]:
            at = (at + 1) % PATTERNS
        filled[at] += units[index]
        room[at] -= sizes[index]
        at = (at + 1) % PATTERNS
    assert not any(room)
    return [[street[i] for i in chance.order(len(street))] for street in filled]


def _laid_out(packed: list[list[_Household]]) -> Streets:
    chance = _Chance("loners")
    loners = [_Household(ONE_PERSON, [_Person(30 + i, chance.below(2), chance.below(256))]) for i in range(STREET)]
    columns: dict[str, list[int]] = {name: [] for name in Streets._fields if name != "helper"}
    for street in [*packed, loners]:
        position: dict[int, int] = {}
        for household in street:
            for person in household.people:
                position[id(person)] = len(position)
        at = 0
        for household in street:
            head = at
            for person in household.people:
                columns["age"].append(person.age)
                columns["phase"].append(person.phase)
                columns["sex"].append(person.sex)
                columns["head"].append(head)
                columns["kind"].append(household.kind)
                columns["name_of"].append(position[id(person.name_of)])
                for name, other in (
                    ("partner", person.partner),
                    ("parent_1", person.parent_1),
                    ("parent_2", person.parent_2),
                ):
                    columns[name].append(NOBODY if other is None else position[id(other)])
                at += 1
    arrays = {name: np.array(values, dtype=np.uint8) for name, values in columns.items()}
    return Streets(**arrays, helper=_helpers(arrays["age"].reshape(-1, STREET)))


def _helpers(age: Bytes) -> Bytes:
    """For each pattern and decade of the one helped: positions of people who could be his grown child, or a friend."""
    helpers = np.zeros((len(age), 11, 8), dtype=np.uint8)
    for decade in range(11):
        middle = decade * 10 + 5
        wish = middle - 30 if decade >= 5 else max(middle, 32)
        # nearest to the wished age, never under 24
        distance = np.where(age >= 24, np.abs(age.astype(np.int64) - wish), 1_000)
        helpers[:, decade, :] = np.argsort(distance, axis=1, kind="stable")[:, :8]
    return helpers
