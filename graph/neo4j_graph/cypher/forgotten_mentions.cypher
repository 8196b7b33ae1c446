// Things that nothing mentions any more.
UNWIND $keys AS key
MATCH (t:Thing {key: key}) USING INDEX SEEK t:Thing(key)
WHERE t:Mentioned AND NOT EXISTS { (t)--() }
DELETE t
