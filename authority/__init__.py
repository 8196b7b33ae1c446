"""The law: pure functions over facts. No I/O, no clock, no framework (docs/architecture.md)."""
