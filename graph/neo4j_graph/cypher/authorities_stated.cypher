// By register, how many authorities hold by its word; kept by whoever writes.
MATCH (ledger:Ledger {name: 'machtigen'})
RETURN coalesce(ledger.stated_registers, []) AS registers, coalesce(ledger.stated_authorities, []) AS authorities
