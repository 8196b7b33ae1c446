"""The graph for somebody who looks around in it: things and statements, what lies next to each, and search.

A statement is a node of its own and states its relations (`graph.relations`), so whoever shows some nodes knows every
relation between them. What lies next to a thing is found along the relations of the newest versions and, for a person
in the past, also along what was stated about them then. Everything is shown as it was in the caller's view.

A child's refusal is told to nobody (facts.md 5.3, rule K): what somebody refused for themselves is not in this graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

import msgspec

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
    Provider,
    Service,
    type_of,
)
from authority.question import Question
from authority.registers import TABLE
from graph.ledger import NOW, Edge, Ledger, View
from graph.relations import parties_of, relations_of

NODES_MAX: Final = 1_000
"""Nodes asked for at once."""
NEIGHBOURS_MAX: Final = 5_000
"""Nodes looked at around one; a register that millions of statements are recorded in has more."""
NAMES_MAX: Final = 20_000
"""Providers, and organisations, whose names a search looks at."""
_TOGETHER: Final = 512
_STATEMENTS: Final = (Authority, Employment, Consent, Ability, Block)
_SEARCHED: Final[tuple[FactType, ...]] = ("person", "organisation", "provider", "service", "authority")

Ref = tuple[FactType, str]
"""A node: its type and id."""


class Node(msgspec.Struct, frozen=True, gc=False):
    """A node as it is in a view; `fact` None: nothing is known of it but that it was named.

    `states`: the relations that this version states, its two ends each a node.
    """

    type: FactType
    id: str
    fact: Fact | None
    states: tuple[Edge, ...] = ()

    @property
    def kind(self) -> str | None:
        """What tells nodes of one type apart: an authority's kind, a provider's sector, a service's domain."""
        fact = self.fact
        if isinstance(fact, Authority | Organisation):
            return fact.kind
        if isinstance(fact, Provider):
            return fact.sector
        if isinstance(fact, Service):
            return fact.domain
        return fact.reason if isinstance(fact, Block) else None


class Group(msgspec.Struct, frozen=True, order=True, gc=False):
    """Neighbours of one sort. `incoming`: the relation ends at the node that they lie next to."""

    relation: str
    incoming: bool
    type: FactType
    kind: str | None = None


class Neighbours(msgspec.Struct, frozen=True):
    """What lies next to a node, by type and id. `complete` False: there is more than NEIGHBOURS_MAX."""

    of: Ref
    found: tuple[tuple[Group, Node], ...]
    complete: bool

    def counts(self) -> list[tuple[Group, int]]:
        """How many of each sort."""
        return sorted(Counter(group for group, _ in self.found).items(), key=lambda pair: _sortable(pair[0]))


class Found(msgspec.Struct, frozen=True):
    """What a search found. `complete` False: there is more, or there are more names than it looks at."""

    nodes: list[Node]
    complete: bool


async def nodes(ledger: Ledger, refs: Sequence[Ref], view: View = NOW) -> list[Node]:
    """These nodes in their order, each once; what is told to nobody is like what nobody knows."""
    wanted = list(dict.fromkeys(refs))
    facts = {ref: fact for ref, fact in (await _facts(ledger, wanted, view)).items() if not told_to_nobody(fact)}
    organisations = await _organisations(ledger, facts.values())
    return [_node(ref, facts.get(ref), organisations) for ref in wanted]


async def neighbours(ledger: Ledger, ref: Ref, view: View = NOW) -> Neighbours:
    """What lies next to this node in this view."""
    walked = await ledger.walk(ref, 1, NEIGHBOURS_MAX + 1)
    refs: dict[Ref, None] = {ref: None}
    refs.update((_ref(node.type, node.id), None) for node in walked.nodes)
    if ref[0] == "person" and view != NOW:
        refs.update((each, None) for each in await _stated_then(ledger, ref[1], view))
    around = {(node.type, node.id): node for node in await nodes(ledger, list(refs), view)}
    found: dict[tuple[Group, Ref], Node] = {}
    for edge in chain.from_iterable(node.states for node in around.values()):
        if ref not in (edge.source, edge.target):
            continue
        incoming = edge.target == ref
        other = _ref(*(edge.source if incoming else edge.target))
        node = around.get(other) or Node(*other, None)
        found[Group(edge.relation, incoming, node.type, node.kind), other] = node
    ordered = sorted(found.items(), key=lambda item: (item[0][1], _sortable(item[0][0])))
    return Neighbours(ref, tuple((group, node) for (group, _), node in ordered), walked.complete)


async def others_beside(ledger: Ledger, shown: Iterable[Node], view: View = NOW) -> list[Node]:
    """The people and organisations that these statements name, which make sense only with them."""
    here = list(shown)
    refs = {(node.type, node.id) for node in here}
    named = (end for node in here if isinstance(node.fact, _STATEMENTS) for edge in node.states for end in _ends(edge))
    wanted = sorted({end for end in named if end[0] in ("person", "organisation")} - refs)
    return await nodes(ledger, wanted, view)


async def search(ledger: Ledger, text: str, first: int, view: View = NOW) -> Found:
    """Nodes whose id begins with this text, exact ones first, and providers, offices and registers by their names.

    People are found by id alone: the name of a person is for display only.
    """
    text = text.strip()
    if not text:
        return Found([], complete=True)
    exact = [(each, text) for each in TYPES if each != "consent"]
    facts = await _facts(ledger, exact, view)
    refs: list[Ref] = [ref for ref in exact if ref in facts and not facts[ref].retracted]
    registers = {**dict.fromkeys(TABLE), **await ledger.registers(view)}
    for name, register in sorted(registers.items()):
        if text.casefold() in f"{name} {register.name or '' if register else ''}".casefold():
            refs.append(("register", name))
    complete = True
    for fact_type in ("provider", "organisation"):
        named, all_looked_at = await _named(ledger, _type(fact_type), text.casefold(), view)
        refs += named
        complete = complete and all_looked_at
    for fact_type in _SEARCHED:
        begins = [each for each in await ledger.ids(fact_type, text, first + 1) if each.startswith(text)]
        known = await ledger.find(fact_type, begins, view)
        refs += [(fact_type, each) for each in begins if each in known]
    unique = list(dict.fromkeys(refs))
    return Found(await nodes(ledger, unique[:first], view), complete and len(unique) <= first)


async def _named(ledger: Ledger, fact_type: FactType, text: str, view: View) -> tuple[list[Ref], bool]:
    """Those of this type whose name has this text in it, and whether every name was looked at."""
    found: list[Ref] = []
    after, looked_at = "", 0
    while looked_at < NAMES_MAX:
        ids = await ledger.ids(fact_type, after, _TOGETHER)
        if not ids:
            return found, True
        after, looked_at = ids[-1], looked_at + len(ids)
        facts = await ledger.find(fact_type, ids, view)
        for each in ids:
            fact = facts.get(each)
            if isinstance(fact, Provider | Organisation) and text in (fact.name or "").casefold():
                found.append((fact_type, each))
    return found, False


async def _stated_then(ledger: Ledger, person: str, view: View) -> list[Ref]:
    """Statements about this person in a past view, and authorities that they held over others then."""
    own = await ledger.neighbourhood(about(person, view), view.as_of)
    stated: list[Fact] = [*own.authorities.get(person, ()), *own.consents, *own.abilities, *own.blocks]
    after = ""
    while others := await ledger.represented_by(person, after, _TOGETHER):
        after = others[-1]
        arounds = await ledger.neighbourhoods([about(other, view) for other in others], view.as_of)
        held = (
            each for other, around in zip(others, arounds, strict=True) for each in around.authorities.get(other, ())
        )
        stated += [each for each in held if each.representative == person]
    return [(type_of(fact), fact.id) for fact in stated]


def about(person: str, view: View) -> Question:
    """A question that gathers what is stated about somebody; it is never decided."""
    return Question(
        representative=person,
        represented=person,
        provider="none",
        service="none/none",
        assurance="BASIC",
        at=0,
        known_at=view.known_at,
    )


async def _facts(ledger: Ledger, refs: Sequence[Ref], view: View) -> dict[Ref, Fact]:
    """The versions that hold in this view, retracted ones too."""
    held = await ledger.versions(refs, view)
    return {ref: fact for ref, (_, fact) in held.items()}


async def _organisations(ledger: Ledger, facts: Iterable[Fact]) -> set[str]:
    """Which of the parties that these facts name are organisations."""
    parties = sorted(set().union(*(parties_of(fact) for fact in facts)))
    known = await ledger.holding_versions([("organisation", party) for party in parties])
    return {party for _, party in known}


def _node(ref: Ref, fact: Fact | None, organisations: set[str]) -> Node:
    states = () if fact is None else tuple(relations_of(fact, organisations))
    return Node(*ref, fact, states)


def told_to_nobody(fact: Fact) -> bool:
    """What somebody refused for themselves: a child's refusal is told like its silence."""
    return isinstance(fact, Consent) and not fact.given and fact.from_ == fact.represented


def _ends(edge: Edge) -> tuple[Ref, Ref]:
    return _ref(*edge.source), _ref(*edge.target)


def _ref(fact_type: str, fact_id: str) -> Ref:
    return _type(fact_type), fact_id


def _type(name: str) -> FactType:
    return next(each for each in TYPES if each == name)


def _sortable(group: Group) -> tuple[str, bool, str, str]:
    return group.relation, group.incoming, group.type, group.kind or ""
