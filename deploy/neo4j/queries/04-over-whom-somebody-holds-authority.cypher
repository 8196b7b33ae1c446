// Over whom a person or organisation holds authority; first set who, for example :param id => 'p1'
MATCH path = (holder {id: $id})-[:HOLDS]->(:Authority)-[:OVER]->(represented)
RETURN path
LIMIT 100
