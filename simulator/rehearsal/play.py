"""A rehearsal day by day: what is known at first, and on each day what is told in the morning and asked at noon."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final, NamedTuple

from authority.moments import AMSTERDAM
from authority.registers import TABLE
from simulator.events.engine import simulate
from simulator.knobs import Knobs
from simulator.population.institutions import SECTORS
from simulator.population.lines import Lines
from simulator.population.population import Population, chunks
from simulator.rehearsal.asking import Asking, Posed
from simulator.rehearsal.happenings import Happenings, Told, status_on
from simulator.rehearsal.world import ENTERED_BY_CLERKS, World
from simulator.rehearsal.year import KIND_OF, Year, default_begin, ordinal

Fact = dict[str, Any]

MAX_SILENCE: Final = "P2D"
_TOLD_AT: Final = time(9)
_ASKED_AT: Final = time(12)
_LATER_KINDS: Final = frozenset({"VOLUNTARY_MANDATE", "NEXT_OF_KIN_MANDATE"})


class Day(NamedTuple):
    """What is told at `told_at`, without `recorded_at`: it is recorded then. And what is asked at `asked_at`."""

    day: date
    told_at: datetime
    facts: list[Fact]
    asked_at: datetime
    questions: list[Posed]


class Rehearsal:
    """`facts` first, all of them; then `days`, in order."""

    def __init__(
        self,
        knobs: Knobs,
        people: int,
        *,
        seed: int = 1,
        begin: date | None = None,
        weeks: int = 52,
        questions: int = 20_000,
        replication: int = 0,
    ) -> None:
        """Raises ValueError for too few people, or days outside the scenario's."""
        run = simulate(knobs, replication)
        self.begin = begin or default_begin(run)
        first = self.begin.toordinal()
        self.year = Year(run, first, first + 7 * weeks - 1)
        start, end = ordinal(run.plan.begin), ordinal(run.plan.end)
        if not (start <= first and self.year.last <= end):
            found = f"{self.begin} to {date.fromordinal(self.year.last)}"
            scenario = f"{date.fromordinal(start)} to {date.fromordinal(end)}"
            raise ValueError(f"the days to play: found {found}, expected days of the scenario, {scenario}")
        self.population = Population(people, seed, self.begin)
        self.world = World(self.population)
        self.happenings = Happenings(self.world, self.year, seed)
        self.asking = Asking(self.happenings, seed)
        self._questions = questions
        self._told: dict[int, list[Told]] = defaultdict(list)
        for told in self.happenings.told:
            self._told[told.day].append(told)
        self._newest: dict[tuple[str, str], Fact] = {}
        """The version that was told last, of what will be told again."""
        self._again = {(told.fact, told.id) for told in self.happenings.told} | {("register", name) for name in TABLE}

    def facts(self) -> Iterator[Fact]:
        """All that is known before the first morning, each with the instant at which it was recorded."""
        long_since = _instant(date(1990, 1, 1), _TOLD_AT).isoformat()
        for fact in self._lines():
            yield fact | {"recorded_at": long_since}
        for day in sorted(day for day in self._told if day < self.year.first):
            for told in self._told[day]:
                yield self._version(told) | {"recorded_at": _instant(date.fromordinal(day), _TOLD_AT).isoformat()}

    @property
    def first_morning(self) -> datetime:
        """When the first day's facts are told."""
        return _instant(self.begin, _TOLD_AT)

    def days(self) -> Iterator[Day]:
        """The days that are played; only once `facts` have all been taken, for they are what is told anew."""
        days = self.year.days
        for number, day in enumerate(days):
            count = self._questions * (number + 1) // len(days) - self._questions * number // len(days)
            on = date.fromordinal(day)
            told_at = _instant(on, _TOLD_AT)
            facts = [self._version(told) for told in self._told[day]]
            if day not in self.happenings.polls.missed:
                facts += [self._heard(name, told_at) for name in TABLE]
            yield Day(on, told_at, facts, _instant(on, _ASKED_AT), list(self.asking.on(day, count)))

    def _lines(self) -> Iterator[Fact]:
        """The population's facts, but for what is told later; that is kept for then."""
        lines = Lines(self.population, with_names=False)
        for line in lines.first():
            fact = self._as_at_first(json.loads(line))
            if fact is not None:
                yield fact
        for rows in chunks(0, self.population.people):
            for line in lines.of(rows).splitlines():
                fact = self._as_at_first(json.loads(line))
                if fact is not None:
                    yield fact

    def _as_at_first(self, fact: Fact) -> Fact | None:
        name = (fact["fact"], fact["id"])
        if name in self._again:
            self._newest[name] = fact
        if fact["fact"] == "register":
            fact["max_silence"] = MAX_SILENCE
            # heard from just before the first morning
            fact["heard_from"] = _instant(date.fromordinal(self.year.first - 1), _TOLD_AT).isoformat()
        if fact["fact"] == "authority":
            later = fact["kind"] in ENTERED_BY_CLERKS and not self._entered(fact["represented"])
            return None if later or fact["kind"] in _LATER_KINDS else fact
        return self._provider_at_first(fact) if fact["fact"] in ("provider", "service") else fact

    def _entered(self, represented: str) -> bool:
        row = self.population.pseudonyms.row(int(represented, 16))
        return self.world.entries.get(row, 0) < self.year.first

    def _provider_at_first(self, fact: Fact) -> Fact | None:
        own: str = fact["id"] if fact["fact"] == "provider" else fact["provider"]
        provider = self.world.institutions.provider_ids.index(own)
        status = status_on(self.world.stages[provider], self.year.first - 1)
        if SECTORS[int(self.world.institutions.sector[provider])] not in KIND_OF:
            status = "LIVE"
        if fact["fact"] == "provider":
            fact["status"] = status
        return None if status is None else fact

    def _version(self, told: Told) -> Fact:
        """What was told before, with what is told now."""
        name = (told.fact, told.id)
        fact = self._newest.get(name, {"fact": told.fact, "id": told.id}) | told.values
        self._newest[name] = {field: value for field, value in fact.items() if value is not None}
        return self._newest[name]

    def _heard(self, name: str, now: datetime) -> Fact:
        return self._newest["register", name] | {"heard_from": now.isoformat()}


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, AMSTERDAM)
