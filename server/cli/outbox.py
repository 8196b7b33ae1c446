"""`machtigen outbox`: letters and e-mails that wait or could not be sent, for an operator."""

from __future__ import annotations

import json
import os

import click
from rich.table import Table

from authority.moments import instant_text
from graph.desk import Desk, desk_path
from graph.desk.outbox import Message
from schema.context import clock
from server.cli.console import Console
from server.cli.examples import examples
from server.cli.options import graph_option, json_option

_SHOWN: dict[str, str] = {"WAITING": "wait", "SENT": "sent in the last 30 days", "DEAD": "could not be sent"}


@click.command(
    epilog=examples(
        "machtigen outbox                      how many wait, and those that could not be sent",
        "machtigen outbox --again 4f1c…        send this one after all",
        "machtigen outbox --again all",
    )
)
@click.option("--again", metavar="KEY|all", help="What was wrong is mended: try it again.")
@graph_option
@json_option
def command(again: str | None, graph: str, *, as_json: bool) -> int:
    """Show letters and e-mails that wait, and those that could not be sent (docs/mandates.md).

    Whom a message is for is shown as an opaque id. Exit status 1: some could not be sent.
    """
    path = desk_path(graph, os.environ)
    if not path.exists():
        raise click.ClickException(f"{path}: no mandate desk here; a server makes it")
    desk = Desk(path)
    try:
        if again is not None:
            return _again(desk, again)
        counts, dead = desk.outbox.counts(), desk.outbox.listed("DEAD")
    finally:
        desk.close()
    if as_json:
        click.echo(json.dumps({"counts": counts, "dead": [_object(each) for each in dead]}))
    else:
        _show(counts, dead)
    return 1 if dead else 0


def _again(desk: Desk, key: str) -> int:
    dead = [each.key for each in desk.outbox.listed("DEAD", limit=1_000_000)]
    found = [each for each in dead if key == "all" or each.startswith(key)]
    if not found:
        click.echo("machtigen: there is no such message that could not be sent", err=True)
        return 2
    for each in found:
        desk.outbox.again(each, clock())
    click.echo(f"{len(found)} to be sent again; the server does so within a second")
    return 0


def _show(counts: dict[str, int], dead: list[Message]) -> None:
    console = Console(highlight=False)
    console.print(", ".join(f"{counts[state]:,} {words}" for state, words in _SHOWN.items()))
    if dead:
        table = Table("key", "made", "what", "to", "tries", "why not", box=None, header_style="bold")
        for each in dead:
            made = instant_text(each.made_at - each.made_at % 1_000_000)
            table.add_row(each.key[:12], made, each.kind, each.recipient, str(each.attempts), each.problem or "")
        console.print(table)


def _object(message: Message) -> dict[str, object]:
    return {
        "key": message.key,
        "made": instant_text(message.made_at),
        "kind": message.kind,
        "recipient": message.recipient,
        "attempts": message.attempts,
        "problem": message.problem,
    }
