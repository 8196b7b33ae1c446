MATCH (ledger:Ledger {name: 'machtigen'})
MATCH (f:Fact) USING INDEX f:Fact(holder, about)
WHERE f.holder = $holder AND f.about > $after AND f.position <= ledger.position
RETURN DISTINCT f.about AS id
ORDER BY id LIMIT $limit
