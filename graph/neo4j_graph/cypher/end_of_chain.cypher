// Under the lock. Facts beyond the ledger's position are of a writer that ended between its two transactions: they
// are whole and durable, so the chain goes on after them.
MATCH (ledger:Ledger {name: 'machtigen'})
WITH ledger,
     COLLECT {
       MATCH (f:Fact) USING INDEX SEEK f:Fact(position)
       WHERE f.position > ledger.position
       RETURN f ORDER BY f.position DESC LIMIT 1
     } AS beyond,
     COLLECT {
       MATCH (f:Fact) USING INDEX SEEK f:Fact(position)
       WHERE f.position > ledger.position AND f.type = 'register'
       RETURN max(f.position)
     } AS registers
RETURN coalesce(head(beyond).position, ledger.position) AS position,
       coalesce(head(beyond).link, ledger.link) AS link,
       coalesce(head(registers), 0) AS registers,
       ledger.appended AS append, ledger.appended_facts AS recorded,
       coalesce(ledger.stated_registers, []) AS stated_registers,
       coalesce(ledger.stated_authorities, []) AS stated_authorities
