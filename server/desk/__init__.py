"""The mandate desk in a server: opened by every worker, and driven by the one that has the turn (docs/mandates.md)."""
