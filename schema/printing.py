"""The committed schema: `python -m schema.printing` writes it, with `--check` it is held against the code.

A change that breaks clients is refused unless `schema/breaking.md` has its sentence, by the writer (against the file
that it replaces) and by the check (against every version of the file in the last commits, so that an edit by hand
hides nothing).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import click
from graphql import GraphQLSchema, build_schema
from graphql.utilities import find_breaking_changes

from schema.api import api_schema

HERE: Final = Path(__file__).parent
SDL: Final = HERE / "schema.graphql"
DECLARED: Final = HERE / "breaking.md"
COMMITS_MAX: Final = 20
_HEAD: Final = "# Written by `python -m schema.printing`.\n\n"


def printed() -> str:
    """The schema that the code makes, as the committed file has it."""
    return f"{_HEAD}{api_schema.as_str().strip()}\n"


def undeclared(before: str, after: str, declared: str) -> list[str]:
    """The sentences of the changes from one schema to another that break clients and are not declared."""
    changes = find_breaking_changes(_built(before), _built(after))
    return [change.description for change in changes if f"`{change.description}`" not in declared]


def _built(sdl: str) -> GraphQLSchema:
    # the federation's own directives are defined by the link, not in the text
    return build_schema(sdl, assume_valid_sdl=True)


def committed() -> Iterator[str]:
    """The file as it stood in the last commits that changed it, newest first; nothing outside a git checkout."""
    listed = _git("log", f"--max-count={COMMITS_MAX}", "--format=%H", "--", SDL.name)
    for commit in listed.split():
        if text := _git("show", f"{commit}:./{SDL.name}"):
            yield text


def _git(*arguments: str) -> str:
    try:
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    except FileNotFoundError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def breaks(after: str, declared: str, *, history: bool) -> list[str]:
    """What breaks on the way to this schema: from the file as it is, or through its history."""
    versions = [after, *(committed() if history else [SDL.read_text()] if SDL.exists() else [])]
    found = [undeclared(old, new, declared) for new, old in pairwise(versions)]
    return [sentence for sentences in found for sentence in sentences]


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where the committed schema is not the code's.")
def main(check: bool) -> None:
    """Write schema/schema.graphql from the code, or check it."""
    now = printed()
    declared = DECLARED.read_text() if DECLARED.exists() else ""
    if check and (not SDL.exists() or SDL.read_text() != now):
        _refuse("schema/schema.graphql is not what the code makes: run `make schema` and commit it")
    if broken := breaks(now, declared, history=check):
        sentences = "\n".join(f"  {sentence}" for sentence in broken)
        _refuse(f"this breaks clients and is not declared in schema/breaking.md:\n{sentences}")
    if not check:
        SDL.write_text(now)


def _refuse(why: str) -> None:
    click.echo(why, err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
