"""How long the lists of the schema are, for whoever works out a cost before asking (`schema.costs`, a gateway)."""

from __future__ import annotations

from typing import Final

from strawberry import UNSET
from strawberry.federation.schema_directives import ListSize

PAGES: Final = ListSize(
    assumed_size=UNSET, slicing_arguments=["first"], sized_fields=["nodes", "edges"], require_one_slicing_argument=False
)
"""Of a connection: as many as `first` says."""


def about(count: int) -> ListSize:
    """Of a list that nothing says the length of."""
    return ListSize(assumed_size=count, slicing_arguments=UNSET, sized_fields=UNSET, require_one_slicing_argument=UNSET)
