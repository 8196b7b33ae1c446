"""The ledger in Neo4j 5.26 LTS or later (DESIGN.md chapter 5)."""

from graph.neo4j_graph.graph import Neo4jGraph

__all__ = ["Neo4jGraph"]
