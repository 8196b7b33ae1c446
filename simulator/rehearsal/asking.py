"""Who asks what on a day of the rehearsal. Question k of a day is a function of the seed, the day and k."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final, Literal, NamedTuple, TypeVar

import numpy as np

from authority.codes import Sector
from simulator.population.draws import draw, key, shares
from simulator.population.institutions import SECTORS
from simulator.population.places import places
from simulator.population.truth import Held, Verdict
from simulator.rehearsal.happenings import Happenings, Kin, Ruling
from simulator.rehearsal.world import HOLDERS, Meant

Track = Literal[
    "parental_authority",
    "administration",
    "next_of_kin",
    "mandate",
    "provider",
    "self",
    "birth",
    "birthday",
    "stranger",
]
MIX: Final[dict[Track, float]] = {
    "parental_authority": 0.50,
    "mandate": 0.14,
    "administration": 0.10,
    "next_of_kin": 0.12,
    "provider": 0.04,
    "self": 0.04,
    "birth": 0.01,
    "birthday": 0.02,
    "stranger": 0.03,
}
"""Estimate; parents and next of kin often enough for their shares to be measured."""
_FOR_A_CHILD: Final[tuple[Sector, ...]] = ("GP", "HOSPITAL", "PHARMACY", "DENTAL", "OTHER", "INSURER")
_FOR_ONESELF: Final[tuple[Sector, ...]] = ("GP", "HOSPITAL", "TAX", "INSURER", "MUNICIPALITY")
_MEASURED: Final[tuple[Sector, ...]] = ("INSURER", "TAX", "BENEFITS")
_CARE: Final[tuple[Sector, ...]] = ("GP", "PHARMACY", "DENTAL", "HOSPITAL", "MENTAL_CARE", "NURSING_HOME")
_NEWBORN_DAYS: Final = 28
_BIRTHDAY_DAYS: Final = 14
_AGES: Final = (12, 16, 18)
"""At which the law changes for somebody."""
_YEAR_DAYS: Final = 365
_DRAWS: Final = 8

_Thing = TypeVar("_Thing")
_Changing = TypeVar("_Changing")
_Settled = TypeVar("_Settled")


class Posed(NamedTuple):
    """A question (facts.md chapter 4, without `at`: it is asked now) with two answers.

    `right` is as it is; `told` is what follows from what the registers had said by then.
    """

    track: Track
    question: dict[str, str]
    right: Verdict
    told: Verdict


class _Today(NamedTuple):
    """Whom somebody may ask about on a day. *Changing*: something is so that its register does not say yet."""

    children_changing: list[Ruling]
    children: list[int]
    kin_changing: list[Kin]
    kin: list[Kin]
    mandates: list[Held]
    newborn: list[int]
    birthdays: list[int]


class Asking:
    """Poses a day's questions."""

    def __init__(self, happenings: Happenings, seed: int) -> None:
        self.happenings, self.world, self.seed = happenings, happenings.world, seed
        world = self.world
        self._children = np.array([one.row for one in world.at_first if one.age < 18 and not one.dead], dtype=np.int64)
        self._grown_up = np.array([_birthday(int(world.born[row]), 18) for row in self._children])
        self._adults = [one.row for one in world.at_first if one.age >= 18 and not one.dead]
        self._measured = sorted(row for row in world.entries if any(o.kind == "BEWIND" for o in world.base[row]))
        self._birthdays = sorted(
            (_birthday(int(world.born[row]), age), int(row)) for row in self._children for age in _AGES
        )
        self._make: dict[Track, Callable[[int, _Today, list[float]], Meant | None]] = {
            "parental_authority": self._parent,
            "mandate": self._mandate,
            "administration": self._administrator,
            "next_of_kin": self._next_of_kin,
            "provider": self._provider,
            "self": self._self,
            "birth": self._birth,
            "birthday": self._birthday,
            "stranger": self._stranger,
        }

    def on(self, day: int, count: int) -> Iterator[Posed]:
        """`count` questions of a day. Where nobody fits what was drawn, a stranger asks."""
        counters = np.arange(count * _DRAWS, dtype=np.int64) + (day << 24)
        chances = shares(draw(key(self.seed, "rehearsal/asking"), counters)).reshape(count, _DRAWS)
        edges = np.cumsum(list(MIX.values()))
        today = self._today(day)
        for number, chance in enumerate(chances.tolist()):
            track = list(MIX)[min(int(np.searchsorted(edges, chance[0], side="right")), len(MIX) - 1)]
            meant = self._make[track](day, today, chance[1:])
            if meant is None:
                track, meant = "stranger", self._stranger(day, today, chance[1:])
            right, told = (self.world.verdict(meant, day, seen) for seen in ("happens", "shows"))
            yield Posed(track, self._question(f"{day}-{number}", meant), right, told)

    def _today(self, day: int) -> _Today:
        world, happenings = self.world, self.happenings
        minors = {row for row in self._children[self._grown_up > day].tolist() if not world.is_dead(row, day)}
        rulings = [one for one in happenings.rulings if one.happens <= day < one.shows and one.child in minors]
        recent = [one for one in happenings.kin if day - _YEAR_DAYS < one.happens <= day]
        recent = [one for one in recent if not world.is_dead(one.kin, day)]
        return _Today(
            children_changing=[one for one in rulings if not world.is_dead(one.asker, day)],
            children=sorted(minors - {one.child for one in rulings}),
            kin_changing=[one for one in recent if day < one.shows],
            kin=[one for one in recent if day >= one.shows],
            mandates=[one.held for one in happenings.mandates if one.requested <= day],
            newborn=[row for row, turn in world.births.items() if day - _NEWBORN_DAYS < turn.happens <= day],
            birthdays=[row for birthday, row in self._birthdays if abs(day - birthday) <= _BIRTHDAY_DAYS],
        )

    def _question(self, name: str, meant: Meant) -> dict[str, str]:
        institutions = self.world.institutions
        ids = self.world.population.pseudonyms.of(np.array([meant.asker, meant.represented]))
        provider = institutions.provider_ids[meant.provider]
        question = {
            "id": name,
            "representative": f"{int(ids[0]):016x}",
            "represented": f"{int(ids[1]):016x}",
            "provider": provider,
            "service": f"{provider}/{institutions.service_kinds(meant.provider)[meant.service].short}",
            "assurance": "SUBSTANTIAL",
        }
        if meant.organisation is not None:
            question["organisation"] = institutions.organisation_ids[meant.organisation]
        return question

    # who asks

    def _parent(self, day: int, today: _Today, chance: list[float]) -> Meant | None:
        """A parent for a child; of a family in change the one whose answers change."""
        chosen = self._one_of(today.children_changing, today.children, chance[0])
        if isinstance(chosen, Ruling):
            return self._at(chosen.asker, None, chosen.child, _FOR_A_CHILD, day, chance, live=True)
        if chosen is None:
            return None
        return self._holder(chosen, HOLDERS | {"PARENTAL_SOLE"}, _FOR_A_CHILD, day, chance)

    def _next_of_kin(self, day: int, today: _Today, chance: list[float]) -> Meant | None:
        chosen = self._one_of(today.kin_changing, today.kin, chance[0])
        return None if chosen is None else self._at(chosen.kin, None, chosen.died, ("TAX",), day, chance)

    def _one_of(self, changing: list[_Changing], settled: list[_Settled], chance: float) -> _Changing | _Settled | None:
        """One of them, those in change `reask` times as likely."""
        reask = self.happenings.year.run.knobs.reask
        place = chance * (reask * len(changing) + len(settled))
        if place < reask * len(changing):
            return changing[int(place / reask)]
        return settled[min(int(place - reask * len(changing)), len(settled) - 1)] if settled else None

    def _administrator(self, day: int, _: _Today, chance: list[float]) -> Meant | None:
        rows = [row for row in self._measured if not self.world.is_dead(row, day)]
        return self._holder(_of(rows, chance[0]), frozenset({"BEWIND"}), _MEASURED, day, chance) if rows else None

    def _mandate(self, _: int, today: _Today, chance: list[float]) -> Meant | None:
        """Whoever was given a mandate, or has asked for one, at the provider that it names."""
        if not today.mandates:
            return None
        held = _of(today.mandates, chance[0])
        asker = self._asker(held, chance[1])
        if asker is None:
            return None
        assert held.provider is not None
        assert held.services is not None
        names = self.world.institutions.service_ids(held.provider)
        service = names.index(_of(held.services, chance[2])) if chance[3] >= 0.1 else int(chance[4] * len(names))
        return Meant(asker[0], asker[1], held.represented, held.provider, service)

    def _provider(self, day: int, _: _Today, chance: list[float]) -> Meant | None:
        """Somebody's own provider of care, whatever its stage."""
        row = _of(self._adults, chance[0])
        return self._at(row, None, row, _CARE, day, chance)

    def _self(self, day: int, _: _Today, chance: list[float]) -> Meant | None:
        row = _of(self._measured if self._measured and chance[1] < 0.3 else self._adults, chance[0])
        return self._at(row, None, row, _FOR_ONESELF, day, chance, live=True)

    def _birth(self, day: int, today: _Today, chance: list[float]) -> Meant | None:
        if not today.newborn:
            return None
        return self._holder(_of(today.newborn, chance[0]), frozenset({"PARENTAL_JOINT"}), _FOR_A_CHILD, day, chance)

    def _birthday(self, day: int, today: _Today, chance: list[float]) -> Meant | None:
        """The parent of a child that has just become 12, 16 or 18, or is about to."""
        if not today.birthdays:
            return None
        return self._holder(_of(today.birthdays, chance[0]), HOLDERS | {"PARENTAL_SOLE"}, _FOR_A_CHILD, day, chance)

    def _stranger(self, day: int, _: _Today, chance: list[float]) -> Meant:
        asker, other = _of(self._adults, chance[0]), int(chance[1] * self.world.population.people)
        meant = self._at(asker, None, other, ("GP", "TAX", "INSURER"), day, chance)
        if asker != other:
            return meant
        return meant._replace(represented=(other + 1) % self.world.population.people)

    # at which provider

    def _holder(
        self, row: int, kinds: frozenset[str], sectors: Sequence[Sector], day: int, chance: list[float]
    ) -> Meant | None:
        """One of the living who truly hold something of these kinds over a row."""
        when = date.fromordinal(day)
        held = [one for one in self.world.held(row, day, "happens") if one.kind in kinds and one.in_force(when)]
        held = [one for one in held if one.representative is None or not self.world.is_dead(one.representative, day)]
        asker = self._asker(_of(held, chance[1]), chance[2]) if held else None
        return None if asker is None else self._at(asker[0], asker[1], row, sectors, day, chance, live=True)

    def _asker(self, held: Held, chance: float) -> tuple[int, int | None] | None:
        if held.representative is not None:
            return held.representative, None
        employees = [] if held.organisation is None else self.world.institutions.employees(held.organisation).tolist()
        return (_of(employees, chance), held.organisation) if employees else None

    def _at(
        self,
        asker: int,
        organisation: int | None,
        represented: int,
        sectors: Sequence[Sector],
        day: int,
        chance: list[float],
        *,
        live: bool = False,
    ) -> Meant:
        """At the represented's own provider of one of these sectors; `live`: at one that is connected."""
        population, institutions = self.world.population, self.world.institutions
        rows = np.array([self.world.mother_of(represented)], dtype=np.int64)
        place = population.place(rows, population.pattern_rows(rows))
        municipality = places().municipality.take(place)
        provider = int(institutions.nearest(SECTORS.index(_of(sectors, chance[5])), place, municipality)[0])
        if live and self.world.stages[provider].live > day:
            provider = int(institutions.nearest(SECTORS.index("INSURER"), place, municipality)[0])
        service = int(chance[6] * len(institutions.service_kinds(provider)))
        return Meant(asker, organisation, represented, provider, service)


def _of(things: Sequence[_Thing], chance: float) -> _Thing:
    return things[int(chance * len(things))]


def _birthday(born: int, years: int) -> int:
    """The day on which somebody becomes `years` old."""
    day = date.fromordinal(born)
    try:
        return day.replace(year=day.year + years).toordinal()
    except ValueError:
        # 29 February in a common year
        return date(day.year + years, 3, 1).toordinal()
