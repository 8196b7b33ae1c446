MATCH (ledger:Ledger {name: 'machtigen'})
MATCH (f:Fact) USING INDEX f:Fact(employer, employee)
WHERE f.employer = $organisation AND f.employee > $after AND f.position <= ledger.position
RETURN DISTINCT f.employee AS id
ORDER BY id LIMIT $limit
