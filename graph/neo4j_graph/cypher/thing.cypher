OPTIONAL MATCH (t:Thing {key: $key}) USING INDEX SEEK t:Thing(key)
RETURN t:Organisation AS organisation
