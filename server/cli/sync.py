"""`machtigen sync NAME`: take in what a register has, now; `--list`, `--quarantine`: look at what stands."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import httpx
import msgspec
from rich.table import Table

from authority.moments import instant_text
from graph.ledger import Ledger
from graph.opening import open_ledger
from graph.registers.configuration import sources_of
from graph.registers.parts import BadConfiguration, Parts
from graph.registers.polling import Taken, replay, told
from graph.registers.scheduler import Scheduler, Source, microseconds_now
from graph.registers.store import ConnectorStore, store_path
from server.cli.console import Console
from server.cli.examples import examples
from server.cli.options import graph_option, json_option


@click.command(
    epilog=examples(
        "machtigen sync brp                          one source, until it has no more",
        "machtigen sync --all",
        "machtigen sync --list                       every source: watermark, health, what waits",
        "machtigen sync --quarantine                 rows that could not be understood",
        "machtigen sync --replay 7                   try row 7 again",
        'machtigen sync --replay 7 --mended \'{"fact": "authority", …}\'',
        "machtigen sync --drop 7                     leave it; it stays listed with --json",
    )
)
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--all", "everything", is_flag=True, help="Every source of the file.")
@click.option("--list", "listing", is_flag=True, help="Show every source and its health; take nothing in.")
@click.option("--quarantine", is_flag=True, help="Show the rows that could not be understood, and the notices.")
@click.option("--replay", "replayed", type=int, metavar="NUMBER", help="Take a quarantined row in after all.")
@click.option("--mended", metavar="JSON", help="With --replay: the fact line to take in its place.")
@click.option("--drop", "dropped", type=int, metavar="NUMBER", help="Leave a quarantined row for good.")
@click.option("--dev", is_flag=True, help="Allow eleven_test = false: invented numbers.")
@click.option(
    "--registers",
    "path",
    envvar="MACHTIGEN_REGISTERS",
    default="registers.toml",
    show_default=True,
    show_envvar=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of sources.",
)
@graph_option
@json_option
def command(  # noqa: PLR0913  # one parameter for each option
    names: Sequence[str],
    *,
    everything: bool,
    listing: bool,
    quarantine: bool,
    replayed: int | None,
    mended: str | None,
    dropped: int | None,
    dev: bool,
    path: Path,
    graph: str,
    as_json: bool,
) -> None:
    """Take in what the registers have now, each until it has no more. What is known already is no change.

    Exit status 1: a source failed, or a row went to the quarantine. docs/registers.md explains the file of sources.
    """
    wishes = (bool(names) or everything, listing, quarantine, replayed is not None, dropped is not None)
    if sum(wishes) != 1:
        raise click.UsageError("say which sources (NAME or --all), or one of --list, --quarantine, --replay, --drop")
    if mended is not None and replayed is None:
        raise click.UsageError("--mended goes with --replay NUMBER")

    async def run() -> int:
        ledger = await open_ledger(graph)
        store = ConnectorStore(store_path(graph, os.environ))
        try:
            if replayed is not None:
                fact = await replay(replayed, ledger, store, now=microseconds_now(), mended=mended)
                click.echo(f"row {replayed} is taken: {type(fact).__name__.lower()} {fact.id}")
                return 0
            if dropped is not None:
                row = store.quarantined(dropped)
                if row is None or row.status != "WAITING":
                    raise click.UsageError(f"--drop: no row {dropped} waits in the quarantine")
                store.settle(dropped, "DROPPED")
                click.echo(f"row {dropped} is left for good")
                return 0
            if quarantine:
                _show_quarantine(store, as_json=as_json)
                return 0
            return await _with_sources(ledger, store)
        finally:
            store.close()
            await ledger.close()

    async def _with_sources(ledger: Ledger, store: ConnectorStore) -> int:
        async with httpx.AsyncClient(follow_redirects=False) as client:
            parts = Parts(ledger, store, client, os.environ, path.parent, microseconds_now, dev)
            sources = sources_of(path, parts)
            if listing:
                _show_sources(sources, store, as_json=as_json)
                return 0
            return await _sync(_chosen(sources, names, path), ledger, store, as_json=as_json)

    sys.exit(asyncio.run(run()))


def _chosen(sources: Sequence[Source], names: Sequence[str], path: Path) -> list[Source]:
    by_name = {source.connector.name: source for source in sources}
    for name in names:
        if name not in by_name:
            raise BadConfiguration(f"{path}: no source {name!r}; there are {', '.join(by_name) or 'none'}")
    return [by_name[name] for name in names] if names else list(sources)


async def _sync(sources: Sequence[Source], ledger: Ledger, store: ConnectorStore, *, as_json: bool) -> int:
    scheduler = Scheduler(sources, ledger, store)
    failed = False

    def tell(taken: Taken) -> None:
        if not as_json:
            click.echo(told(taken, microseconds_now()), err=taken.failed is not None)

    for source in sources:
        taken = await scheduler.sync(source, tell)
        failed = failed or taken.failed is not None or taken.refused > 0
        if as_json:
            click.echo(msgspec.json.encode(taken))
    return 1 if failed else 0


def _show_sources(sources: Sequence[Source], store: ConnectorStore, *, as_json: bool) -> None:
    now = microseconds_now()
    waiting: dict[str, int] = {}
    for row in store.quarantine():
        waiting[row.source] = waiting.get(row.source, 0) + 1
    table = Table("source", "register", "breaker", "failures", "last heard", "quarantine", "last error")
    for source in sources:
        name = source.connector.name
        health = store.health(name)
        heard = instant_text(health.last_success) if health.last_success is not None else "never"
        if as_json:
            shown = {
                "source": name,
                "register": source.connector.register,
                "breaker": health.breaker(now),
                "failures": health.failures,
                "last_heard": heard if health.last_success is not None else None,
                "quarantine": waiting.get(name, 0),
                "last_error": health.last_error,
            }
            click.echo(json.dumps(shown))
        table.add_row(
            name,
            source.connector.register,
            health.breaker(now),
            str(health.failures),
            heard,
            str(waiting.get(name, 0)),
            health.last_error or "",
        )
    if not as_json:
        Console().print(table)


def _show_quarantine(store: ConnectorStore, *, as_json: bool) -> None:
    if as_json:
        for row in store.quarantine(status=None):
            click.echo(msgspec.json.encode(row))
        return
    table = Table("number", "source", "place", "problem", "row")
    for row in store.quarantine():
        table.add_row(str(row.number), row.source, row.place, row.problem, row.raw)
    Console().print(table)
    for notice in store.notices():
        click.echo(f"{instant_text(notice.seen_at)} {notice.source}: {notice.sentence}")
