// Things one relation away from these that were not seen yet. Stops at the limit, so that a register that millions of
// statements are recorded in costs no more than that. Whatever these relations reach is a Thing: a label here would
// only tempt the planner of a small database into looking through all of them.
UNWIND $keys AS key
MATCH (from:Thing {key: key})-[:HOLDS|OVER|COVERS|AT|CANDIDATE_FOR|OFFERS|OF|WORKS_FOR|GAVE|TO|ABOUT|PLACED|AGAINST|RECORDED_IN]-(t)
USING INDEX from:Thing(key)
WHERE NOT t.key IN $seen
RETURN DISTINCT t.key AS key, t:Organisation AS organisation
LIMIT $limit
