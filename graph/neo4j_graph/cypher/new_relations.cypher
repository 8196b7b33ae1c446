UNWIND $relations AS relation
MATCH (source:Thing {key: relation.source}) USING INDEX SEEK source:Thing(key)
MATCH (target:Thing {key: relation.target}) USING INDEX SEEK target:Thing(key)
CREATE (source)-[:$(relation.name)]->(target)
