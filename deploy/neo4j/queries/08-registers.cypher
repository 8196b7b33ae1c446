// Registers: how much is recorded in each, and when it was last heard from
MATCH (register:Register)
RETURN register.id AS register, COUNT { (register)<-[:RECORDED_IN]-() } AS recorded, register.heard_from AS heard_from,
       register.max_silence AS max_silence, NOT register:Mentioned AS `has a fact of its own`
ORDER BY register
