"""Ids as arguments: opaque, or a node id; never a citizen service number (BSN)."""

from __future__ import annotations

from graph.pseudonyms import could_be_bsn
from resolvers.nodes import own_id
from schema.errors import BSN_PREFIX, BsnNotConfigured

HOLDER = ("Person", "Organisation")


def id_of(text: str, field: str, *types: str) -> str:
    """The thing's own id. Raises BadInput for the node id of another type, BsnNotConfigured for a number.

    A number without its prefix in the place of a person's id would be kept as one.
    """
    name = own_id(text, field, *types) if text.startswith("~") else text
    if name.startswith(BSN_PREFIX) or ("Person" in types and could_be_bsn(name)):
        raise BsnNotConfigured(field)
    return name
