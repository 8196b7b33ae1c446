MATCH (ledger:Ledger {name: 'machtigen'})
MATCH (f:Fact) USING INDEX f:Fact(type, id, recorded_at)
WHERE f.type = $type AND f.id > $after AND f.recorded_at IS NOT NULL AND f.position <= ledger.position
RETURN DISTINCT f.id AS id
ORDER BY id LIMIT $limit
