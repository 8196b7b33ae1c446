// Who holds authority over a person; first set who, for example :param id => 'p1'
MATCH (represented {id: $id})<-[:OVER]-(authority:Authority)-[:RECORDED_IN]->(register:Register)
OPTIONAL MATCH (holder)-[:HOLDS]->(authority)
RETURN authority.kind AS kind, holder.id AS holder, holder.name AS name, coalesce(authority.status, 'ACTIVE') AS status,
       authority.valid_from AS `from`, authority.valid_until AS until, register.id AS register, authority.id AS authority
ORDER BY kind, holder
