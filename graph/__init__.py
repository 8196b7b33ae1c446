"""Where facts live: the ledger, the embedded graph, Neo4j, import and export."""
