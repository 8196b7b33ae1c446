// The newest facts, and what the chain over all of them has come to
MATCH (fact:Fact)
WHERE fact.position > 0
RETURN fact.position AS position, fact.line AS line, fact.hash AS hash, fact.link AS link
ORDER BY position DESC
LIMIT 25
