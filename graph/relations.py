"""The property graph: which relations a fact states, the same on every graph (DESIGN.md chapter 5).

A statement is a node of its own, and its relations follow from its newest version:

    (:Person|Organisation)-[:HOLDS]->(:Authority)-[:OVER]->(:Person)
    (:Authority)-[:COVERS]->(:Service)            (:Authority)-[:AT]->(:Provider)
    (:Person)-[:CANDIDATE_FOR]->(:Authority)      of an UNDETERMINED
    (:Provider)-[:OFFERS]->(:Service)
    (:Employment)-[:OF]->(:Person)                (:Employment)-[:AT]->(:Organisation)
    (:Employment)-[:COVERS]->(:Service)           (:Person)-[:WORKS_FOR]->(:Organisation)
    (:Person|Organisation)-[:GAVE]->(:Consent)    a consent from COURT has no giver among the nodes
    (:Consent)-[:TO]->(:Person|Organisation)      (:Consent)-[:ABOUT]->(:Person)
    (:Consent)-[:AT]->(:Provider)
    (:Ability)-[:ABOUT]->(:Person)                (:Ability)-[:AT]->(:Provider)
    (:Provider)-[:PLACED]->(:Block)-[:ABOUT]->(:Person)
    (:Block)-[:AGAINST]->(:Person|Organisation)
    (everything)-[:RECORDED_IN]->(:Register)      but a register fact, whose register is itself

A retracted version states nothing, so it keeps only RECORDED_IN.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from authority.codes import COURT
from authority.facts import Ability, Authority, Block, Consent, Employment, Fact, Register, Service, type_of
from graph.ledger import Edge

Key = tuple[str, str]
"""A node: its type and id."""


def parties_of(fact: Fact) -> set[str]:
    """Ids that the fact names where the contract allows a person or an organisation (they share one set of ids)."""
    named: Iterable[str | None] = ()
    if isinstance(fact, Authority | Block):
        named = (fact.representative,)
    elif isinstance(fact, Consent):
        named = (fact.from_, fact.representative)
    return {party for party in named if party is not None and party != COURT}


def relations_of(fact: Fact, organisations: Container[str] = ()) -> list[Edge]:
    """The relations that this version states, each once.

    `organisations`: which of `parties_of(fact)` are organisations; the others are people, known or not.
    """
    node: Key = (type_of(fact), fact.id)
    edges = [] if isinstance(fact, Register) else [Edge("RECORDED_IN", node, ("register", fact.register))]
    if not fact.retracted:
        edges += _stated(fact, node, organisations)
    return list(dict.fromkeys(edges))


def _stated(fact: Fact, node: Key, organisations: Container[str]) -> Iterable[Edge]:
    match fact:
        case Authority():
            return _of_authority(fact, node, organisations)
        case Consent():
            return _of_consent(fact, node, organisations)
        case Block():
            return _of_block(fact, node, organisations)
        case Employment():
            return _of_employment(fact, node)
        case Ability():
            return [Edge("ABOUT", node, ("person", fact.person)), *_at(node, fact.provider)]
        case Service():
            return [Edge("OFFERS", ("provider", fact.provider), node)]
        case _:
            return ()


def _of_authority(fact: Authority, node: Key, organisations: Container[str]) -> Iterator[Edge]:
    if fact.representative is not None:
        yield Edge("HOLDS", _party(fact.representative, organisations), node)
    yield Edge("OVER", node, ("person", fact.represented))
    yield from _covers(node, fact.services)
    yield from _at(node, *(fact.providers or ()))
    yield from (Edge("CANDIDATE_FOR", ("person", person), node) for person in fact.candidates)


def _of_employment(fact: Employment, node: Key) -> Iterator[Edge]:
    employee, organisation = ("person", fact.employee), ("organisation", fact.organisation)
    yield Edge("OF", node, employee)
    yield Edge("AT", node, organisation)
    yield from _covers(node, fact.services)
    yield Edge("WORKS_FOR", employee, organisation)


def _of_consent(fact: Consent, node: Key, organisations: Container[str]) -> Iterator[Edge]:
    if fact.from_ != COURT:
        yield Edge("GAVE", _party(fact.from_, organisations), node)
    yield Edge("TO", node, _party(fact.representative, organisations))
    yield Edge("ABOUT", node, ("person", fact.represented))
    yield from _at(node, fact.provider)


def _of_block(fact: Block, node: Key, organisations: Container[str]) -> Iterator[Edge]:
    yield Edge("PLACED", ("provider", fact.provider), node)
    yield Edge("ABOUT", node, ("person", fact.represented))
    if fact.representative is not None:
        yield Edge("AGAINST", node, _party(fact.representative, organisations))


def _party(party: str, organisations: Container[str]) -> Key:
    return ("organisation" if party in organisations else "person", party)


def _covers(node: Key, services: Iterable[str] | None) -> Iterator[Edge]:
    return (Edge("COVERS", node, ("service", service)) for service in services or ())


def _at(node: Key, *providers: str | None) -> Iterator[Edge]:
    return (Edge("AT", node, ("provider", provider)) for provider in providers if provider is not None)
