// Things one relation away from these that were not seen yet. Stops at the limit, so that a register that millions of
// statements are recorded in costs no more than that.
UNWIND $keys AS key
MATCH (from:Thing {key: key})-[:HOLDS|OVER|COVERS|AT|CANDIDATE_FOR|OFFERS|OF|WORKS_FOR|GAVE|TO|ABOUT|PLACED|AGAINST|RECORDED_IN]-(t:Thing)
USING INDEX from:Thing(key)
WHERE NOT t.key IN $seen
RETURN DISTINCT t.key AS key, t:Organisation AS organisation
LIMIT $limit
