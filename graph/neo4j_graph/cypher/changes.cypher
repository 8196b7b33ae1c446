MATCH (f:Fact) USING INDEX f:Fact(position)
WHERE $after < f.position <= $until
RETURN f.position AS position, f.hash AS hash, f.line AS line
ORDER BY position
