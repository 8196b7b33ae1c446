UNWIND $facts AS fact
CREATE (f:Fact)
SET f = fact
