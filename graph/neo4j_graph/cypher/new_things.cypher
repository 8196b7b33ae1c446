UNWIND $things AS thing
CREATE (t:Thing:$(thing.labels))
SET t = thing.properties
