// What the version before stated and the newest one does not.
UNWIND $relations AS relation
MATCH (source:Thing {key: relation.source})-[r]->(target:Thing {key: relation.target})
USING INDEX SEEK source:Thing(key)
WHERE type(r) = relation.name
DELETE r
