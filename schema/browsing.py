"""The graph as the explorer sees it: nodes of any type, the relations that they state, what lies next to them."""

# mypy: disable-error-code="untyped-decorator"
# strawberry.field does not say what it makes of a function
from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Self, cast

import msgspec
import strawberry
from strawberry import ID, Private, argument
from strawberry.federation.schema_directives import Cost
from strawberry.scalars import JSON

from authority.facts import Authority, Provider
from graph.errors import BadInput, Problem
from graph.intake import line_of
from graph.ledger import Edge
from resolvers import browsing
from resolvers.browsing import Ref
from resolvers.paging import FIRST_DEFAULT, checked, cursor_of, keys_of
from resolvers.reading import Sight
from resolvers.telling import Looked, tell
from schema.context import Info
from schema.ids import id_of
from schema.scalars import DateTime
from schema.sizes import NODES, about
from schema.words import FactType

_NEIGHBOURS = "neighbours"
SEARCH_FIRST = 20


@strawberry.input(description="A node of the graph: a thing or a statement, by its type and its id.")
class NodeRef:
    """`resolvers.browsing.Ref`."""

    type: FactType
    id: ID

    def ref(self, info: Info, where: str) -> Ref:
        """Raises BadInput, and BsnNotConfigured for a number."""
        fact_type = cast("FactType", str(self.type))
        return fact_type, id_of(self.id, f"{where}.id", fact_type.capitalize())


@strawberry.type(description="One end of a relation.")
class GraphEnd:
    """A node by type and id."""

    type: FactType
    id: ID

    @classmethod
    def of(cls, end: tuple[str, str]) -> Self:
        """From an edge."""
        return cls(type=cast("FactType", end[0]), id=ID(end[1]))


@strawberry.type(description="A relation, named as in Neo4j: HOLDS, OVER, COVERS, AT, OFFERS, OF, WORKS_FOR, GAVE, …")
class GraphEdge:
    """`graph.ledger.Edge`."""

    relation: str
    source: GraphEnd
    target: GraphEnd

    @classmethod
    def of(cls, edge: Edge) -> Self:
        """From the graph's own."""
        return cls(relation=edge.relation, source=GraphEnd.of(edge.source), target=GraphEnd.of(edge.target))


@strawberry.type(description="How many neighbours of one sort a node has.")
class NeighbourGroup:
    """`resolvers.browsing.Group`."""

    relation: str
    incoming: bool = strawberry.field(description="The relation ends at the node whose neighbours these are.")
    type: FactType
    kind: str | None = strawberry.field(description="As `GraphNode.kind`.")
    count: int


@strawberry.input(description="Which neighbours: those of one sort.")
class NeighbourGroupInput:
    """`resolvers.browsing.Group`."""

    relation: str
    incoming: bool
    type: FactType
    kind: str | None = None


@strawberry.type(description="Neighbours of a node, and what is needed to read them.")
class GraphNeighbours:
    """A page."""

    nodes: list[GraphNode] = strawberry.field(
        description="By type and id; then the people and organisations that the statements among them name."
    )
    end_cursor: str | None = strawberry.field(description="Pass it as `after` for the next page; null: no more.")


@strawberry.type(
    description="A node of the graph, as it is at `knownAt` and `asOf`: a thing, or a statement about things."
)
class GraphNode:
    """`resolvers.browsing.Node`."""

    type: FactType
    id: ID
    kind: str | None = strawberry.field(
        description="An authority's or organisation's kind, a provider's sector, a service's domain, a block's reason."
    )
    name: str | None = strawberry.field(description="For display only.")
    known: bool = strawberry.field(description="false: something names it, and nothing else is known of it.")
    fact: JSON | None = strawberry.field(description="The version that holds, as a facts file has it; null: not known.")
    register: ID | None = strawberry.field(description="Whose word this is.")
    recorded_at: DateTime | None = strawberry.field(description="When the register knew it; the year 1: since ever.")
    valid_from: DateTime | None = strawberry.field(description="Of a statement: belongs to it; null: since ever.")
    valid_until: DateTime | None = strawberry.field(description="Of a statement: does not belong to it; null: open.")
    closed: bool = strawberry.field(
        description="Counts at no time, whatever its dates: taken back, or an authority that is not ACTIVE, or a "
        "provider that is not LIVE."
    )
    states: list[GraphEdge] = strawberry.field(description="The relations that it states, also to what is not shown.")
    node: Private[browsing.Node]
    sight: Private[Sight]
    beside: Private[browsing.Neighbours | None] = None

    @classmethod
    def of(cls, node: browsing.Node, sight: Sight) -> Self:
        """From the resolver's own."""
        fact: Any = node.fact
        return cls(
            type=node.type,
            id=ID(node.id),
            kind=node.kind,
            name=getattr(fact, "name", None),
            known=fact is not None and not fact.retracted,
            fact=None if fact is None else msgspec.json.decode(line_of(fact)),
            register=None if fact is None else ID(fact.register),
            recorded_at=None if fact is None else DateTime(fact.recorded_at),
            valid_from=cast("DateTime | None", getattr(fact, "valid_from", None)),
            valid_until=cast("DateTime | None", getattr(fact, "valid_until", None)),
            closed=fact is not None and _is_closed(fact),
            states=[GraphEdge.of(edge) for edge in node.states],
            node=node,
            sight=sight,
        )

    async def _beside(self, info: Info) -> browsing.Neighbours:
        if self.beside is None:
            looked([self.node])
            self.beside = await browsing.neighbours(
                info.context.ledger, (self.node.type, self.node.id), self.sight.view
            )
        return self.beside

    @strawberry.field(
        description="How many of each sort lie next to it: to be known before they are fetched.",
        directives=[about(20)],
    )
    async def neighbour_counts(self, info: Info) -> list[NeighbourGroup]:
        """By relation."""
        return [
            NeighbourGroup(
                relation=group.relation,
                incoming=group.incoming,
                type=group.type,
                kind=group.kind,
                count=count,
            )
            for group, count in (await self._beside(info)).counts()
        ]

    @strawberry.field(
        description="false: it has more than 5,000 neighbours, and no more are counted or listed.",
        directives=[Cost(weight=20)],
    )
    async def neighbours_complete(self, info: Info) -> bool:
        """Of a register, say."""
        return (await self._beside(info)).complete

    @strawberry.field(description="What lies next to it, page by page.", directives=[NODES, Cost(weight=20)])
    async def neighbours(
        self,
        info: Info,
        groups: Annotated[
            list[NeighbourGroupInput] | None,
            argument(description="Only these sorts; null: all but the register that it is recorded in."),
        ] = None,
        first: Annotated[int | None, argument(description="How many on a page, 1 to 100.")] = FIRST_DEFAULT,
        after: Annotated[str | None, argument(description="The `endCursor` of the page before.")] = None,
    ) -> GraphNeighbours:
        """Each once."""
        count = checked(first)
        after_type, after_id = keys_of(_NEIGHBOURS, after, 2)
        wanted = None if groups is None else {_group(each) for each in groups}
        chosen: dict[Ref, browsing.Node] = {}
        for group, node in (await self._beside(info)).found:
            is_wanted = not _is_source(group) if wanted is None else group in wanted
            if is_wanted and (node.type, node.id) > (after_type, after_id):
                chosen.setdefault((node.type, node.id), node)
        page = list(chosen.values())[:count]
        beside = await browsing.others_beside(info.context.ledger, page, self.sight.view)
        cursor = cursor_of(_NEIGHBOURS, page[-1].type, page[-1].id) if len(chosen) > count else None
        own = (self.node.type, self.node.id)
        shown = [*page, *(node for node in beside if (node.type, node.id) != own)]
        looked(shown)
        return GraphNeighbours(nodes=[GraphNode.of(node, self.sight) for node in shown], end_cursor=cursor)


@strawberry.type(description="What a search found.")
class SearchResult:
    """`resolvers.browsing.Found`."""

    nodes: list[GraphNode]
    complete: bool = strawberry.field(description="false: there is more; say more of the id or the name.")


async def graph_nodes(info: Info, of: Sequence[NodeRef], sight: Sight) -> list[GraphNode]:
    """These nodes. Raises BadInput for more than NODES_MAX."""
    if len(of) > browsing.NODES_MAX:
        found, expected = f"{len(of)} nodes", f"at most {browsing.NODES_MAX}"
        raise BadInput([Problem("WRONG_VALUE", field="of", found=found, expected=expected)])
    refs = [each.ref(info, f"of[{place}]") for place, each in enumerate(of)]
    nodes = await browsing.nodes(info.context.ledger, refs, sight.view)
    looked(nodes)
    return [GraphNode.of(node, sight) for node in nodes]


async def searched(info: Info, text: str, first: int | None, sight: Sight) -> SearchResult:
    """By id or name."""
    wanted = id_of(text.strip(), "text", "Person", "Organisation", "Provider", "Service", "Authority", "Register")
    found = await browsing.search(info.context.ledger, wanted, checked(first, SEARCH_FIRST), sight.view)
    looked(found.nodes)
    return SearchResult(nodes=[GraphNode.of(node, sight) for node in found.nodes], complete=found.complete)


def looked(nodes: Sequence[browsing.Node]) -> None:
    """Tell that these were shown."""
    tell(Looked(tuple(f"{node.type}/{node.id}" for node in nodes)))


def _group(said: NeighbourGroupInput) -> browsing.Group:
    return browsing.Group(said.relation, said.incoming, cast("FactType", str(said.type)), said.kind)


def _is_source(group: browsing.Group) -> bool:
    return group.relation == "RECORDED_IN" and not group.incoming


def _is_closed(fact: Any) -> bool:
    if isinstance(fact, Authority):
        return fact.retracted or fact.status != "ACTIVE"
    if isinstance(fact, Provider):
        return fact.retracted or fact.status != "LIVE"
    return bool(fact.retracted)
