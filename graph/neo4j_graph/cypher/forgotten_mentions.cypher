// Things that nothing mentions any more.
UNWIND $keys AS key
MATCH (t:Thing {key: key})
WHERE t:Mentioned AND NOT EXISTS { (t)--() }
DELETE t
