"""Signed statements: the keys, and the JWK Set by which providers verify them (docs/statement.md)."""
