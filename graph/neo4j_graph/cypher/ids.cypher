// In the index's own order, all of it named, so that a page costs a page.
MATCH (ledger:Ledger {name: 'machtigen'})
WITH ledger.position AS until
CALL (until) {
  MATCH (f:Fact) USING INDEX SEEK f:Fact(type, id, recorded_at)
  WHERE f.type = $type AND f.id > $after AND f.recorded_at IS NOT NULL AND f.position <= until
  WITH DISTINCT f.type AS type, f.id AS id ORDER BY type, id LIMIT $limit
  RETURN id
}
RETURN id
