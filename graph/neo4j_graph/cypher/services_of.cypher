// A service's id is its provider's, a slash, and a short name without one.
MATCH (ledger:Ledger {name: 'machtigen'})
WITH ledger.position AS until
CALL (until) {
  MATCH (f:Fact) USING INDEX SEEK f:Fact(type, id, recorded_at)
  WHERE f.type = 'service' AND f.id STARTS WITH $provider + '/' AND f.recorded_at IS NOT NULL
    AND NOT substring(f.id, size($provider) + 1) CONTAINS '/' AND f.position <= until
  WITH DISTINCT f.type AS type, f.id AS id ORDER BY type, id
  RETURN id
}
RETURN id
