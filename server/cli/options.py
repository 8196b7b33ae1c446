"""What several commands share: which graph, a ledger to run with, progress, and problems on standard error."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import click
from rich import progress as bars
from rich.console import Console

from graph.errors import BadInput
from graph.importing import Progress
from graph.ledger import Ledger
from graph.opening import DEFAULT_GRAPH, open_ledger

_Result = TypeVar("_Result")
_PLAIN_LINE_EVERY_S: Final = 5.0

graph_option: Final = click.option(
    "--graph",
    envvar="MACHTIGEN_GRAPH",
    default=DEFAULT_GRAPH,
    show_default=True,
    show_envvar=True,
    metavar="PATH|neo4j://…",
    help="The graph: a file, or a Neo4j whose name and password are in NEO4J_USERNAME and NEO4J_PASSWORD.",
)
audit_option: Final = click.option(
    "--audit",
    envvar="MACHTIGEN_AUDIT",
    show_envvar=True,
    metavar="DIR",
    help="The directory of the audit records (docs/audit.md); default beside the graph.",
)
json_option: Final = click.option("--json", "as_json", is_flag=True, help="One JSON object, for another program.")


def with_ledger(
    graph: str,
    work: Callable[[Ledger], Awaitable[_Result]],
    *,
    read_only: bool = False,
    create: bool = True,
    whole: bool = False,
) -> _Result:
    """Open the graph (`graph.opening.open_ledger`), do the work, and close it whatever happens."""

    async def run() -> _Result:
        ledger = await open_ledger(graph, read_only=read_only, create=create, whole=whole)
        try:
            return await work(ledger)
        finally:
            await ledger.close()

    return asyncio.run(run())


@contextmanager
def told_progress(*, quiet: bool = False) -> Iterator[Progress]:
    """A function that tells how far a stage is, on standard error: a bar on a terminal, plain lines elsewhere."""
    if quiet:
        yield lambda stage, done, total: None
    elif sys.stderr.isatty():
        with _bar() as told:
            yield told
    else:
        yield _plain_lines()


@contextmanager
def _bar() -> Iterator[Progress]:
    columns = (bars.TextColumn("{task.description}"), bars.BarColumn(), bars.TextColumn("{task.percentage:>3.0f} %"))
    with bars.Progress(*columns, bars.TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        stages: dict[str, Any] = {}

        def told(stage: str, done: int, total: int | None) -> None:
            if stage not in stages:
                stages[stage] = progress.add_task(stage, total=total)
            progress.update(stages[stage], completed=done, total=total)

        yield told


def _plain_lines() -> Progress:
    last = time.monotonic()

    def told(stage: str, done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= _PLAIN_LINE_EVERY_S:
            last = time.monotonic()
            click.echo(f"{stage}: {done:,}{f' of {total:,}' if total else ''}", err=True)

    return told


@contextmanager
def problems_told(stored: Callable[[], str] = lambda: "nothing was stored") -> Iterator[None]:
    """Say every problem of bad input on a line of its own, how many there are, what was stored; exit with status 2."""
    try:
        yield
    except BadInput as bad:
        count = len(bad.problems)
        click.echo(f"{bad}\n{count:,} problem{'' if count == 1 else 's'}; {stored()}", err=True)
        raise click.exceptions.Exit(2) from None
