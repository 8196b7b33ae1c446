// Every property of every version after a position, for comparing with its line and with the chain.
MATCH (f:Fact) USING INDEX f:Fact(position)
WHERE f.position > $after
RETURN properties(f) AS fact
ORDER BY f.position LIMIT $limit
