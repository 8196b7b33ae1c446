// Every property of every version after a position, for comparing with its line and with the chain.
MATCH (f:Fact) USING INDEX SEEK f:Fact(position)
WHERE f.position > $after
WITH f ORDER BY f.position LIMIT $limit
RETURN collect(properties(f)) AS facts
