// Which append these facts came with, so that a repeated attempt knows that the first one was committed; and how many
// authorities hold by each register's word now.
MATCH (ledger:Ledger {name: 'machtigen'})
SET ledger.appended = $append, ledger.appended_facts = $recorded,
    ledger.stated_registers = $stated_registers, ledger.stated_authorities = $stated_authorities
