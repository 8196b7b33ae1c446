// In a transaction of its own, after the one with the facts: whoever reads this position finds all of them.
MATCH (ledger:Ledger {name: 'machtigen'})
SET ledger.writer = $append
WITH ledger
WHERE ledger.position < $position
SET ledger.position = $position, ledger.link = $link,
    ledger.registers = CASE WHEN $registers > ledger.registers THEN $registers ELSE ledger.registers END
