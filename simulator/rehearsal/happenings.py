"""What happens before and in the played year, each with the day on which it is so and the day on which it is told.

Rates and lags are the scenario's knobs, per head of the population. Each draw is keyed by what happens and to whom.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.population import figures
from simulator.population.draws import Rows, draw, key, shares
from simulator.population.institutions import SECTORS
from simulator.population.population import NO_MEASURE, NO_ROW
from simulator.population.streets import NOBODY, WOMAN, streets
from simulator.population.truth import Held
from simulator.registers import DAYS_PER_YEAR, lag_of
from simulator.rehearsal.world import (
    ENTERED_BY_CLERKS,
    LONG_SINCE,
    NEVER,
    Change,
    Stages,
    Turn,
    World,
)
from simulator.rehearsal.year import KIND_OF, Polls, Year, adoption, coverage, ordinal, stages_of
from simulator.timeline import to_day

Reals = NDArray[np.float64]

BIRTHS_A_YEAR: Final = 167_504
"""CBS, live births in 2022."""
BIRTH_TOLD_WITHIN: Final = 3
"""Days (BW 1:19e)."""
COUNTER_WAIT_MAX: Final = 60
"""Days."""


class Told(NamedTuple):
    """What a register says on a day: a fact's fields, those of an earlier version kept where they are not named."""

    day: int
    fact: str
    id: str
    values: dict[str, Any]


class Ruling(NamedTuple):
    """A ruling that moves authority over a child; `asker` is the parent whose answers it changes."""

    child: int
    asker: int
    happens: int
    shows: int


class Kin(NamedTuple):
    """Who may act for somebody who died, and from when the register says so."""

    died: int
    kin: int
    happens: int
    shows: int


class Mandate(NamedTuple):
    """A voluntary mandate, from the day on which it was asked for."""

    held: Held
    requested: int


class Happenings:
    """Everything of one rehearsal. `told` has what must be told, in no order."""

    def __init__(self, world: World, year: Year, seed: int) -> None:
        self.world, self.year, self.seed = world, year, seed
        self.polls = Polls(year)
        self.told: list[Told] = []
        self.rulings: list[Ruling] = []
        self.kin: list[Kin] = []
        self.mandates: list[Mandate] = []
        world.stages = stages_of(year.run, world.institutions)
        world.silent = self.polls.silent(year.days)
        self._mandates()  # they leave the base, so first
        self._deaths()
        self._next_of_kin()
        self._rulings()
        self._births()
        self._entries()
        self._providers()
        for changes in world.changes.values():
            changes.sort(key=lambda change: change.happens)

    def _share(self, what: str, rows: Rows | list[int]) -> Reals:
        return shares(draw(key(self.seed, f"rehearsal/{what}"), np.asarray(rows, dtype=np.int64)))

    def _when(self, what: str, rows: Rows | list[int], a_year: Reals | float, since: float) -> Reals:
        """The first day of a Poisson process for each row, as a fraction of days."""
        waits = -np.log1p(-self._share(what, rows)) * DAYS_PER_YEAR
        return np.asarray(since + waits / np.maximum(a_year, 1e-12))

    def _id(self, row: int) -> str:
        return f"{int(self.world.population.pseudonyms.of(np.array([row]))[0]):016x}"

    def _tell(self, day: int, fact: str, name: str, **values: Any) -> None:
        if day <= self.year.last:
            self.told.append(Told(day, fact, name, values))

    def _tell_new(self, held: Held, day: int) -> None:
        """An authority that no earlier version has."""
        assert held.representative is not None
        assert held.valid_from is not None
        self._tell(
            day,
            "authority",
            held.id,
            kind=held.kind,
            representative=self._id(held.representative),
            represented=self._id(held.represented),
            valid_from=held.valid_from.isoformat(),
        )

    # mandates

    def _mandates(self) -> None:
        """The population's mandates are what could be recorded; the scenario's adoption says when each is."""
        world, days = self.world, range(ordinal(self.year.run.plan.begin), self.year.last + 1)
        adopted, wait = adoption(self.year, days)
        pool = []
        for row, base in world.base.items():
            given = [one for one in base if one.kind == "VOLUNTARY_MANDATE"]
            # what is held over the dead comes from `_next_of_kin`
            world.base[row] = [one for one in base if one.kind not in ("VOLUNTARY_MANDATE", "NEXT_OF_KIN_MANDATE")]
            if not world.at_first[row].dead:
                pool += given
        numbers = [one.represented * 16 + int(one.id.rpartition("/")[2]) for one in pool]
        wish, online, quit_at = (self._share(f"mandate {what}", numbers) for what in ("wish", "online", "quit"))
        knobs = self.year.run.knobs
        counters = ordinal(to_day(knobs.counter_live))
        for one, wished, at_home, quits in zip(pool, wish, online, quit_at, strict=True):
            index = int(np.searchsorted(adopted, wished))
            if index >= len(days):
                continue
            active = days[index]
            skilled = world.people.skill[one.represented] >= 2
            requested = active
            if at_home >= (knobs.online_other if skilled else knobs.online_low_skill) and active > counters:
                requested = active - int(np.clip(round(wait[index]), 1, COUNTER_WAIT_MAX))
            withdrawn = active + 1 + int(-np.log1p(-quits) / max(knobs.withdrawals, 1e-9) * DAYS_PER_YEAR)
            # who is of age on the first day was not so when the programme began (facts.md 5.3, rule M)
            if world.age(one.represented, requested) >= 18:
                self._mandate(one, requested, active, withdrawn)

    def _mandate(self, one: Held, requested: int, active: int, withdrawn: int) -> None:
        begun = date.fromordinal(active)
        plain = one._replace(valid_from=begun, valid_until=None)
        self.mandates.append(Mandate(plain, requested))
        versions = [(active, plain._replace(status="ACTIVE")), (withdrawn, plain._replace(status="WITHDRAWN"))]
        if requested < active:
            versions.insert(0, (requested, plain._replace(status="REQUESTED")))
        for day, held in versions:
            self.world.changes[one.represented].append(Change(day, day, held))
            values = {"status": held.status, "valid_from": begun.isoformat(), "valid_until": None}
            self._tell(day, "authority", one.id, **values)

    # deaths and next of kin

    def _deaths(self) -> None:
        world = self.world
        living = np.array([one.row for one in world.at_first if not one.dead], dtype=np.int64)
        by_age = figures.deaths_by_age() / np.maximum(figures.living_by_age(), 1e-9)
        ages = np.array([world.at_first[row].age for row in living])
        rate = by_age[ages] * (self.year.run.knobs.deaths / figures.DEATHS_A_DAY)
        days = np.floor(self._when("death", living, rate, self.year.first)).astype(np.int64)
        for row, day in zip(living.tolist(), days.tolist(), strict=True):
            if day <= self.year.last:
                shows = self.polls.next(day + 1)
                world.deaths[row] = Turn(day, shows)
                self._tell(shows, "person", self._id(row), died=date.fromordinal(day).isoformat())

    def _next_of_kin(self) -> None:
        """Each adult who died has next of kin, whom the register names after `next_of_kin_lag` days in the mean."""
        world, population = self.world, self.world.population
        unix = date(1970, 1, 1).toordinal()
        gone = {one.row: unix + int(world.people.died[one.row]) for one in world.at_first if one.dead}
        gone |= {row: turn.happens for row, turn in world.deaths.items()}
        rows = np.array([row for row in sorted(gone) if world.at_first[row].age >= 18], dtype=np.int64)
        if not len(rows):
            return
        pattern = population.pattern_rows(rows)
        partner = population.relative(rows, streets().partner.take(pattern))
        other = population.fit_elsewhere(rows, pattern, "kin of")
        kin = np.where(population.fit(partner), partner, other)
        lags = 2.0 * self.year.run.knobs.next_of_kin_lag * self._share("kin", rows)
        for row, person, lag in zip(rows.tolist(), kin.tolist(), lags.tolist(), strict=True):
            if person < 0:
                continue
            died = gone[row]
            told = world.deaths[row].shows if row in world.deaths else died + 1
            shows = max(told, self.polls.next(round(died + lag)))
            held = _held(f"{self._id(row)}/20", "NEXT_OF_KIN_MANDATE", row, person, died)
            world.changes[row].append(Change(died, shows, held))
            self.kin.append(Kin(row, person, died, shows))
            self._tell_new(held, shows)

    # rulings

    def _rulings(self) -> None:
        """Courts move authority over children between their parents; the register shows it up to three months later.

        A child has one ruling in the time looked at.
        """
        world, knobs = self.world, self.year.run.knobs
        minors = [one.row for one in world.at_first if one.age < 18 and not one.dead]
        able = [(row, moved) for row in minors if (moved := self._moved(row)) is not None]
        if not able:
            return
        rows = [row for row, _ in able]
        rate = knobs.rulings / knobs.minors * len(minors) / len(rows)
        since = self.year.first - knobs.register_lag
        days = self._when("ruling", rows, rate, since)
        lags = lag_of(knobs, self._share("lag", rows))
        # a question falls at noon: these are the days of the first noon after the ruling, and after its lag
        begun, told = np.ceil(days - 0.5).astype(np.int64), np.ceil(days + lags - 0.5).astype(np.int64)
        for (row, (asker, ended, begins)), happens, nominal in zip(able, begun.tolist(), told.tolist(), strict=True):
            if happens > self.year.last:
                continue
            shows = self.polls.next(nominal)
            self.rulings.append(Ruling(row, asker, happens, shows))
            on = date.fromordinal(happens)
            for one in ended:
                closed = one._replace(valid_until=on)
                world.changes[row].append(Change(happens, shows, closed))
                self._tell(shows, "authority", one.id, valid_until=on.isoformat())
            for number, (kind, parent) in enumerate(begins):
                held = _held(f"{self._id(row)}/{30 + number}", kind, row, parent, happens)
                world.changes[row].append(Change(happens, shows, held))
                self._tell_new(held, shows)

    def _moved(self, child: int) -> tuple[int, list[Held], list[tuple[Any, int]]] | None:
        """(the parent whose answers change, what ends, what begins), or None where a court has nothing to move."""
        held = self.world.base[child]
        chance = float(self._share("which way", [child])[0])
        joint = [one for one in held if one.kind == "PARENTAL_JOINT" and one.representative is not None]
        if len(joint) == 2 and len(held) == 2:
            loser, winner = joint if chance < 0.5 else joint[::-1]
            assert loser.representative is not None
            assert winner.representative is not None
            return loser.representative, joint, [("PARENTAL_SOLE", winner.representative)]
        people = self.world.people
        parents = [int(row) for row in (people.parent_1[child], people.parent_2[child]) if row != NO_ROW]
        if len(held) != 1 or held[0].kind != "PARENTAL_SOLE" or len(parents) != 2:
            return None
        fit = self.world.population.fit_for_authority(np.array(parents, dtype=np.int64))
        if not fit.all() or held[0].representative not in parents:
            return None
        other = next(row for row in parents if row != held[0].representative)
        if chance < 0.5:
            return other, held, [("PARENTAL_SOLE", other)]
        return other, held, [("PARENTAL_JOINT", parents[0]), ("PARENTAL_JOINT", parents[1])]

    # births

    def _births(self) -> None:
        world, population = self.world, self.world.population
        ages = np.array([one.age for one in world.at_first])
        rows = np.flatnonzero((world.people.sex == WOMAN) & (ages >= 20) & (ages < 45))
        found = streets().partner.take(population.pattern_rows(rows))
        partner = population.relative(rows, found)
        able = (found != NOBODY) & population.fit_for_authority(rows) & population.fit_for_authority(partner)
        mothers, partners = rows[able], partner[able]
        if not len(mothers):
            return
        rate = BIRTHS_A_YEAR * population.people / figures.PEOPLE / len(mothers)
        days = np.floor(self._when("birth", mothers, rate, self.year.first)).astype(np.int64)
        waits = 1 + (self._share("told", mothers) * BIRTH_TOLD_WITHIN).astype(np.int64)
        for mother, other, day, wait in zip(mothers.tolist(), partners.tolist(), days.tolist(), waits, strict=True):
            if day > self.year.last or world.is_dead(mother, day) or world.is_dead(other, day):
                continue
            child, shows = population.people + mother, self.polls.next(day + int(wait))
            world.births[child] = Turn(day, shows)
            self._tell(shows, "person", self._id(child), born=date.fromordinal(day).isoformat())
            for number, parent in enumerate((mother, other)):
                held = _held(f"{self._id(child)}/{number}", "PARENTAL_JOINT", child, parent, day)
                world.changes[child].append(Change(day, shows, held))
                self._tell_new(held, shows)

    # registers and providers

    def _entries(self) -> None:
        """Clerks enter the measures into the register of administrators, once it is live."""
        world = self.world
        rows = [one.row for one in world.at_first if one.measure != NO_MEASURE and _measured(world.base[one.row])]
        days = range(self.year.first - 1, self.year.last + 1)
        covered = coverage(self.year, days)
        for row, share in zip(rows, self._share("entry", rows), strict=True):
            index = int(np.searchsorted(covered, share))
            day = LONG_SINCE if index == 0 else NEVER if index == len(days) else self.polls.next(days[index])
            world.entries[row] = day
            for one in _measured(world.base[row]) if day > LONG_SINCE else ():
                self._tell(day, "authority", one.id)

    def _providers(self) -> None:
        """Providers say themselves what has become of them, at once."""
        institutions = self.world.institutions
        for provider, stages in enumerate(self.world.stages):
            own = institutions.provider_ids[provider]
            if SECTORS[int(institutions.sector[provider])] not in KIND_OF:
                continue
            for day, status in _statuses(stages):
                if day >= self.year.first:
                    live = {"live_from": date.fromordinal(day).isoformat()} if status == "LIVE" else {}
                    self._tell(day, "provider", own, status=status, **live)
            if stages.applied >= self.year.first:
                for name in institutions.service_ids(provider):
                    self._tell(stages.applied, "service", name)


def _statuses(stages: Stages) -> Iterator[tuple[int, str]]:
    """The statuses that last: of several on one day the last."""
    if stages.applied < stages.connected:
        yield stages.applied, "APPLIED"
    if stages.connected < stages.live:
        yield stages.connected, "CONNECTED"
    yield stages.live, "LIVE"


def status_on(stages: Stages, day: int) -> str | None:
    """The status on a day; None: not applied yet."""
    return next((status for since, status in reversed(list(_statuses(stages))) if since <= day), None)


def _measured(held: list[Held]) -> list[Held]:
    return [one for one in held if one.kind in ENTERED_BY_CLERKS]


def _held(name: str, kind: Any, represented: int, representative: int, since: int) -> Held:
    return Held(
        id=name,
        kind=kind,
        represented=represented,
        representative=representative,
        organisation=None,
        provider=None,
        services=None,
        status="ACTIVE",
        ground=None,
        house_only=False,
        candidates=(),
        valid_from=date.fromordinal(since),
        valid_until=None,
    )
