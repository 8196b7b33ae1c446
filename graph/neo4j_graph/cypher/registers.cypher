// The register facts that hold, retracted ones too.
MATCH (ledger:Ledger {name: 'machtigen'})
WITH ledger.position AS position
CALL (position) {
  MATCH (r:Register)
  CALL (position, r) {
    MATCH (f:Fact) USING INDEX SEEK f:Fact(type, id, recorded_at)
    WHERE f.type = 'register' AND f.id = r.id
      AND f.recorded_at <= $known_at AND f.position <= coalesce($as_of, position)
    RETURN f.line AS line ORDER BY f.type DESC, f.id DESC, f.recorded_at DESC, f.position DESC LIMIT 1
  }
  RETURN collect(line) AS lines
}
RETURN position, lines
