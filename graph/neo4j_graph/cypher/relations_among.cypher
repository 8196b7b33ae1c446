// Relations between these things that have an end among the inner ones. Followed from their source: what many
// relations end at (a register, a service) is then never looked through.
UNWIND $keys AS key
MATCH (source:Thing {key: key})-[r:HOLDS|OVER|COVERS|AT|CANDIDATE_FOR|OFFERS|OF|WORKS_FOR|GAVE|TO|ABOUT|PLACED|AGAINST|RECORDED_IN]->(target:Thing)
USING INDEX SEEK source:Thing(key)
WHERE target.key IN $keys AND (key IN $inner OR target.key IN $inner)
RETURN DISTINCT type(r) AS relation, key AS source, target.key AS target
