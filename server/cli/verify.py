"""`machtigen verify`: does the ledger hold together?"""

from __future__ import annotations

import click
import msgspec

from graph.ledger import Ledger, Verification
from server.cli.examples import examples
from server.cli.options import graph_option, json_option, with_ledger


@click.command(epilog=examples("machtigen verify --graph .machtigen/graph"))
@graph_option
@json_option
def command(graph: str, as_json: bool) -> None:
    """Read every position; check each content against its hash and each hash against the chain.

    Also whether what decisions read is what the ledger holds, and whether the pages of the file are in order.

    Prints the ledger's token and head hash. Whoever kept them before can see that nothing older has changed. Exit
    status 1 when something does not hold.
    """

    async def work(ledger: Ledger) -> Verification:
        return await ledger.verify()

    found = with_ledger(graph, work, read_only=True)
    if as_json:
        report = {"token": str(found.token), "head": found.head, "problems": found.problems}
        click.echo(msgspec.json.encode(report))
    else:
        click.echo(f"{found.token} {found.head}")
        for problem in found.problems:
            click.echo(problem, err=True)
    if found.problems:
        raise click.exceptions.Exit(1)
