"""A whole input checked against itself and against the ledger, before anything of it is stored.

`graph.intake` has checked each fact by itself. Here: one content for each version, one set of ids for people and
organisations, no reference to what nobody knows (facts.md chapter 1). Then what is no change is left out. Memory is
bounded for an input of any size: facts wait in a `Spool`, versions are compared by hash in `Sightings`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeVar

import msgspec

from authority.codes import FactType
from authority.facts import Employment, Fact, Organisation, Person, Service, type_of
from authority.moments import LAST_INSTANT, SINCE_EVER, instant_text
from authority.registers import TABLE
from graph.errors import BadInput, Problem
from graph.fields import shown
from graph.intake import content_of, problems_of, read_fact, read_object
from graph.ledger import Ledger
from graph.sightings import Sightings
from graph.spool import Spool, packed

_KEYS_AT_ONCE: Final = 5_000
"""How many are looked up in the ledger at once."""
PROBLEMS_MAX: Final = 1_000_000
"""After so many problems no more are looked for."""

Key = tuple[FactType, str]
_Item = TypeVar("_Item")
_PERSON, _ORGANISATION = 1, 2
"""What a sighting of a party's id says of it."""
_REFERRED_TO: Final[tuple[FactType, ...]] = ("provider", "organisation", "register")


class Refusals:
    """The problems of one input: the first one ends it, or all are kept (`keep_going`) until `settle`."""

    def __init__(self, source: str = "", *, keep_going: bool = False) -> None:
        self.source, self.keep_going = source, keep_going
        self.problems: list[Problem] = []

    def add(self, problem: Problem, line: int) -> None:
        """Raises BadInput for the first problem, or with all of them when there are too many to go on."""
        problem.line = line
        self.problems.append(problem)
        if not self.keep_going or len(self.problems) == PROBLEMS_MAX:
            self.settle()

    def settle(self) -> None:
        """Raises BadInput with all problems in the order of their lines, if there are any."""
        if self.problems:
            raise BadInput(sorted(self.problems, key=lambda problem: problem.line), source=self.source)


class Admission:
    """One input: `take` every fact of it, then `check`, then store its `batches`; `close` it in the end."""

    def __init__(self, refusals: Refusals) -> None:
        self.refusals = refusals
        self._stated = Spool()
        self._unstated = Spool()
        self._sightings = Sightings()
        self._named: dict[FactType, set[str]] = {fact_type: set() for fact_type in _REFERRED_TO}
        self._known: dict[FactType, set[str]] = {fact_type: set() for fact_type in _REFERRED_TO}
        self._known["register"].update(TABLE)

    @property
    def count(self) -> int:
        """How many facts were taken."""
        return self._stated.count + self._unstated.count

    def take(self, line: int, fact: Fact, *, stated: bool) -> None:
        """The fact on this line; `stated`: the line says its `recorded_at` itself."""
        fact_type, fact_id, bytes_of_fact = type_of(fact), fact.id, packed(fact)
        (self._stated if stated else self._unstated).add(line, bytes_of_fact)
        self._sightings.add(hash((fact_type, fact_id, fact.recorded_at)), hash(bytes_of_fact), line)
        self._named["register"].add(fact.register)
        if fact_type == "person":
            self._sightings.add(hash(("party", fact_id)), _PERSON, line)
            return
        if fact_type == "organisation":
            self._sightings.add(hash(("party", fact_id)), _ORGANISATION, line)
        elif fact_type == "service":
            assert isinstance(fact, Service)
            self._named["provider"].add(fact.provider)
        elif fact_type == "employment":
            assert isinstance(fact, Employment)
            self._named["organisation"].add(fact.organisation)
        if fact_type in self._known:
            self._known[fact_type].add(fact_id)

    def take_lines(self, lines: Iterable[tuple[int, bytes]], recorded_at: int) -> Iterator[int]:
        """The facts on these lines, `recorded_at` where they do not say it. Yields each line's number when done."""
        for number, line in lines:
            try:
                fact, stated = read_fact(line, recorded_at=recorded_at)
            except Problem as problem:
                self._refuse_line(number, line, problem)
            else:
                self.take(number, fact, stated=stated)
            yield number

    def _refuse_line(self, number: int, line: bytes, problem: Problem) -> None:
        try:
            data = read_object(line)
        except Problem:
            self.refusals.add(problem, number)
            return
        for found in problems_of(data):
            self.refusals.add(found, number)
        fact_type, fact_id = data.get("fact"), data.get("id")
        if isinstance(fact_id, str) and isinstance(fact_type, str) and fact_type in self._known:
            self._known[fact_type].add(fact_id)  # or whatever refers to it would be called wrong too

    async def check(self, ledger: Ledger | None) -> None:
        """What can be seen only when all is there. Without a ledger the input stands alone. Raises BadInput."""
        self._refuse_conflicts()
        missing = {fact_type: names - self._known[fact_type] for fact_type, names in self._named.items()}
        if ledger is not None:
            for fact_type, names in missing.items():
                names -= {name async for name in _of(ledger, fact_type, names)}
            await self._refuse_shared_with(ledger)
        if any(missing.values()):
            self._refuse_dangling(missing)
        self.refusals.settle()

    async def batches(self, ledger: Ledger) -> AsyncIterator[list[Fact]]:
        """What is to be appended, in this order, each batch before the next is asked for.

        Lines that say `recorded_at` come first: a line without it is no change where its content equals the version
        that holds then. So the order of the lines has no meaning, and after a crash the same input goes on.
        """
        size = ledger.batch_facts
        for batch in in_batches((fact for _, fact in self._stated), size):
            yield batch
        for batch in in_batches((fact for _, fact in self._unstated), size):
            yield await _changed(ledger, batch)

    def facts(self) -> list[Fact]:
        """All facts that were taken, each once, for whoever keeps no ledger."""
        return list(dict.fromkeys(fact for _, fact in self._all()))

    def close(self) -> None:
        """Let go of temporary files."""
        self._stated.close()
        self._unstated.close()
        self._sightings.close()

    def _all(self) -> Iterator[tuple[int, Fact]]:
        yield from self._stated
        yield from self._unstated

    def _refuse_conflicts(self) -> None:
        """Two contents for one version, or one id for a person and an organisation."""
        suspects = {line for lines in self._sightings.repeated() for line in lines}
        if not suspects:
            return
        suspected = [(line, fact) for line, fact in self._all() if line in suspects]
        versions: dict[tuple[FactType, str, int], tuple[int, Fact]] = {}
        parties: dict[str, tuple[int, FactType]] = {}
        for line, fact in sorted(suspected, key=lambda pair: pair[0]):
            fact_type = type_of(fact)
            first, before = versions.setdefault((fact_type, fact.id, fact.recorded_at), (line, fact))
            if content_of(before) != content_of(fact):
                self.refusals.add(_conflict(fact, first), line)
            if isinstance(fact, (Person, Organisation)):
                first, other = parties.setdefault(fact.id, (line, fact_type))
                if other != fact_type:
                    self.refusals.add(_shared(fact, other, f"on line {first}"), line)

    def _refuse_dangling(self, missing: Mapping[FactType, set[str]]) -> None:
        for line, fact in self._all():
            for field, fact_type, name in _references(fact):
                if name in missing[fact_type]:
                    where = "in table 3, this input or the graph" if fact_type == "register" else "here or in the graph"
                    found = f"{shown(name)}, which nobody knows"
                    problem = Problem(
                        "UNKNOWN_REFERENCE", field=field, found=found, expected=f"{_a(fact_type)} {where}"
                    )
                    self.refusals.add(problem, line)

    async def _refuse_shared_with(self, ledger: Ledger) -> None:
        """An id that is a person here and an organisation in the ledger, or the other way round."""
        in_ledger: dict[type[Fact], set[str]] = {Person: set(), Organisation: set()}
        here = self._known["organisation"]
        if here and await ledger.ids("person", limit=1):
            in_ledger[Organisation] = {name async for name in _of(ledger, "person", here)}
        if await ledger.ids("organisation", limit=1):
            for batch in in_batches((fact.id for _, fact in self._all() if isinstance(fact, Person)), _KEYS_AT_ONCE):
                in_ledger[Person].update([name async for name in _of(ledger, "organisation", batch)])
        if any(in_ledger.values()):
            for line, fact in self._all():
                if fact.id in in_ledger.get(type(fact), ()):
                    other: FactType = "person" if isinstance(fact, Organisation) else "organisation"
                    self.refusals.add(_shared(fact, other, "in the graph"), line)


async def admit(
    ledger: Ledger, facts: Iterable[tuple[int, Fact, bool]], *, source: str = "", keep_going: bool = True
) -> list[Fact]:
    """A small input that is stated now, checked as a whole: what of it is to be appended.

    `facts`: line number, fact, and whether the line says its `recorded_at` (`graph.intake.fact_of`). Where it does not,
    the fact comes after the version that holds, also by a clock that went back. Raises BadInput.
    """
    admission = Admission(Refusals(source, keep_going=keep_going))
    try:
        for line, fact, stated in await _after_what_holds(ledger, list(facts)):
            admission.take(line, fact, stated=stated)
        await admission.check(ledger)
        versions = [fact for _, fact in admission._stated]
        changed = await _changed(ledger, [fact for _, fact in admission._unstated], beside=versions)
        return list(dict.fromkeys((*versions, *changed)))
    finally:
        admission.close()


async def _after_what_holds(ledger: Ledger, facts: Sequence[tuple[int, Fact, bool]]) -> list[tuple[int, Fact, bool]]:
    """Two clocks differ and one is set back, and a word that takes something away must not be lost by that.

    Facts that are known since ever are of no clock.
    """
    of_now = [fact for _, fact, stated in facts if not stated and fact.recorded_at != SINCE_EVER]
    held = await ledger.holding_versions([(type_of(fact), fact.id) for fact in of_now]) if of_now else {}
    found: list[tuple[int, Fact, bool]] = []
    for line, fact, stated in facts:
        before = None if stated or fact.recorded_at == SINCE_EVER else held.get((type_of(fact), fact.id))
        if before is None or not await _comes_too_early(ledger, fact, before):
            found.append((line, fact, stated))
        else:
            later = min(before.recorded_at + 1, LAST_INSTANT)
            found.append((line, msgspec.structs.replace(fact, recorded_at=later), stated))
    return found


async def _comes_too_early(ledger: Ledger, fact: Fact, held: Fact) -> bool:
    """Whether it would not hold: recorded before the version that does, or at this instant and said again."""
    if held.recorded_at != fact.recorded_at:
        return held.recorded_at > fact.recorded_at
    if content_of(held) == content_of(fact):
        return False
    versions = [version for _, version in await ledger.history(type_of(fact), fact.id)]
    return any(v.recorded_at == fact.recorded_at and content_of(v) == content_of(fact) for v in versions)


async def facts_of(lines: Iterable[tuple[int, bytes]], source: str) -> list[Fact]:
    """The facts of an input that stands alone, known since ever where a line does not say. Raises BadInput."""
    admission = Admission(Refusals(source))
    try:
        for _ in admission.take_lines(lines, SINCE_EVER):
            pass
        await admission.check(None)
        return admission.facts()
    finally:
        admission.close()


async def _changed(ledger: Ledger, facts: Sequence[Fact], beside: Iterable[Fact] = ()) -> list[Fact]:
    """Of facts that do not say when they were recorded, those whose content is not that of the version that holds.

    `beside`: facts that are appended before them. "Holds" is at their own `recorded_at`, the moment of import.
    """
    holding = await ledger.holding_versions([(type_of(fact), fact.id) for fact in facts])
    together: dict[Key, list[Fact]] = {}
    for other in beside:
        together.setdefault((type_of(other), other.id), []).append(other)
    changed = []
    for fact in facts:
        key = (type_of(fact), fact.id)
        held = holding.get(key)
        if held is None and key not in together:
            changed.append(fact)
            continue
        if held is not None and held.recorded_at > fact.recorded_at:
            versions = [version for _, version in await ledger.history(*key)]
        else:
            versions = [held] if held is not None else []
        known = [v for v in (*versions, *together.get(key, ())) if v.recorded_at <= fact.recorded_at]
        # of equal instants the later one holds, and `max` gives the first of equals
        holds = max(reversed(known), key=lambda version: version.recorded_at, default=None)
        if holds is None or content_of(holds) != content_of(fact):
            changed.append(fact)
    return changed


async def _of(ledger: Ledger, fact_type: FactType, names: Iterable[str]) -> AsyncIterator[str]:
    """Those of these ids that the ledger has a fact of this type for, in whatever version."""
    for batch in in_batches(names, _KEYS_AT_ONCE):
        for _, name in await ledger.holding_versions([(fact_type, name) for name in batch]):
            yield name


def in_batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Lists of so many, the last one of what is left."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _references(fact: Fact) -> Iterator[tuple[str, FactType, str]]:
    """What a fact may not name unless it is known: field, type, id. People may be unknown, and so may services."""
    yield "register", "register", fact.register
    if isinstance(fact, Service):
        yield "provider", "provider", fact.provider
    elif isinstance(fact, Employment):
        yield "organisation", "organisation", fact.organisation


def _a(fact_type: FactType) -> str:
    """With its article."""
    return f"{'an' if fact_type[0] in 'aeo' else 'a'} {fact_type}"


def _conflict(fact: Fact, first: int) -> Problem:
    what = f"{type_of(fact)} {shown(fact.id)}"
    when = "since ever" if fact.recorded_at == SINCE_EVER else instant_text(fact.recorded_at)
    found = f"other content than line {first} for {what} recorded {when}"
    return Problem("CONFLICT", field="id", found=found, expected="one content for one recorded_at")


def _shared(fact: Fact, other: FactType, where: str) -> Problem:
    expected = "an id of its own: people and organisations share one set"
    return Problem("CONFLICT", field="id", found=f"{shown(fact.id)}, which is {_a(other)} {where}", expected=expected)
