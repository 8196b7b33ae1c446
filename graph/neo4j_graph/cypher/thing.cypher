OPTIONAL MATCH (t:Thing {key: $key})
RETURN t:Organisation AS organisation
