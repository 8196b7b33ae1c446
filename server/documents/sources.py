"""Operations in files: `.graphql` and `.gql` as people write them, and `.json` lists as tools do.

A file that is a whole document with one operation is taken as it is, to the byte, so that its hash is that of the file.
Of any other file each operation makes a document of its own, printed, with the fragments that it needs, which may stand
in another file. A list is what Apollo's tools write (`apollo-persisted-query-manifest`), or the plain object that
GraphQL Code Generator and Relay do, from hash to document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec
from graphql import (
    DefinitionNode,
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

_WRITTEN: Final = (".graphql", ".gql")
_LISTED: Final = ".json"
APOLLO: Final = "apollo-persisted-query-manifest"


class Wrong(msgspec.Struct, frozen=True, order=True):
    """What is wrong, and where; `line` from 1, 0: no line of it."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        """As compilers say it."""
        return f"{self.file}:{self.line}: {self.sentence}" if self.line else f"{self.file}: {self.sentence}"


class Source(msgspec.Struct, frozen=True):
    """One operation, as the document that a client sends, and where it stands.

    `line`: from 1, of its first line. `whole`: it is its file to the byte, so that a line of it is one of the file.
    """

    text: str
    name: str
    file: str
    line: int
    whole: bool = False

    @property
    def hash(self) -> str:
        """By which it is asked for."""
        return hash_of(self.text)


class Entry(msgspec.Struct, frozen=True):
    """One of Apollo's list."""

    id: str
    body: str
    name: str = ""
    type: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Apollo's list."""

    format: str = APOLLO
    version: int = 1
    operations: list[Entry]


def hash_of(text: str) -> str:
    """SHA-256 of the document's UTF-8, in lower-case hexadecimal."""
    return sha256(text.encode()).hexdigest()


def sources(paths: Iterable[str]) -> tuple[list[Source], list[Wrong]]:
    """Every operation in these files, and in the files of these folders; and what of them is none."""
    problems: list[Wrong] = []
    written: dict[Path, tuple[str, DocumentNode]] = {}
    found: list[Source] = []
    for path in _files(paths, problems):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as wrong:
            problems.append(_wrong(path, None, str(getattr(wrong, "strerror", None) or "UTF-8 text expected")))
            continue
        if path.suffix == _LISTED:
            found += _listed(path, text, problems)
            continue
        try:
            written[path] = (text, parse(text))
        except GraphQLSyntaxError as wrong:
            line = wrong.locations[0].line if wrong.locations else None
            problems.append(_wrong(path, line, wrong.message))
    fragments = _fragments(written, problems)
    for path, (text, tree) in written.items():
        found += _written(path, text, tree, fragments, problems)
    return found, problems


def _files(paths: Iterable[str], problems: list[Wrong]) -> Iterator[Path]:
    for each in map(Path, paths):
        if each.is_dir():
            inside = sorted(file for file in each.rglob("*") if file.suffix in (*_WRITTEN, _LISTED) and file.is_file())
            if not inside:
                problems.append(_wrong(each, None, "no .graphql, .gql or .json file in this folder"))
            yield from inside
        elif each.suffix in (*_WRITTEN, _LISTED):
            yield each
        else:
            problems.append(_wrong(each, None, "a .graphql, .gql or .json file is expected, or a folder of them"))


def _wrong(path: Path, line: int | None, sentence: str) -> Wrong:
    return Wrong(str(path), line or 0, sentence)


# written by people


def _fragments(
    written: Mapping[Path, tuple[str, DocumentNode]], problems: list[Wrong]
) -> dict[str, FragmentDefinitionNode]:
    found: dict[str, FragmentDefinitionNode] = {}
    for path, (_, tree) in written.items():
        for each in tree.definitions:
            if isinstance(each, FragmentDefinitionNode):
                if each.name.value in found:
                    problems.append(_wrong(path, _line(each), f"fragment {each.name.value} is there twice"))
                found[each.name.value] = each
    return found


def _written(
    path: Path, text: str, tree: DocumentNode, fragments: Mapping[str, FragmentDefinitionNode], problems: list[Wrong]
) -> Iterator[Source]:
    operations = _operations(tree)
    own = {each.name.value for each in tree.definitions if isinstance(each, FragmentDefinitionNode)}
    problems += [
        _wrong(path, _line(each), "operations and fragments are expected, no schema")
        for each in tree.definitions
        if not isinstance(each, OperationDefinitionNode | FragmentDefinitionNode)
    ]
    for operation in operations:
        name = operation.name.value if operation.name else ""
        if not name and len(operations) > 1:
            problems.append(_wrong(path, _line(operation), "one of several operations in a file needs a name"))
        needed = _needed(operation, fragments)
        if len(operations) == 1 and needed == own:
            yield Source(text, name, str(path), _line(operation), whole=True)
        else:
            parts = [operation, *(fragments[each] for each in sorted(needed))]
            yield Source(print_ast(DocumentNode(definitions=tuple(parts))), name, str(path), _line(operation))


class _Spreads(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.names.add(node.name.value)


def _needed(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> set[str]:
    """The fragments that it spreads, and those that they do; an unknown one is told where it is checked."""
    found: set[str] = set()
    ahead: list[OperationDefinitionNode | FragmentDefinitionNode] = [operation]
    while ahead:
        spreads = _Spreads()
        visit(ahead.pop(), spreads)
        new = (spreads.names & fragments.keys()) - found
        found |= new
        ahead += [fragments[each] for each in new]
    return found


def _operations(tree: DocumentNode) -> list[OperationDefinitionNode]:
    return [each for each in tree.definitions if isinstance(each, OperationDefinitionNode)]


def _line(node: DefinitionNode) -> int:
    return node.loc.start_token.line if node.loc else 1


# listed by tools


def _listed(path: Path, text: str, problems: list[Wrong]) -> Iterator[Source]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        problems.append(_wrong(path, getattr(wrong, "lineno", None), "JSON is expected"))
        return
    entries = _entries(said)
    if entries is None:
        what = f"an object from hash to document is expected, or format {APOLLO}"
        problems.append(_wrong(path, 1, what))
        return
    for hash_said, document in entries:
        line = text.count("\n", 0, max(text.find(f'"{hash_said}"'), 0)) + 1
        if hash_of(document) != hash_said.removeprefix("sha256:"):
            sentence = f"{hash_said[:16]} is not the sha256 of its document (GraphQL Code Generator: hashAlgorithm)"
            problems.append(_wrong(path, line, sentence))
            continue
        yield Source(document, _name(document), str(path), line)


def _entries(said: object) -> list[tuple[str, str]] | None:
    """Hash and document; None: it is no list of them."""
    if not isinstance(said, dict):
        return None
    if "operations" in said or "format" in said:
        try:
            manifest = msgspec.convert(said, Manifest)
        except msgspec.ValidationError:
            return None
        return [(each.id, each.body) for each in manifest.operations] if manifest.format == APOLLO else None
    if not all(isinstance(document, str) for document in said.values()):
        return None
    return list(said.items())


def _name(document: str) -> str:
    try:
        tree = parse(document)
    except GraphQLSyntaxError:
        return ""
    operations = _operations(tree)
    return operations[0].name.value if operations and operations[0].name else ""
