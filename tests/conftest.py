"""Fixtures that several folders use."""

from tests.neo4j_server import neo4j_graph, neo4j_server

__all__ = ["neo4j_graph", "neo4j_server"]
