"""Who is asking: bearer tokens checked against the issuer's keys, and what they say turned into a `Caller`.

docs/security.md tells what is checked, how keys rotate, and what an operator configures.
"""
