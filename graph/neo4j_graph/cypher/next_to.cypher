// Things one relation away from these that were not seen yet. Stops at the limit, so that a register that millions of
// statements are recorded in costs no more than that. The far end has no name in the pattern: named, the planner may
// look for it first, through all things, where things are few and relations many.
UNWIND $keys AS key
MATCH (from:Thing {key: key})-[r:HOLDS|OVER|COVERS|AT|CANDIDATE_FOR|OFFERS|OF|WORKS_FOR|GAVE|TO|ABOUT|PLACED|AGAINST|RECORDED_IN]-()
USING INDEX SEEK from:Thing(key)
WITH CASE WHEN startNode(r) = from THEN endNode(r) ELSE startNode(r) END AS t
WHERE NOT t.key IN $seen
RETURN DISTINCT t.key AS key, t:Organisation AS organisation
LIMIT $limit
