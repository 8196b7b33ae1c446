"""The documents of frontends: read from their files, checked against the schema, listed, and asked for by their hash.

`sources.py` reads files, `checking.py` says what is wrong with each and what it costs, `known.py` finds the document
that a request names: in the list of trusted ones, or among those that clients have sent before.
"""
