// A thing that was only mentioned is known now, or a known one has a newer version.
UNWIND $things AS thing
MATCH (t:Thing {key: thing.properties.key}) USING INDEX SEEK t:Thing(key)
REMOVE t:Mentioned
SET t:$(thing.labels)
SET t = thing.properties
