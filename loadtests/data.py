"""What users ask and write, with the right answer to each: from the population by seed, so that no data file travels.

The service holds the population that `machtigen population --people N --seed S` writes. Load writes touch nothing that
a question of the population is about: they are about providers of their own (`load-…`), and about children born there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from itertools import count
from typing import Any, Final, NamedTuple

import numpy as np

from loadtests.plan import Plan
from simulator.population.draws import below, draw, key
from simulator.population.institutions import SECTORS, Institutions
from simulator.population.lines import hexadecimal
from simulator.population.population import Population
from simulator.population.questions import Posed, questions
from simulator.population.truth import truth

QUESTIONS_MAX: Final = 20_000
"""Different ones of a generator; then they come again."""
_ROWS: Final = 512
"""Looked at once: some milliseconds."""


class Mandate(NamedTuple):
    """One that this run has made; `code`: of the desk, empty once used; None: made of a fact."""

    id: str
    grantor: str
    helper: str
    provider: str
    code: str | None = None


class Family(NamedTuple):
    """A child born in this run, its parents, and a provider that they go to."""

    child: str
    mother: str
    father: str
    provider: str


class Pair(NamedTuple):
    """Two living adults under no measure, by their ids."""

    grantor: str
    helper: str


class Data:
    """One generator's share: other questions and other pairs than the others'."""

    def __init__(self, plan: Plan, part: int, *, questions_max: int = QUESTIONS_MAX) -> None:
        self.population = Population(plan.people, plan.people_seed, plan.as_of)
        self.prefix = f"load-{plan.run}-{part}"
        self._stream, self._questions_max = part, questions_max
        self._turn: dict[str, Iterator[int]] = defaultdict(count)
        self._pairs = self._drawn_pairs()

    @cached_property
    def noon(self) -> str:
        """When everything is asked about: the population is as it is on that day."""
        return self._posed["all"][0].question["at"]

    @cached_property
    def _posed(self) -> dict[str, list[Posed]]:
        found: dict[str, list[Posed]] = defaultdict(list)
        for posed in questions(self.population, self._questions_max, stream=self._stream):
            found["all"].append(posed)
            found["self" if posed.asking == "SELF" else "others"].append(posed)
            if posed.asking != "SELF" and "organisation" not in posed.question:
                found["listed"].append(posed)
        return found

    def prepare(self) -> None:
        """Make the questions now, not while others are waited for."""
        assert self._posed["all"]
        assert self._posed_at
        assert self._numbers
        assert self._institutions.statuses

    def ask(self, about: str = "all", *, at: str | None = None) -> Posed:
        """The next question: `self` about oneself, `others` about somebody else, `listed` such that a list can tell.

        `at`: asked at this provider.
        """
        kind = self._posed[about] if at is None else self._posed_at[at]
        turn = next(self._turn[at or about])
        return kind[turn % len(kind)]

    @cached_property
    def _posed_at(self) -> dict[str, list[Posed]]:
        found: dict[str, list[Posed]] = defaultdict(list)
        for posed in self._posed["all"]:
            found[posed.question["provider"]].append(posed)
        return found

    @cached_property
    def _institutions(self) -> Institutions:
        return Institutions(self.population)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self._institutions.provider_ids)}

    def provider(self, name: str) -> tuple[str, str]:
        """Its sector and status."""
        number = self._numbers[name]
        return SECTORS[int(self._institutions.sector[number])], self._institutions.statuses[number]

    @property
    def providers(self) -> set[str]:
        """Those that are asked at."""
        return {posed.question["provider"] for posed in self._posed["all"]}

    def _drawn_pairs(self) -> Iterator[Pair]:
        """Without end. No pair twice, and none of which the population has something already: that would be weighed.

        Another run draws others, since what it wrote stays.
        """
        own = key(self.population.seed, f"load/{self.prefix}")
        used: set[tuple[int, int]] = set()
        for chunk in count():
            counters = np.arange(chunk * _ROWS, (chunk + 1) * _ROWS, dtype=np.int64)
            rows = below(draw(own, counters), self.population.people)
            fit = rows[self.population.fit(rows)].tolist()
            pairs = [(one, other) for one, other in zip(fit[0::2], fit[1::2], strict=False) if one != other]
            held = truth(self.population, np.array([one for one, _ in pairs]), self._institutions)
            pairs = [pair for pair in pairs if all(each.representative != pair[1] for each in held[pair[0]])]
            ids = hexadecimal(self.population.pseudonyms.of(np.array(pairs).ravel())).astype(str).tolist()
            for pair, grantor, helper in zip(pairs, ids[0::2], ids[1::2], strict=True):
                if pair not in used:
                    used.add(pair)
                    yield Pair(grantor, helper)

    def pair(self) -> Pair:
        """The next two adults."""
        return next(self._pairs)

    def name(self, kind: str) -> str:
        """An id that nothing has had in this run."""
        return f"{self.prefix}-{kind}-{next(self._turn['name/' + kind])}"

    def question(self, representative: str, represented: str, provider: str, service: str) -> dict[str, str]:
        """In the form of the population's."""
        return {
            "representative": representative,
            "represented": represented,
            "provider": provider,
            "service": f"{provider}/{service}",
            "assurance": "SUBSTANTIAL",
            "at": self.noon,
        }

    def of_mandate(self, mandate: Mandate) -> dict[str, str]:
        """The helper asks. A mandate that was given today holds today, and not on the day of the population."""
        question = self.question(mandate.helper, mandate.grantor, mandate.provider, "record")
        if mandate.code is not None:
            del question["at"]
        return question

    def self_question(self, adult: str, provider: str) -> dict[str, str]:
        """Somebody able about themselves: PERMIT wherever the provider is live."""
        return self.question(adult, adult, provider, "record")

    def mandate(self, mandate: Mandate, status: str) -> dict[str, Any]:
        """As a fact."""
        return {
            "fact": "authority",
            "id": mandate.id,
            "kind": "VOLUNTARY_MANDATE",
            "representative": mandate.helper,
            "represented": mandate.grantor,
            "services": [f"{mandate.provider}/record"],
            "status": status,
            "valid_from": self.population.as_of.isoformat(),
        }

    def birth(self, family: Family) -> list[dict[str, Any]]:
        """A child born a month ago whose parents hold authority together."""
        born = self.population.as_of - timedelta(days=30)
        return [
            {"fact": "person", "id": family.child, "born": born.isoformat()},
            _held(family, 0, "PARENTAL_JOINT", family.mother),
            _held(family, 1, "PARENTAL_JOINT", family.father),
        ]

    def ruling(self, family: Family) -> list[dict[str, Any]]:
        """A court gives the mother sole authority in the place of both."""
        return [
            _held(family, 0, "PARENTAL_JOINT", family.mother) | {"status": "ENDED"},
            _held(family, 1, "PARENTAL_JOINT", family.father) | {"status": "ENDED"},
            _held(family, 2, "PARENTAL_SOLE", family.mother),
        ]


def _held(family: Family, number: int, kind: str, parent: str) -> dict[str, Any]:
    return {
        "fact": "authority",
        "id": f"{family.child}/{number}",
        "kind": kind,
        "representative": parent,
        "represented": family.child,
    }
