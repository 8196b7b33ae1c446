"""Operations compiled: a validated query becomes Python that asks the resolvers and builds the answer directly.

Strawberry's and graphql-core's own execution costs many times what a decision does. A query that a service sends again
and again is compiled once (`compiling`), into a coercion of its variables (`inputs`) and a function for each selection
set (`outputs`). Semantics stay graphql-core's: whatever is not handled, and every error and null in a non-null place,
raises `Unusual`, and the whole operation runs there instead, so that there is one meaning of everything unusual.
Mutations and subscriptions are never compiled.
"""

from schema.compiler.compiling import operation
from schema.compiler.running import run_compiled

__all__ = ["operation", "run_compiled"]
