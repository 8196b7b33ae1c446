"""`machtigen population`: 18 million people as columns, Parquet or fact lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from server.cli.examples import examples


@click.command(
    epilog=examples(
        "machtigen population --people 100000 --out facts.jsonl.zst",
        "machtigen population --people 18000000 --seed 7 --out people.parquet",
        "machtigen population --people 1000 --out - | head",
    )
)
@click.option("--people", type=int, required=True, metavar="N", help="How many: 1000 to 100000000.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another seed, other people.")
@click.option("--out", required=True, metavar="FILE", help="people.parquet, facts.jsonl[.zst|.gz], or - (fact lines).")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day that ages count on [2026-01-01]."
)
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Of this machine.")
@click.option("--names/--no-names", default=True, help="Fact lines with or without names for display.")
def command(people: int, seed: int, out: str, as_of: datetime | None, processes: int, names: bool) -> None:
    """Invented people, as many as the Netherlands has, and who may act for whom.

    Households, parents, authority, protected adults, mandates and deaths follow published tables. Nobody is real:
    identifiers have sixteen hexadecimal digits and cannot be a BSN. The same seed gives the same bytes.

    A Parquet file holds the people; fact lines hold them with their authorities, and the registers, providers and
    organisations, for `machtigen import`.
    """
    try:
        # numpy, Arrow and the word lists are an extra
        from simulator.population import AS_OF, Population, UnknownFormat, write  # noqa: PLC0415 - read when used
    except ImportError as missing:
        raise click.ClickException(f"{missing}: install the extra with pip install -e '.[simulator]'") from None
    try:
        population = Population(people, seed, as_of.date() if as_of else AS_OF)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from None
    with _progress(people) as progress:
        try:
            write(population, out, with_names=names, processes=processes, progress=progress)
        except UnknownFormat as wrong:
            raise click.BadParameter(str(wrong), param_hint="--out") from None
        except BrokenPipeError:
            raise
        except OSError as wrong:
            raise click.ClickException(f"{out}: {wrong.strerror or wrong}") from None


@contextmanager
def _progress(people: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, a line for each tenth elsewhere; both on standard error."""
    if sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415 - only for a person who looks on
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

        columns = (TextColumn("people"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("people", total=people)
            yield lambda rows: bar.advance(task, rows)
        return
    done = 0

    def say(rows: int) -> None:
        nonlocal done
        before, done = done, done + rows
        if done * 10 // people > before * 10 // people:
            click.echo(f"{done:,} of {people:,} people", err=True)

    yield say
