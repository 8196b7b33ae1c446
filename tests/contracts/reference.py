"""The contract said in the plainest way: a list of facts in ledger order, and every answer by looking at all of them.

Slow, and too simple to be wrong in the ways that an index can be wrong. Graphs are compared with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from authority.codes import FactType
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
    type_of,
)
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from authority.versions import holding
from graph.ledger import Edge
from graph.relations import Key, relations_of


class Reference:
    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def append(self, facts: Iterable[Fact]) -> int:
        before = len(self.facts)
        for fact in facts:
            if fact not in self.facts:
                self.facts.append(fact)
        return len(self.facts) - before

    def stated(self, as_of: int | None = None, known_at: int | None = None) -> list[Fact]:
        return holding(self.facts[:as_of], known_at)

    def newest(self) -> dict[tuple[FactType, str], Fact]:
        """The version of each statement that holds, retracted ones too."""
        return {key: fact for key, (_, fact) in self.versions(None, None).items()}

    def versions(self, as_of: int | None, known_at: int | None) -> dict[tuple[FactType, str], tuple[int, Fact]]:
        """The version of each statement that holds in this view, retracted ones too, with its position."""
        chosen: dict[tuple[FactType, str], tuple[int, Fact]] = {}
        for position, fact in enumerate(self.facts[:as_of], start=1):
            if known_at is None or fact.recorded_at <= known_at:
                held = chosen.get((type_of(fact), fact.id))
                if held is None or fact.recorded_at >= held[1].recorded_at:
                    chosen[type_of(fact), fact.id] = position, fact
        return chosen

    def authorities_stated(self) -> dict[str, int]:
        stated = (f for f in self.newest().values() if isinstance(f, Authority) and not f.retracted)
        return dict(Counter(fact.register for fact in stated))

    def neighbourhood(self, question: Question, as_of: int | None = None) -> Neighbourhood:
        """Everything that is stated: facts that cannot matter change nothing."""
        stated = self.stated(as_of, question.known_at)
        authorities: dict[str, list[Authority]] = {}
        for fact in stated:
            if isinstance(fact, Authority):
                authorities.setdefault(fact.represented, []).append(fact)
        return Neighbourhood(
            service=next((f for f in stated if isinstance(f, Service) and f.id == question.service_id), None),
            provider=next((f for f in stated if isinstance(f, Provider) and f.id == question.provider), None),
            organisation=next(
                (f for f in stated if isinstance(f, Organisation) and f.id == question.organisation), None
            ),
            people={f.id: f for f in stated if isinstance(f, Person)},
            authorities=authorities,
            consents=[f for f in stated if isinstance(f, Consent)],
            abilities=[f for f in stated if isinstance(f, Ability)],
            blocks=[f for f in stated if isinstance(f, Block)],
            employments=[f for f in stated if isinstance(f, Employment)],
            registers={f.id: f for f in stated if isinstance(f, Register)},
        )

    def history(self, fact_type: FactType, fact_id: str) -> list[tuple[int, Fact]]:
        numbered = enumerate(self.facts, start=1)
        return [(n, fact) for n, fact in numbered if (type_of(fact), fact.id) == (fact_type, fact_id)]

    def ids(self, fact_type: FactType) -> list[str]:
        return sorted({fact.id for fact in self.facts if type_of(fact) == fact_type})

    def services_of(self, provider: str) -> list[str]:
        return sorted({f.id for f in self.facts if isinstance(f, Service) and f.provider == provider})

    def represented_by(self, holder: str) -> list[str]:
        return sorted({f.represented for f in self._authorities() if f.representative == holder})

    def holders_over(self, represented: str) -> list[str]:
        over = [f.representative for f in self._authorities() if f.represented == represented]
        return sorted({holder for holder in over if holder is not None})

    def employees_of(self, organisation: str) -> list[str]:
        return sorted({f.employee for f in self.facts if isinstance(f, Employment) and f.organisation == organisation})

    def _authorities(self) -> Iterator[Authority]:
        return (fact for fact in self.facts if isinstance(fact, Authority))

    def edges(self) -> set[Edge]:
        """Every relation of the property graph."""
        organisations = {fact.id for fact in self.facts if isinstance(fact, Organisation)}
        return {edge for fact in self.newest().values() for edge in relations_of(fact, organisations)}

    def walk(self, node: Key, depth: int) -> tuple[dict[Key, int], set[Edge]]:
        """Nodes with their distance, and the relations that have an end nearer than `depth`."""
        edges, distance, reached = self.edges(), {node: 0}, set[Edge]()
        for step in range(1, depth + 1):
            near = [edge for edge in edges if distance.keys() & {edge.source, edge.target}]
            reached.update(near)
            for end in [end for edge in near for end in (edge.source, edge.target)]:
                distance.setdefault(end, step)
        return distance, reached


def without_repeats(facts: Sequence[Fact]) -> list[Fact]:
    reference = Reference()
    reference.append(facts)
    return reference.facts
