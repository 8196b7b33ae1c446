"""How large a document may be. Counted before it is validated, since validation is what a large one makes slow.

A fragment counts wherever it is spread, and is itself looked at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from schema.errors import Code, Refused

CHARACTERS_MAX: Final = 100_000
TOKENS_MAX: Final = 2_000
DEPTH_MAX: Final = 12
FIELDS_MAX: Final = 500
ROOT_FIELDS_MAX: Final = 20
ALIASES_MAX: Final = 30
DIRECTIVES_MAX: Final = 30
INTROSPECTION: Final = frozenset({"__schema", "__type", "_service"})
"""Root fields that tell the schema; what is below them counts as no depth, since only developers may ask for it."""


class Size(NamedTuple):
    """What a selection set asks for, fragments included. `root_fields` and `introspects`: of its own level alone."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0
    introspects: bool = False


_LIMITS: Final = (
    (Code.DEPTH_LIMIT, "depth", DEPTH_MAX, "levels deep"),
    (Code.FIELD_LIMIT, "fields", FIELDS_MAX, "fields"),
    (Code.ROOT_FIELD_LIMIT, "root_fields", ROOT_FIELDS_MAX, "fields at the top"),
    (Code.ALIAS_LIMIT, "aliases", ALIASES_MAX, "aliases"),
    (Code.DIRECTIVE_LIMIT, "directives", DIRECTIVES_MAX, "directives"),
)


def parsed(query: str) -> DocumentNode:
    """The document of this text. Raises GraphQLSyntaxError, and Refused for one that is too large or too deep."""
    if len(query) > CHARACTERS_MAX:
        raise Refused(
            Code.TOKEN_LIMIT,
            f"a document has at most {CHARACTERS_MAX:,} characters: send what is asked about in variables",
            found=len(query),
            limit=CHARACTERS_MAX,
        )
    try:
        return parse(query, max_tokens=TOKENS_MAX)
    except GraphQLSyntaxError as wrong:
        if "contains more than" in wrong.message:
            raise Refused(Code.TOKEN_LIMIT, f"a document has at most {TOKENS_MAX:,} tokens", limit=TOKENS_MAX) from None
        if "nested too deeply" not in wrong.message:
            raise
    except RecursionError:
        pass
    raise Refused(Code.DEPTH_LIMIT, f"an operation is at most {DEPTH_MAX} levels deep", limit=DEPTH_MAX)


def sizes(document: DocumentNode) -> dict[str, Size]:
    """The size of each operation by its name, "" for one without. Raises Refused for one that is too large."""
    measuring = _Measuring(document)
    found = {}
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            name = each.name.value if each.name else ""
            found[name] = _within(measuring.operation(each), name)
    return found


def _within(size: Size, name: str) -> Size:
    for code, what, limit, words in _LIMITS:
        count = getattr(size, what)
        if count > limit:
            of = f"operation {name}" if name else "the operation"
            raise Refused(code, f"{of} has {count:,} {words}, at most {limit:,} are taken", found=count, limit=limit)
    return size


class _Measuring:
    """One document's fragments, each measured once."""

    def __init__(self, document: DocumentNode) -> None:
        fragments = (each for each in document.definitions if isinstance(each, FragmentDefinitionNode))
        self._fragments: Mapping[str, FragmentDefinitionNode] = {each.name.value: each for each in fragments}
        self._measured: dict[str, Size | None] = {}

    def operation(self, node: OperationDefinitionNode) -> Size:
        whole = self._selections(node.selection_set)
        variables = sum(len(each.directives or ()) for each in node.variable_definitions or ())
        return whole._replace(directives=whole.directives + len(node.directives or ()) + variables)

    def _selections(self, selected: SelectionSetNode) -> Size:
        depth = fields = aliases = directives = top = 0
        introspects = False
        for each in selected.selections:
            below = self._below(each)
            fields += below.fields
            aliases += below.aliases
            directives += below.directives + len(each.directives or ())
            if isinstance(each, FieldNode):
                depth = max(depth, below.depth + 1)
                fields += 1
                aliases += each.alias is not None
                top += 1
                introspects = introspects or each.name.value in INTROSPECTION
            else:
                depth = max(depth, below.depth)
                top += below.root_fields
                introspects = introspects or below.introspects
        return Size(depth, fields, aliases, directives, top, introspects)

    def _below(self, node: object) -> Size:
        if isinstance(node, FieldNode):
            if node.selection_set is None:
                return Size()
            below = self._selections(node.selection_set)
            return below._replace(depth=0) if node.name.value in INTROSPECTION else below
        if isinstance(node, InlineFragmentNode):
            return self._selections(node.selection_set)
        assert isinstance(node, FragmentSpreadNode)
        return self._fragment(node.name.value)

    def _fragment(self, name: str) -> Size:
        """Nothing where it is not there or spreads itself: validation refuses both."""
        if name not in self._measured:
            self._measured[name] = None
            fragment = self._fragments.get(name)
            self._measured[name] = self._selections(fragment.selection_set) if fragment else Size()
        return self._measured[name] or Size()
