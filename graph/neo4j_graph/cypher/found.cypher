// The one ledger node; whoever comes second finds the first one's.
MERGE (ledger:Ledger {name: 'machtigen'})
ON CREATE SET ledger.id = $id, ledger.position = 0, ledger.link = $genesis, ledger.registers = 0
RETURN ledger.id AS ledger
