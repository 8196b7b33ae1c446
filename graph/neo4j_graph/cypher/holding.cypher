// The versions that hold of these statements, retracted ones too.
MATCH (ledger:Ledger {name: 'machtigen'})
WITH ledger.position AS position
CALL (position) {
  UNWIND $statements AS statement
  CALL (position, statement) {
    MATCH (f:Fact) USING INDEX SEEK f:Fact(type, id, recorded_at)
    WHERE f.type = statement[0] AND f.id = statement[1]
      AND f.recorded_at <= $known_at AND f.position <= coalesce($as_of, position)
    RETURN f.position AS at, f.line AS line ORDER BY f.type DESC, f.id DESC, f.recorded_at DESC, f.position DESC LIMIT 1
  }
  RETURN collect([at, line]) AS versions
}
RETURN position, versions
