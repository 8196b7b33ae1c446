MATCH (ledger:Ledger {name: 'machtigen'})
MATCH (f:Fact) USING INDEX SEEK f:Fact(about)
WHERE f.about = $represented AND f.holder IS NOT NULL AND f.position <= ledger.position
RETURN DISTINCT f.holder AS id
ORDER BY id
