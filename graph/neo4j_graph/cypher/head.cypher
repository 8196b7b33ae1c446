MATCH (ledger:Ledger {name: 'machtigen'})
RETURN ledger.position AS position, ledger.link AS link
