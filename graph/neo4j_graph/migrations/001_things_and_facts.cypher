// What a person sees in Neo4j Browser: people, organisations, statements, each with its id.
// These come first: Neo4j lists a node's labels in the order in which they came to be, and Browser colours by the first.
CREATE CONSTRAINT person_id IF NOT EXISTS FOR (n:Person) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT organisation_id IF NOT EXISTS FOR (n:Organisation) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT employment_id IF NOT EXISTS FOR (n:Employment) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT provider_id IF NOT EXISTS FOR (n:Provider) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT service_id IF NOT EXISTS FOR (n:Service) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT authority_id IF NOT EXISTS FOR (n:Authority) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT consent_id IF NOT EXISTS FOR (n:Consent) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT ability_id IF NOT EXISTS FOR (n:Ability) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT block_id IF NOT EXISTS FOR (n:Block) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT register_id IF NOT EXISTS FOR (n:Register) REQUIRE n.id IS UNIQUE;
CREATE INDEX mentioned_id IF NOT EXISTS FOR (n:Mentioned) ON (n.id);

// The record itself: every version, at its position.
CREATE CONSTRAINT fact_position IF NOT EXISTS FOR (f:Fact) REQUIRE f.position IS UNIQUE;
CREATE INDEX fact_version IF NOT EXISTS FOR (f:Fact) ON (f.type, f.id, f.recorded_at);
CREATE INDEX fact_about IF NOT EXISTS FOR (f:Fact) ON (f.about);
CREATE INDEX fact_holder IF NOT EXISTS FOR (f:Fact) ON (f.holder, f.about);
CREATE INDEX fact_employer IF NOT EXISTS FOR (f:Fact) ON (f.employer, f.employee);

// Every node that is no :Fact carries :Thing and a key, `type/id`; people and organisations share `party/id`.
CREATE CONSTRAINT thing_key IF NOT EXISTS FOR (n:Thing) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT ledger_name IF NOT EXISTS FOR (l:Ledger) REQUIRE l.name IS UNIQUE;
CREATE CONSTRAINT migration_number IF NOT EXISTS FOR (m:Migration) REQUIRE m.number IS UNIQUE;
