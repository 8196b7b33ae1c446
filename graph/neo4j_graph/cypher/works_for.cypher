// Derived, so only once however many employments say it.
UNWIND $relations AS relation
MATCH (source:Thing {key: relation.source}) USING INDEX SEEK source:Thing(key)
MATCH (target:Thing {key: relation.target}) USING INDEX SEEK target:Thing(key)
MERGE (source)-[:WORKS_FOR]->(target)
