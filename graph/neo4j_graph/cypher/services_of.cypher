// A service's id is its provider's, a slash, and a short name without one.
MATCH (ledger:Ledger {name: 'machtigen'})
MATCH (f:Fact) USING INDEX f:Fact(type, id, recorded_at)
WHERE f.type = 'service' AND f.id STARTS WITH $provider + '/'
  AND NOT substring(f.id, size($provider) + 1) CONTAINS '/' AND f.recorded_at IS NOT NULL AND f.position <= ledger.position
RETURN DISTINCT f.id AS id
ORDER BY id
