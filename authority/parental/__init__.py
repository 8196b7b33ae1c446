"""Parental authority derived from the population register: the official decision tree (domain.md chapter 7).

`determine` asks the questions about one child; `determinations_for` answers for whoever is asked about; `relation_of`
gives the official shape, `statements_of` what a connector turns into facts. docs/parental-authority.md shows the tree.

The tree is that of RvIG's BRP API gezag (github BRP-API/brp-api-gezag, EUPL-1.2, main flow 2.2.1, commit 8b401c91 of
2026), written anew from its description.
"""
