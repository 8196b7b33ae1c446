"""What the compiled way does not do itself."""

from __future__ import annotations


class Unusual(Exception):
    """graphql-core is to execute this one: it is not handled here, or it has an error whose telling is its."""
