// Which of these keys have a node, and which of those a fact of their own (`position`).
UNWIND $keys AS key
MATCH (t:Thing {key: key}) USING INDEX SEEK t:Thing(key)
RETURN collect([t.key, t.position IS NOT NULL]) AS known
