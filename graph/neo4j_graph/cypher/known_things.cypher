// Which of these keys have a node, and which of those a fact of their own (`position`).
UNWIND $keys AS key
MATCH (t:Thing {key: key})
RETURN t.key AS key, t.position AS position
