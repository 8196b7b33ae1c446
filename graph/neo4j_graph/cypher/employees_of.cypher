MATCH (ledger:Ledger {name: 'machtigen'})
WITH ledger.position AS until
CALL (until) {
  MATCH (f:Fact) USING INDEX SEEK f:Fact(employer, employee)
  WHERE f.employer = $organisation AND f.employee > $after AND f.position <= until
  WITH DISTINCT f.employer AS employer, f.employee AS id ORDER BY employer, id LIMIT $limit
  RETURN id
}
RETURN id
