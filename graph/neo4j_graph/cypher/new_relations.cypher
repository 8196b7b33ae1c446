UNWIND $relations AS relation
MATCH (source:Thing {key: relation.source})
MATCH (target:Thing {key: relation.target})
CREATE (source)-[:$(relation.name)]->(target)
