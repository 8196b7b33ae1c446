// Of each statement the version that holds, and the hashes of its versions recorded at the same instant as a new one.
UNWIND $versions AS version
CALL (version) {
  MATCH (f:Fact) USING INDEX SEEK f:Fact(type, id, recorded_at)
  WHERE f.type = version.type AND f.id = version.id AND f.recorded_at <= $last_instant
  RETURN f ORDER BY f.type DESC, f.id DESC, f.recorded_at DESC, f.position DESC LIMIT 1
}
CALL (version) {
  MATCH (f:Fact) USING INDEX SEEK f:Fact(type, id, recorded_at)
  WHERE f.type = version.type AND f.id = version.id AND f.recorded_at IN version.recorded_at
  RETURN collect(f.hash) AS hashes
}
RETURN collect([version.type, version.id, f.line, hashes]) AS found
