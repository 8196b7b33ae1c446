// Counts that Neo4j keeps, so that this takes no time however large the graph is.
MATCH (ledger:Ledger {name: 'machtigen'})
RETURN {
  facts: ledger.position,
  person: COUNT { (:Person) },
  organisation: COUNT { (:Organisation) },
  employment: COUNT { (:Employment) },
  provider: COUNT { (:Provider) },
  service: COUNT { (:Service) },
  authority: COUNT { (:Authority) },
  consent: COUNT { (:Consent) },
  ability: COUNT { (:Ability) },
  block: COUNT { (:Block) },
  register: COUNT { MATCH (r:Register) WHERE NOT r:Mentioned }
} AS counts
