"""`machtigen stats`: what the graph holds, counted."""

from __future__ import annotations

import click
import msgspec
from rich.table import Table

from graph.ledger import Ledger
from server.cli.console import Console
from server.cli.examples import examples
from server.cli.options import graph_option, json_option, with_ledger


@click.command(epilog=examples("machtigen stats", "machtigen stats --json"))
@graph_option
@json_option
def command(graph: str, as_json: bool) -> None:
    """Count the facts in the ledger (every version) and the ids of each type."""

    async def work(ledger: Ledger) -> tuple[str, dict[str, int]]:
        return str(await ledger.head()), await ledger.stats()

    as_of, counts = with_ledger(graph, work, read_only=True)
    if as_json:
        click.echo(msgspec.json.encode({"as_of": as_of, **counts}))
        return
    table = Table("what", "how many", caption=f"as of {as_of}")
    table.columns[1].justify = "right"
    for what, count in counts.items():
        table.add_row("facts, every version" if what == "facts" else what, f"{count:,}")
    Console().print(table)
