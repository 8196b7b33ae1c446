MATCH (ledger:Ledger {name: 'machtigen'})
WITH ledger.position AS until
CALL (until) {
  MATCH (f:Fact) USING INDEX SEEK f:Fact(holder, about)
  WHERE f.holder = $holder AND f.about > $after AND f.position <= until
  WITH DISTINCT f.holder AS holder, f.about AS id ORDER BY holder, id LIMIT $limit
  RETURN id
}
RETURN id
