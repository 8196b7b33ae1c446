"""Who asked what, and on which ground it was answered: one record per decision and per change (docs/audit.md)."""
