// Ids that are only referred to: they count as unknown
MATCH path = (mentioned:Mentioned)--(statement)
WHERE NOT mentioned:Register
RETURN path
LIMIT 50
