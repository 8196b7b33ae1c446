"""The Cypher of this package: one query a file, parameters only; migrations, numbered, some statements a file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import LiteralString, NamedTuple

_HERE = Path(__file__).parent


class Migration(NamedTuple):
    """One numbered step; its statements may run twice without harm, since a crash may come between them."""

    number: int
    name: str
    statements: tuple[LiteralString, ...]


@cache
def query(name: str) -> LiteralString:
    """The query of `cypher/NAME.cypher`."""
    return _cypher(_HERE / "cypher" / f"{name}.cypher")


@cache
def migrations() -> tuple[Migration, ...]:
    """All of them, in the order of their numbers, which begin at 1 and have no gaps."""
    found = []
    for number, path in enumerate(sorted((_HERE / "migrations").glob("*.cypher")), start=1):
        stated, _, name = path.stem.partition("_")
        assert int(stated) == number, f"{path.name}: number {number:03} is missing"
        bare = re.sub(r"^\s*//.*$", "", _cypher(path), flags=re.MULTILINE)
        statements = (statement.strip() for statement in bare.split(";"))
        found.append(Migration(number, name, tuple(s for s in statements if s)))
    return tuple(found)


def _cypher(path: Path) -> LiteralString:
    return path.read_text(encoding="utf-8")
