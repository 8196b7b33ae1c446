// Whose database this is: our ledger, what was migrated, and whether anything else is in it.
OPTIONAL MATCH (ledger:Ledger {name: 'machtigen'})
RETURN ledger.id AS ledger,
       COLLECT { MATCH (m:Migration) RETURN m.number ORDER BY m.number } AS migrations,
       EXISTS { MATCH () } AS holds_something
