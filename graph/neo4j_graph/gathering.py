"""The neighbourhoods of questions: what one query brought, divided among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from authority.facts import (
    Ability,
    Authority,
    Block,
    Consent,
    Employment,
    Fact,
    Organisation,
    Person,
    Provider,
    Register,
    Service,
)
from authority.neighbourhood import Neighbourhood, other_holders
from authority.question import Question
from authority.registers import Registers
from graph.intake import fact_of_line
from graph.neo4j_graph.rows import LAST


def view_of(questions: Iterable[Question], registers_seen: int) -> dict[str, Any]:
    """What `neighbourhoods.cypher` is asked for questions of one `known_at`.

    `registers_seen`: at which position the reader has seen the registers that hold; -1: it has not.
    """
    people, employments = set[str](), set[tuple[str, str]]()
    named = set[tuple[str, str]]()
    known_at = None
    for question in questions:
        known_at = question.known_at
        people.update((question.representative, question.represented))
        named.update((("service", question.service_id), ("provider", question.provider)))
        if question.organisation is not None:
            named.add(("organisation", question.organisation))
            employments.add((question.organisation, question.representative))
    named.update(("person", person) for person in people)
    return {
        "known_at": LAST if known_at is None else known_at,
        "people": sorted(people),
        "named": [{"type": fact_type, "id": fact_id} for fact_type, fact_id in sorted(named)],
        "employments": [{"employer": employer, "employee": employee} for employer, employee in sorted(employments)],
        "registers_seen": registers_seen,
    }


def registers_of_lines(lines: Iterable[str]) -> Registers:
    """The register facts on these lines, without the retracted ones."""
    facts = (fact_of_line(line.encode()) for line in lines)
    return Registers.of(sorted((f for f in facts if isinstance(f, Register) and not f.retracted), key=_id))


class Found:
    """The facts of one view, by what a question asks for them with; retracted ones left out."""

    def __init__(self, lines: Sequence[str], registers: Registers) -> None:
        self._registers = registers
        self._services: dict[str, Service] = {}
        self._providers: dict[str, Provider] = {}
        self._organisations: dict[str, Organisation] = {}
        self._people: dict[str, Person] = {}
        self._authorities: dict[str, list[Authority]] = defaultdict(list)
        self._consents: dict[str, list[Consent]] = defaultdict(list)
        self._abilities: dict[str, list[Ability]] = defaultdict(list)
        self._blocks: dict[str, list[Block]] = defaultdict(list)
        self._employments: dict[tuple[str, str], list[Employment]] = defaultdict(list)
        facts = (fact_of_line(line.encode()) for line in lines)
        for fact in sorted((fact for fact in facts if not fact.retracted), key=_id):
            self._file(fact)

    def _file(self, fact: Fact) -> None:
        match fact:
            case Authority():
                self._authorities[fact.represented].append(fact)
            case Person():
                self._people[fact.id] = fact
            case Consent():
                self._consents[fact.represented].append(fact)
            case Ability():
                self._abilities[fact.person].append(fact)
            case Block():
                self._blocks[fact.represented].append(fact)
            case Employment():
                self._employments[fact.employee, fact.organisation].append(fact)
            case Service():
                self._services[fact.id] = fact
            case Provider():
                self._providers[fact.id] = fact
            case Organisation():
                self._organisations[fact.id] = fact

    def neighbourhood(self, question: Question, as_of: str) -> Neighbourhood:
        """All facts that can matter to the question, as `authority.neighbourhood` describes them."""
        represented, representative = question.represented, question.representative
        over_represented = self._authorities.get(represented, [])
        parties = {representative, represented, *other_holders(question, over_represented)}
        organisation = question.organisation
        return Neighbourhood(
            service=self._services.get(question.service_id),
            provider=self._providers.get(question.provider),
            organisation=None if organisation is None else self._organisations.get(organisation),
            people={party: person for party in parties if (person := self._people.get(party)) is not None},
            authorities={party: over for party in parties if (over := self._authorities.get(party))},
            consents=self._consents.get(represented, []),
            abilities=self._abilities.get(represented, []),
            blocks=self._blocks.get(represented, []),
            employments=[] if organisation is None else self._employments.get((representative, organisation), []),
            registers=self._registers,
            as_of=as_of,
        )


def _id(fact: Fact) -> str:
    return fact.id
