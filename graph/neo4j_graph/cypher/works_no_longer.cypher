// After the employments' own relations are up to date.
UNWIND $relations AS relation
MATCH (source:Thing {key: relation.source})-[r:WORKS_FOR]->(target:Thing {key: relation.target})
USING INDEX SEEK source:Thing(key)
WHERE NOT EXISTS { (source)<-[:OF]-(:Employment)-[:AT]->(target) }
DELETE r
