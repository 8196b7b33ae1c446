// A part of the graph: some authorities, who holds them, over whom, for what
MATCH path = (holder)-[:HOLDS]->(authority:Authority)-[:OVER]->(represented)
OPTIONAL MATCH covered = (authority)-[:COVERS]->(:Service)<-[:OFFERS]-(:Provider)
RETURN path, covered
LIMIT 25
