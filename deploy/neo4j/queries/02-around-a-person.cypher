// Around a person, and who else holds authority over the same people; first set who, for example :param id => 'p1'
MATCH path = (person {id: $id})-[:HOLDS|OVER|ABOUT|GAVE|TO|OF|WORKS_FOR|CANDIDATE_FOR|AGAINST]-(statement)
WHERE person:Person OR person:Mentioned
OPTIONAL MATCH other = (statement)-[:HOLDS|OVER|ABOUT|GAVE|TO|AT|COVERS|PLACED]-()
OPTIONAL MATCH beside = (statement)-[:OVER]->()<-[:OVER]-(:Authority)<-[:HOLDS]-()
RETURN path, other, beside
LIMIT 200
