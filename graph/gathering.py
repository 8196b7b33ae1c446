"""The neighbourhood of a question, gathered from a pile of facts in memory: `machtigen decide` needs no ledger.

The pile is looked through once; after that a question costs only the facts around it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from hashlib import sha256
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

from authority.codes import FactType
from authority.facts import (
    TYPES,
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
from authority.learnt import Versions
from authority.neighbourhood import Neighbourhood, other_holders
from authority.question import Question
from authority.registers import Registers
from authority.versions import holding
from graph.chain import content_hash
from graph.intake import line_of

_Stated = TypeVar("_Stated", bound=Fact)

_ABOUT: Final[dict[type[Fact], Callable[[Any], str]]] = {
    Authority: attrgetter("represented"),
    Consent: attrgetter("represented"),
    Ability: attrgetter("person"),
    Block: attrgetter("represented"),
    Employment: attrgetter("employee"),
}
"""By whom a question finds the statements of a type."""


class _Statements(Generic[_Stated]):
    """Every version of the statements of one type, by id and by whom any version of them was about."""

    def __init__(self) -> None:
        self._versions: dict[str, list[_Stated]] = {}
        self._about: dict[str, dict[str, list[_Stated]]] = {}

    def add(self, fact: _Stated, about: str | None = None) -> None:
        versions = self._versions.setdefault(fact.id, [])
        versions.append(fact)
        if about is not None:
            self._about.setdefault(about, {})[fact.id] = versions

    def one(self, fact_id: str, known_at: int | None) -> _Stated | None:
        """The version of this statement that holds."""
        held = holding(self._versions.get(fact_id, ()), known_at)
        return held[0] if held else None  # type: ignore[return-value]

    def held(self, fact_id: str, known_at: int | None) -> _Stated | None:
        """The same, a retracted one too."""
        known = [v for v in self._versions.get(fact_id, ()) if known_at is None or v.recorded_at <= known_at]
        # of equal instants the later one, as a ledger has it
        return max(reversed(known), key=attrgetter("recorded_at"), default=None)

    def about(self, party: str, known_at: int | None) -> list[_Stated]:
        """The holding versions of all statements that were ever about this party, and may be about another now."""
        statements = self._about.get(party)
        if not statements:
            return []
        return holding((v for versions in statements.values() for v in versions), known_at)  # type: ignore[return-value]


class Pile:
    """A pile of facts of which no two state the same version differently (`graph.admission.facts_of`)."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.services = _Statements[Service]()
        self.providers = _Statements[Provider]()
        self.organisations = _Statements[Organisation]()
        self.people = _Statements[Person]()
        self.authorities = _Statements[Authority]()
        self.consents = _Statements[Consent]()
        self.abilities = _Statements[Ability]()
        self.blocks = _Statements[Block]()
        self.employments = _Statements[Employment]()
        self._registers: list[Register] = []
        self._told = _Statements[Register]()
        statements: dict[type[Fact], _Statements[Any]] = {
            Service: self.services,
            Provider: self.providers,
            Organisation: self.organisations,
            Person: self.people,
            Authority: self.authorities,
            Consent: self.consents,
            Ability: self.abilities,
            Block: self.blocks,
            Employment: self.employments,
            Register: self._told,
        }
        self._statements = statements
        hashes = set()
        for fact in facts:
            if isinstance(fact, Register):
                self._registers.append(fact)
            about = _ABOUT.get(type(fact))
            statements[type(fact)].add(fact, about(fact) if about else None)
            hashes.add(content_hash(line_of(fact)))
        self.as_of = f"sha256:{sha256(b''.join(sorted(hashes))).hexdigest()}"
        """A digest of the facts, whatever their order and form."""
        self._register_instants = sorted({register.recorded_at for register in self._registers})
        self._registers_known: dict[int, Registers] = {}

    def registers(self, known_at: int | None) -> Registers:
        """The register facts that hold, worked out once for each stretch of time in which none was recorded."""
        instants = self._register_instants
        stretch = len(instants) if known_at is None else bisect_right(instants, known_at)
        known = self._registers_known.get(stretch)
        if known is None:
            held = holding(self._registers, known_at)
            known = self._registers_known[stretch] = Registers.of(r for r in held if isinstance(r, Register))
        return known

    def versions(self, keys: Iterable[tuple[FactType, str]], known_at: int | None) -> Versions:
        """The version of each that holds, retracted ones too; position 0, for a pile is no ledger."""
        held = {key: self._statements[TYPES[key[0]]].held(key[1], known_at) for key in keys}
        return {key: (0, fact) for key, fact in held.items() if fact is not None}

    def authorities_over(self, person: str, known_at: int | None) -> list[Authority]:
        """Those that hold, whoever their representative is."""
        return [a for a in self.authorities.about(person, known_at) if a.represented == person]


def gather(question: Question, pile: Pile) -> Neighbourhood:
    """All facts of the pile that can matter to the question, as `authority.neighbourhood` describes them."""
    known_at = question.known_at
    represented, representative = question.represented, question.representative
    over_represented = pile.authorities_over(represented, known_at)
    parties = {representative, represented, *other_holders(question, over_represented)}
    people, authorities = {}, {}
    for party in sorted(parties):
        person = pile.people.one(party, known_at)
        if person is not None:
            people[party] = person
        over = over_represented if party == represented else pile.authorities_over(party, known_at)
        if over:
            authorities[party] = over
    organisation, employments = None, []
    if question.organisation is not None:
        organisation = pile.organisations.one(question.organisation, known_at)
        employed = pile.employments.about(representative, known_at)
        employments = [e for e in employed if (e.employee, e.organisation) == (representative, question.organisation)]
    return Neighbourhood(
        service=pile.services.one(question.service_id, known_at),
        provider=pile.providers.one(question.provider, known_at),
        organisation=organisation,
        people=people,
        authorities=authorities,
        consents=[c for c in pile.consents.about(represented, known_at) if c.represented == represented],
        abilities=[a for a in pile.abilities.about(represented, known_at) if a.person == represented],
        blocks=[b for b in pile.blocks.about(represented, known_at) if b.represented == represented],
        employments=employments,
        registers=pile.registers(known_at),
        as_of=pile.as_of,
    )
