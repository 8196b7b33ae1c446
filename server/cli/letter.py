"""`machtigen letter`: the letter's statements, with what the model says beside each."""

from __future__ import annotations

import json

import click
from rich.table import Table

from server.cli.console import Console
from server.cli.examples import examples


@click.command(epilog=examples("machtigen letter", "machtigen letter 8 46 47 --otherwise"))
@click.argument("numbers", nargs=-1, type=click.IntRange(1, 58), metavar="[NUMBER]...")
@click.option("--otherwise", is_flag=True, help="Show also a world in which each statement is not true.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a statement, for another program.")
def command(numbers: tuple[int, ...], otherwise: bool, as_json: bool) -> int:
    """What the letter of 18 June 2020 (26 643 nr. 693) says, and what the model says to it.

    Each statement is measured by running the model: some twenty seconds for all 58. Exit status 1 if the model denies
    one.
    """
    try:
        from simulator.letter import STATEMENTS  # noqa: PLC0415 - an extra, read when used
    except ImportError as missing:
        raise click.ClickException(f"{missing}: install the extra with pip install -e '.[simulator]'") from None

    console = Console()
    denied = 0
    for number in sorted(set(numbers) or STATEMENTS):
        row = STATEMENTS[number]
        found = row.measure(row.knobs)
        denied += not found.holds
        other = row.measure(row.otherwise) if otherwise else None
        if as_json:
            shown = {
                "number": number,
                "paragraph": row.paragraph,
                "quote": row.quote,
                "meaning": row.meaning,
                "holds": found.holds,
                "model": found.says,
            }
            if other is not None:
                shown |= {"unless": row.unless, "holds_then": other.holds, "model_then": other.says}
            click.echo(json.dumps(shown, ensure_ascii=False))
            continue
        table = Table.grid(padding=(0, 1))
        table.add_column(width=7, style="bold")
        table.add_column(overflow="fold")
        table.add_row(f"{number:02} {row.paragraph}", f"[italic]“{row.quote}”[/] {row.meaning}")
        table.add_row("", f"{'[green]✓[/]' if found.holds else '[bold red]✗[/]'} {found.says}")
        if other is not None:
            table.add_row("", f"[dim]not if {row.unless}: {other.says}[/]")
        console.print(table, highlight=False)
    if denied and not as_json:
        console.print(f"[bold red]the model denies {denied} statements[/]")
    return 1 if denied else 0
