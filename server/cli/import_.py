"""`machtigen import`: facts in."""

from __future__ import annotations

import asyncio
import time
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import click
import msgspec

from authority.moments import SINCE_EVER, instant
from graph.importing import Imported, import_facts, import_into_new
from graph.ledger import Ledger
from graph.opening import DEFAULT_GRAPH, open_ledger
from graph.reading import Source
from server.cli.examples import examples
from server.cli.options import graph_option, json_option, problems_told, told_progress, with_ledger


class RecordedAt(click.ParamType[int]):
    """An instant with offset, or `since-ever`."""

    name = "INSTANT|since-ever"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Microseconds; wrong use where it is neither."""
        if isinstance(value, int):
            return value
        if value == "since-ever":
            return SINCE_EVER
        try:
            return instant(str(value))
        except ValueError as wrong:
            self.fail(f"{value!r}: {wrong}, or since-ever", param, ctx)


@click.command(
    "import",
    epilog=examples(
        "machtigen import facts.jsonl.gz",
        "machtigen import facts.jsonl --recorded-at 2026-01-01T00:00:00+01:00",
        "machtigen import - --recorded-at since-ever --keep-going < facts.jsonl",
    ),
)
@click.argument("file")
@graph_option
@click.option(
    "--recorded-at",
    type=RecordedAt(),
    metavar="INSTANT|since-ever",
    help="When the lines that do not say it were recorded. Default: now.",
)
@click.option(
    "--keep-going", is_flag=True, help="Name every problem, not only the first. Nothing is stored either way."
)
@json_option
def command(file: str, graph: str, recorded_at: int | None, keep_going: bool, as_json: bool) -> None:
    """Store the facts of FILE: JSON Lines, plain, .gz or .zst, or - for standard input.

    All of it is checked first; nothing is stored unless all of it is right. Stopped on the way it leaves a part, which
    the same command completes; the same file a second time changes nothing.
    """
    now = time.time_ns() // 1_000

    recorded = now if recorded_at is None else recorded_at

    async def work(ledger: Ledger) -> Imported:
        with told_progress(quiet=as_json) as told:
            return await import_facts(ledger, source, recorded_at=recorded, keep_going=keep_going, progress=told)

    async def work_on_new() -> Imported:
        with told_progress(quiet=as_json) as told:
            made = partial(open_ledger, graph)
            return await import_into_new(made, source, recorded_at=recorded, keep_going=keep_going, progress=told)

    with problems_told() if keep_going else nullcontext(), Source(file) as source:
        is_new = "://" not in graph and not Path(graph).exists()
        is_new = is_new and (graph == DEFAULT_GRAPH or Path(graph).parent.is_dir())
        done = asyncio.run(work_on_new()) if is_new else with_ledger(graph, work, whole=True)
    if as_json:
        click.echo(msgspec.json.encode(done))
    else:
        facts = "fact" if done.recorded == 1 else "facts"
        click.echo(f"{done.recorded:,} {facts} recorded, {done.unchanged:,} unchanged, as of {done.as_of}")
