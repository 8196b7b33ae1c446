// An organisation: who works there, and what it holds; first set which, for example :param id => 'o1'
MATCH path = (organisation:Organisation {id: $id})-[:WORKS_FOR|HOLDS]-()
OPTIONAL MATCH over = (organisation)-[:HOLDS]->(:Authority)-[:OVER]->()
RETURN path, over
LIMIT 100
