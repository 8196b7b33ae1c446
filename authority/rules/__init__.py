"""The rules of facts.md chapter 5: one legal rule, one file, one test file, one link to its source.

A rule is a function of the case and the asker's ground. It gives None where nothing stands in the way, else what it
found. Order between rules lives in `authority.grounds` (5.2), `authority.rules.table` (5.3) and `authority.decide`.
"""
