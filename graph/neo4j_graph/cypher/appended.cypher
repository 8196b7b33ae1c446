// Which append these facts came with, so that a repeated attempt knows that the first one was committed.
MATCH (ledger:Ledger {name: 'machtigen'})
SET ledger.appended = $append, ledger.appended_facts = $recorded
