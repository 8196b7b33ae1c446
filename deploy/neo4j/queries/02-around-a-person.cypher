// Around a person; first set who, for example :param id => 'p1'
MATCH path = (person {id: $id})-[:HOLDS|OVER|ABOUT|GAVE|TO|OF|WORKS_FOR|CANDIDATE_FOR|AGAINST]-(statement)
WHERE person:Person OR person:Mentioned
OPTIONAL MATCH other = (statement)-[:HOLDS|OVER|ABOUT|GAVE|TO|AT|COVERS|PLACED]-()
RETURN path, other
LIMIT 200
