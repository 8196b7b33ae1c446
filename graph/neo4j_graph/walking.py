"""Walking the property graph that Neo4j holds, nearest first."""

from __future__ import annotations

from graph.ledger import Edge, Node, Subgraph
from graph.neo4j_graph.connection import Connection
from graph.neo4j_graph.queries import query
from graph.neo4j_graph.reading import holding_versions
from graph.neo4j_graph.rows import key_of, node_of
from graph.relations import Key


async def walk(connection: Connection, node: Key, depth: int, limit: int) -> Subgraph:
    """The nodes within `depth` relations, at most `limit`.

    Of those nearer than `depth` every relation is there, if both its ends are.
    """
    start = key_of(node)
    (first,) = await connection.read(query("thing"), key=start)
    if node_of(start, organisation=first["organisation"]) != node:
        start = ""  # the other kind of party bears this id: nothing is known of this one
    nodes: dict[str, tuple[int, Key]] = {start: (0, node)}
    frontier, complete = ([start] if start else []), True
    for distance in range(1, depth + 1):
        room = limit - len(nodes)
        found = await connection.read(query("next_to"), keys=frontier, seen=list(nodes), limit=room + 1)
        complete = complete and len(found) <= room
        frontier = []
        for row in found[:room]:
            nodes[row["key"]] = distance, node_of(row["key"], organisation=row["organisation"])
            frontier.append(row["key"])
        if not frontier:
            break
    inner = [key for key, (distance, _) in nodes.items() if distance < depth]
    related = await connection.read(query("relations_among"), keys=list(nodes), inner=inner) if start else []
    edges = [Edge(row["relation"], nodes[row["source"]][1], nodes[row["target"]][1]) for row in related]
    facts = await holding_versions(connection, [key for _, key in nodes.values()])
    return Subgraph(
        nodes=tuple(Node(*key, facts.get(key)) for _, key in sorted(nodes.values())),
        edges=tuple(sorted(edges, key=lambda edge: (edge.source, edge.relation, edge.target))),
        complete=complete,
    )
