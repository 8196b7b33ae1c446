"""Sources that contradict each other, as an operator sees them."""

from __future__ import annotations

from typing import Self

import strawberry
from strawberry import ID

from graph.registers.contradictions import Contradiction as Found
from resolvers.contradictions import Listed
from resolvers.paging import cursor_of
from schema.decisions import PageInfo, page_info
from schema.scalars import DateTime
from schema.things import Person

CONTRADICTIONS = "contradictions"


@strawberry.type(description="What two sources say about somebody that cannot be true together; nothing resolves it.")
class Contradiction:
    """`graph.registers.contradictions.Contradiction`."""

    person: Person = strawberry.field(description="About whom.")
    sentence: str = strawberry.field(description="Which source says what, by ids.")
    since: DateTime = strawberry.field(
        description="When the newest of it was stated, began or ended; the year 1: since ever."
    )

    @classmethod
    def of(cls, found: Found) -> Self:
        """From what the list has."""
        return cls(person=Person(id=ID(found.person)), sentence=found.sentence, since=DateTime(found.since))


@strawberry.type
class ContradictionEdge:
    """Relay's edge."""

    cursor: str
    node: Contradiction


@strawberry.type(description="Contradictions that hold now, by person.")
class ContradictionConnection:
    """Relay's connection, and how far it was looked."""

    nodes: list[Contradiction]
    edges: list[ContradictionEdge]
    page_info: PageInfo
    total_count: int = strawberry.field(description="On all pages.")
    as_of: str = strawberry.field(description="The token of the ledger position up to which facts were looked at.")
    complete: bool = strawberry.field(
        description="Whether that is everything; false after very many new facts: ask again, and it gets further."
    )

    @classmethod
    def of(cls, listed: Listed, after: str | None) -> Self:
        """From a page of the list."""
        nodes = [Contradiction.of(each) for each in listed.page.items]
        cursors = [cursor_of(CONTRADICTIONS, each.person, each.sentence) for each in listed.page.items]
        return cls(
            nodes=nodes,
            edges=[ContradictionEdge(cursor=cursor, node=node) for cursor, node in zip(cursors, nodes, strict=True)],
            page_info=page_info(listed.page.more, after, cursors),
            total_count=listed.total,
            as_of=listed.reach.token,
            complete=listed.reach.complete,
        )
