// What was consented to, found and blocked, and about whom
MATCH path = (statement)-[:ABOUT]->()
WHERE statement:Consent OR statement:Ability OR statement:Block
OPTIONAL MATCH beside = (statement)-[:GAVE|TO|AT|PLACED|AGAINST]-()
RETURN path, beside
LIMIT 50
