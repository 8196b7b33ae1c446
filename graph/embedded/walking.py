"""Walking the property graph of `graph.relations`, nearest first, from the newest versions."""

from __future__ import annotations

from collections.abc import Iterator

from authority.codes import FactType
from authority.facts import TYPES, Fact, type_of
from graph.embedded.layout import EMPLOYS, HOLDS, OFFERS
from graph.embedded.looking import Look
from graph.ledger import Edge, Node, Subgraph
from graph.relations import Key, relations_of


class Walk:
    """One walk: which nodes were reached, in the order of their distance, and the relations between them."""

    def __init__(self, look: Look, limit: int) -> None:
        self._look = look
        self._limit = limit
        self._organisations = _Organisations(look)
        self._distance: dict[Key, int] = {}
        self._edges: dict[Edge, None] = {}
        self._complete = True

    def from_node(self, node: Key, depth: int) -> Subgraph:
        """Relations count both ways. Every relation of a node nearer than `depth` is there, if both its ends are."""
        self._distance[node] = 0
        frontier = [node]
        for distance in range(1, depth + 1):
            frontier = [found for near in frontier for found in self._expand(near, distance)]
        nodes = sorted(self._distance, key=lambda key: (self._distance[key], key))
        edges = sorted(self._edges, key=lambda edge: (edge.source, edge.relation, edge.target))
        return Subgraph(
            nodes=tuple(Node(*key, self._newest(key)) for key in nodes),
            edges=tuple(edges),
            complete=self._complete,
        )

    def _expand(self, node: Key, distance: int) -> list[Key]:
        """The nodes next to this one that are new, as far as there is room."""
        found: list[Key] = []
        for edge in self._relations(node):
            other = edge.target if edge.source == node else edge.source
            if other not in self._distance:
                if len(self._distance) >= self._limit:
                    self._complete = False
                    return found
                self._distance[other] = distance
                found.append(other)
            self._edges[edge] = None
        return found

    def _relations(self, node: Key) -> Iterator[Edge]:
        """Every relation with this end, some of them more than once."""
        for fact in self._naming(node):
            for edge in relations_of(fact, self._organisations):
                if node in (edge.source, edge.target):
                    yield edge

    def _naming(self, node: Key) -> Iterator[Fact]:
        """The newest version of everything that may state a relation of this node."""
        look, (node_type, node_id) = self._look, node
        own = self._newest(node)
        if own is not None:
            yield own
        if node_type in ("person", "organisation"):
            record = look.record(node_id)
            yield from record.facts()
            for represented in look.paired(HOLDS, node_id):
                yield from (a for a in look.record(represented).authorities if a.representative == node_id)
            for employee in look.paired(EMPLOYS, node_id):
                yield from (e for e in look.record(employee).employments if e.organisation == node_id)
            yield from self._mentioning("person", node_id)
        elif node_type == "provider":
            services = (look.holding("service", service) for service in look.paired(OFFERS, node_id))
            yield from (service for service in services if service is not None)
            yield from self._mentioning("provider", node_id)
        elif node_type == "service":
            yield from self._mentioning("service", node_id)
        elif node_type == "register":
            yield from self._mentioning("register", node_id)

    def _mentioning(self, fact_type: FactType, fact_id: str) -> Iterator[Fact]:
        """The newest versions of what named this, in any version."""
        seen = set[Key]()
        for position in self._look.mentions(fact_type, fact_id):
            fact = self._look.fact_at(position)
            key = (type_of(fact), fact.id)
            if key not in seen:
                seen.add(key)
                newest = self._look.holding(*key)
                assert newest is not None, "a position has a version"
                yield newest

    def _newest(self, node: Key) -> Fact | None:
        node_type, node_id = node
        for fact_type in TYPES:
            if fact_type == node_type:
                return self._look.holding(fact_type, node_id)
        return None


class _Organisations:
    """Whether an id is an organisation's, asked once each."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._known: dict[str, bool] = {}

    def __contains__(self, party: object) -> bool:
        assert isinstance(party, str)
        if party not in self._known:
            self._known[party] = self._look.version("organisation", party) is not None
        return self._known[party]
