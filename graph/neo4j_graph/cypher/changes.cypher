// One record for all: the driver takes far longer over a record than over what is in it.
MATCH (f:Fact) USING INDEX SEEK f:Fact(position)
WHERE $after < f.position <= $until
WITH f ORDER BY f.position
RETURN collect([f.position, f.hash, f.line]) AS changes
