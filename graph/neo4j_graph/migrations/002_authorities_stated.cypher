// How many authorities hold by each register's word, counted once in a graph from before this was kept.
MATCH (ledger:Ledger {name: 'machtigen'})
WHERE ledger.stated_registers IS NULL
CALL () {
  MATCH (a:Authority)-[:RECORDED_IN]->(r:Register)
  WHERE NOT coalesce(a.retracted, false)
  WITH r.id AS register, count(*) AS authorities
  RETURN collect(register) AS registers, collect(authorities) AS authorities
}
SET ledger.stated_registers = registers, ledger.stated_authorities = authorities;
