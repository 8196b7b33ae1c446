"""Versions that hold, looked up by their statements."""

from __future__ import annotations

from collections.abc import Sequence

from authority.facts import Fact, type_of
from graph.errors import BadToken, LedgerBehind
from graph.intake import fact_of_line
from graph.ledger import NOW, View
from graph.neo4j_graph.connection import Connection
from graph.neo4j_graph.queries import query
from graph.neo4j_graph.rows import LAST
from graph.relations import Key

_STATEMENTS_AT_ONCE = 5_000


def check_reached(as_of: int | None, position: int) -> None:
    """Raises LedgerBehind where the ledger is not that far, BadToken for what is no position."""
    if as_of is None:
        return
    if as_of < 0:
        raise BadToken(f"no position of a ledger: {as_of}")
    if as_of > position:
        raise LedgerBehind(f"position {as_of} asked for, the ledger has reached {position}")


async def holding_versions(connection: Connection, statements: Sequence[Key], view: View = NOW) -> dict[Key, Fact]:
    """The versions of these that hold, retracted ones too. Raises LedgerBehind."""
    return {key: fact for key, (_, fact) in (await versions(connection, statements, view)).items()}


async def versions(connection: Connection, statements: Sequence[Key], view: View = NOW) -> dict[Key, tuple[int, Fact]]:
    """The same with their positions. Raises LedgerBehind."""
    known_at = LAST if view.known_at is None else view.known_at
    found: dict[Key, tuple[int, Fact]] = {}
    for first in range(0, max(1, len(statements)), _STATEMENTS_AT_ONCE):
        some = [list(statement) for statement in statements[first : first + _STATEMENTS_AT_ONCE]]
        row = await connection.one(
            query("holding"), from_leader=True, statements=some, as_of=view.as_of, known_at=known_at
        )
        check_reached(view.as_of, row["position"])
        for position, line in row["versions"]:
            fact = fact_of_line(line.encode())
            found[type_of(fact), fact.id] = position, fact
    return found
