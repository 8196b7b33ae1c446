// A write lock until the transaction ends: one writer at a time.
MATCH (ledger:Ledger {name: 'machtigen'})
SET ledger.writer = $append
