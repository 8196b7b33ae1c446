// Every version of a statement, oldest first; first set :param type => 'authority' and :param id => 'a1'
MATCH (fact:Fact {type: $type, id: $id})
RETURN fact.position AS position, datetime({epochMillis: fact.recorded_at / 1000}) AS recorded_at, fact.line AS line
ORDER BY fact.recorded_at, position
