"""The world of a rehearsal: what is so on a day, and what the registers say of it by then.

Days are proleptic ordinals (`date.toordinal`); a question is asked at noon, what is told is told before.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Final, Literal, NamedTuple

import numpy as np

from simulator.population.institutions import Institutions
from simulator.population.population import BEWIND, BEWIND_AND_MENTORSCHAP, MENTORSCHAP, NO_MEASURE, Population
from simulator.population.truth import Asked, Held, Someone, Verdict, expected, someone, truth

Seen = Literal["happens", "shows"]
"""As it is, or as the registers say."""
NEVER: Final = date.max.toordinal()
LONG_SINCE: Final = 1
HOLDERS: Final = frozenset({"PARENTAL_JOINT", "SHARED_AUTHORITY", "GUARDIANSHIP"})
ENTERED_BY_CLERKS: Final = frozenset({"BEWIND", "MENTORSCHAP"})
"""What the register of administrators shows."""
_ENTERED: Final = (BEWIND, BEWIND_AND_MENTORSCHAP, MENTORSCHAP)
_MEASURE: Final[dict[frozenset[str], int]] = {
    frozenset(): NO_MEASURE,
    frozenset({"BEWIND"}): BEWIND,
    frozenset({"MENTORSCHAP"}): MENTORSCHAP,
    ENTERED_BY_CLERKS: BEWIND_AND_MENTORSCHAP,
}
_UNIX: Final = date(1970, 1, 1).toordinal()


class Change(NamedTuple):
    """A new version of what is held over somebody: so from `happens` on, in the register from `shows` on."""

    happens: int
    shows: int
    held: Held


class Turn(NamedTuple):
    """When something about a person is so, and when the register shows it."""

    happens: int
    shows: int


class Stages(NamedTuple):
    """A provider's life cycle: the days from which it is APPLIED, CONNECTED, LIVE."""

    applied: int
    connected: int
    live: int


class Meant(NamedTuple):
    """A question in the world's terms: rows, and numbers in `Institutions`."""

    asker: int
    organisation: int | None
    represented: int
    provider: int
    service: int


class World:
    """Filled by `happenings`; `verdict` is what it all amounts to on a day."""

    def __init__(self, population: Population) -> None:
        self.population, self.institutions = population, Institutions(population)
        rows = np.arange(population.people, dtype=np.int64)
        self.people = population.columns()
        self.born = self.people.birth.astype(np.int64) + _UNIX
        self.at_first = someone(population, rows)
        self.base = truth(population, rows, self.institutions)
        self.changes: dict[int, list[Change]] = defaultdict(list)
        self.deaths: dict[int, Turn] = {}
        self.births: dict[int, Turn] = {}
        self.entries: dict[int, int] = {}
        """The day on which the register of administrators shows the measure over a row."""
        self.stages: list[Stages] = []
        self.silent: frozenset[int] = frozenset()
        """Days at whose noon the registers have not been heard from for too long."""

    def mother_of(self, row: int) -> int:
        """The row whose household somebody lives in: one's own, or for who is born in the year the mother's."""
        return row - self.population.people if row >= self.population.people else row

    def held(self, row: int, day: int, seen: Seen) -> list[Held]:
        """What is held over a row, each in the version of that day."""
        entered = seen == "happens" or self.entries.get(row, LONG_SINCE) <= day
        base = self.base.get(row, [])
        found = {one.id: one for one in base if entered or one.kind not in ENTERED_BY_CLERKS}
        for change in self.changes.get(row, ()):
            if getattr(change, seen) <= day:
                found[change.held.id] = change.held
        return list(found.values())

    def age(self, row: int, day: int) -> int:
        """Whole years, in calendar days."""
        born = date.fromordinal(self.births[row].happens if row in self.births else int(self.born[row]))
        today = date.fromordinal(day)
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    def is_dead(self, row: int, day: int, seen: Seen = "happens") -> bool:
        """Whether somebody has died by then."""
        turn = self.deaths.get(row)
        if turn is not None:
            return getattr(turn, seen) <= day  # type: ignore[no-any-return]
        return row < self.population.people and self.at_first[row].dead

    def someone(self, row: int, day: int, seen: Seen) -> Someone:
        """What decides about a person on a day."""
        age = self.age(row, day)
        if row >= self.population.people:
            return Someone(row, age, NO_MEASURE, False, False)
        at_first = self.at_first[row]
        measure = at_first.measure
        if measure in _ENTERED:
            # some end in the year, some the register does not show yet
            when = date.fromordinal(day)
            measure = _MEASURE[
                frozenset(one.kind for one in self.held(row, day, seen) if one.in_force(when)) & ENTERED_BY_CLERKS
            ]
        dead = self.is_dead(row, day, seen)
        young = self.age(row, self.deaths[row].happens) < 16 if row in self.deaths else at_first.died_under_16
        return Someone(row, age, measure, dead, dead and young)

    def verdict(self, meant: Meant, day: int, seen: Seen) -> Verdict:
        """The answer at noon: the right one (`happens`), or the one that follows from what was told (`shows`)."""
        stages = self.stages[meant.provider]
        if day < stages.applied:
            return Verdict("DENY", "SERVICE_NOT_OFFERED")
        kind = self.institutions.service_kinds(meant.provider)[meant.service]
        held = self.held(meant.represented, day, seen)
        when = date.fromordinal(day)
        holders = {one.representative for one in held if one.kind in HOLDERS and one.in_force(when)}
        others = [row for row in holders if row is not None and row != meant.asker]
        asked = Asked(
            asker=self.someone(meant.asker, day, seen),
            organisation=meant.organisation,
            represented=self.someone(meant.represented, day, seen),
            service=kind,
            service_id=f"{self.institutions.provider_ids[meant.provider]}/{kind.short}",
            live=stages.live <= day,
            mandatable=bool(self.institutions.takes_mandates[meant.provider]),
            assurance="SUBSTANTIAL",
            alone=bool(others) and all(self.is_dead(row, day, seen) for row in others),
            silent=seen == "shows" and day in self.silent,
        )
        certified = meant.organisation is None or not self.institutions.certificate_lapsed(meant.organisation)
        return expected(asked, held, when, certified=certified)
