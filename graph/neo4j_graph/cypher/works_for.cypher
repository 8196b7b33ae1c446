// Derived, so only once however many employments say it.
UNWIND $relations AS relation
MATCH (source:Thing {key: relation.source})
MATCH (target:Thing {key: relation.target})
MERGE (source)-[:WORKS_FOR]->(target)
