MATCH (ledger:Ledger {name: 'machtigen'})
MATCH (f:Fact) USING INDEX SEEK f:Fact(type, id, recorded_at)
WHERE f.type = $type AND f.id = $id AND f.recorded_at IS NOT NULL AND f.position <= ledger.position
RETURN f.position AS position, f.line AS line
ORDER BY position
