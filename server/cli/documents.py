"""`machtigen documents check|manifest`: a frontend's operations against the schema, and the list of trusted ones."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
import msgspec
from rich.table import Table
from rich.text import Text

from schema.costs import BUDGETS
from server.cli.console import Console
from server.cli.examples import examples
from server.cli.options import json_option
from server.documents.checking import Checked, checked
from server.documents.sources import Entry, Manifest, sources

_WIDTH = 1_000


@click.group(
    epilog=examples(
        "machtigen documents check src/graphql",
        "machtigen documents manifest src/graphql > documents.json",
        "machtigen serve --documents documents.json",
    )
)
def command() -> None:
    """A frontend's operations: .graphql and .gql files, lists of persisted documents (.json), or folders of them."""


@command.command(
    "check",
    short_help="Against the schema: what is wrong, what each costs, what will go away.",
    epilog=examples(
        "machtigen documents check src/graphql",
        "machtigen documents check persisted-documents.json --role CITIZEN --json",
    ),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--role",
    type=click.Choice([each for each in BUDGETS if each is not None]),
    help="Whose budget holds; without it the largest.",
)
@json_option
def check_command(files: tuple[str, ...], role: str | None, as_json: bool) -> int:
    """Check every operation as a service would, with its cost and depth.

    Cost is what a request counts for against the budget of its role: at least, and at most where it hangs on variables.
    Exit status 0: all would be taken; 1: some would not, each with its file and line.
    """
    budget = max(BUDGETS.values()) if role is None else BUDGETS[role]  # type: ignore[index]  # one of its keys
    found, wrong = sources(files)
    results = checked(found, budget)
    wrong += [each for one in results for each in one.wrong]
    away = [each for one in results for each in one.deprecated]
    if as_json:
        said = {"operations": results, "problems": sorted(wrong), "deprecated": sorted(away), "budget": budget}
        click.echo(msgspec.json.encode(said).decode())
    else:
        _show(results, budget)
        for each in sorted(away):
            click.echo(f"{each} (deprecated)")
        for each in sorted(wrong):
            click.echo(str(each), err=True)
        click.echo(f"{_count(len(results), 'operation')}, {_count(len(wrong), 'problem')}")
    return 1 if wrong else 0


@command.command(
    "manifest",
    short_help="Write the list of trusted documents.",
    epilog=examples(
        "machtigen documents manifest src/graphql > documents.json", "machtigen documents manifest a.graphql b.graphql"
    ),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
def manifest_command(files: tuple[str, ...]) -> int:
    """Write every operation with its hash, for `serve --documents`, in the form of Apollo's tools.

    A client sends the id in the place of the document. Exit status 1, and nothing is written, where one is wrong.
    """
    found, wrong = sources(files)
    results = checked(found, max(BUDGETS.values()))
    wrong += [each for one in results for each in one.wrong]
    if wrong:
        for each in sorted(wrong):
            click.echo(str(each), err=True)
        return 1
    by_hash = {each.hash: (each, result.type) for each, result in zip(found, results, strict=True)}
    entries = [Entry(id=name, body=each.text, name=each.name, type=kind) for name, (each, kind) in by_hash.items()]
    entries.sort(key=lambda each: (each.name, each.id))
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(Manifest(operations=entries)), indent=2).decode() + "\n")
    return 0


def _show(results: Sequence[Checked], budget: int) -> None:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in ("operation", "where"):
        table.add_column(name, overflow="fold")
    for name in ("depth", "cost", "at most"):
        table.add_column(name, justify="right")
    for each in results:
        where = f"{each.file}:{each.line}"
        if each.type:
            most = "no end" if each.cost_max is None else f"{each.cost_max:,}"
            over = each.cost_max is None or each.cost_max > budget
            figures: list[str | Text] = [str(each.depth), f"{each.cost:,}", Text(most, style="yellow" if over else "")]
        else:
            figures = ["", "", ""]
        table.add_row(each.name or "(no name)", where, *figures)
    # another program reads whole lines
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    console.print(table)
    if any(each.type and (each.cost_max is None or each.cost_max > budget) for each in results):
        console.print(f"Where *at most* is over {budget:,}, long lists in the variables are refused: ask in parts.")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
