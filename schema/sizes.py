"""How long the lists of the schema are, for whoever works out a cost before asking (`schema.costs`, a gateway)."""

from __future__ import annotations

from typing import Final

from strawberry import UNSET
from strawberry.federation.schema_directives import ListSize


def _page(*fields: str) -> ListSize:
    return ListSize(
        assumed_size=UNSET,
        slicing_arguments=["first"],
        sized_fields=list(fields),
        require_one_slicing_argument=False,
    )


PAGES: Final = _page("nodes", "edges")
"""Of a connection: as many as `first` says."""
NODES: Final = _page("nodes")
"""Of a page that has no edges."""


def about(count: int) -> ListSize:
    """Of a list that nothing says the length of."""
    return ListSize(assumed_size=count, slicing_arguments=UNSET, sized_fields=UNSET, require_one_slicing_argument=UNSET)
