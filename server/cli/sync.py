"""`machtigen sync NAME`: take in what a register has, now; and an operator's view of sources and what waits."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import click
import httpx
import msgspec

from graph.errors import GraphError
from graph.ledger import Ledger
from graph.opening import open_ledger
from graph.registers.configuration import sources_of
from graph.registers.parts import BadConfiguration, Parts
from graph.registers.polling import Taken, replay, told
from graph.registers.scheduler import Scheduler, Source, microseconds_now
from graph.registers.store import ConnectorStore, Quarantined, store_path
from graph.registers.watchlist import Watchlist
from graph.turn import Turn
from server.cli.examples import examples
from server.cli.options import graph_option, json_option
from server.cli.source_tables import show_notices, show_quarantine, show_row, show_sources, show_what_waits
from server.connectors import turn_path

_LOOKS: Final = ("list", "quarantine", "notices")
_WAIT_S: Final = 0.2
_DEEDS: Final = ("show", "replay", "drop", "seen")


class _Wish(msgspec.Struct, frozen=True):
    """What was asked for: "sync", one of _LOOKS, or one of _DEEDS with the `number` that it is about."""

    what: str
    names: Sequence[str]
    number: int = 0
    mended: str | None = None


@click.command(
    epilog=examples(
        "machtigen sync brp                          one source, until it has no more",
        "machtigen sync --all",
        "machtigen sync --list                       every source: health, silence, next try",
        "machtigen sync --quarantine                 rows that could not be understood",
        "machtigen sync --show 7                     row 7 as it came",
        "machtigen sync --replay 7                   try row 7 again",
        'machtigen sync --replay 7 --mended \'{"fact": "authority", …}\'',
        "machtigen sync --drop 7                     leave it; it stays listed with --json",
        "machtigen sync --notices                    what somebody should look at",
        "machtigen sync --seen 3                     notice 3 was looked at",
    )
)
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--all", "everything", is_flag=True, help="Every source of the file.")
@click.option("--list", "look", flag_value="list", help="Show every source and its health; take nothing in.")
@click.option("--quarantine", "look", flag_value="quarantine", help="Show the rows that could not be understood.")
@click.option("--notices", "look", flag_value="notices", help="Show what an operator should look at.")
@click.option("--show", type=int, metavar="NUMBER", help="Show one quarantined row whole.")
@click.option("--replay", type=int, metavar="NUMBER", help="Take a quarantined row in after all.")
@click.option("--mended", metavar="JSON", help="With --replay: the fact line to take in its place.")
@click.option("--drop", type=int, metavar="NUMBER", help="Leave a quarantined row for good.")
@click.option("--seen", type=int, metavar="NUMBER", help="Mark a notice as looked at.")
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
def command(
    names: Sequence[str],
    *,
    everything: bool,
    look: str | None,
    mended: str | None,
    dev: bool,
    path: Path,
    graph: str,
    as_json: bool,
    **deeds: int | None,
) -> None:
    """Take in what the registers have now, each until it has no more. What is known already is no change.

    Exit status 1: a source failed, or a row went to the quarantine. Beside a server that asks the same registers it is
    refused; another `sync` is waited for. docs/registers.md explains the file of sources.
    """
    wish = _wish(names, everything=everything, look=look, mended=mended, deeds=deeds)

    async def run() -> int:
        ledger = await open_ledger(graph)
        store = ConnectorStore(store_path(graph, os.environ))
        try:
            if wish.what in _DEEDS:
                await _do(wish, ledger, store, as_json=as_json)
                return 0
            if wish.what == "quarantine":
                show_quarantine(
                    _of(wish.names, store.quarantine(status=None if as_json else "WAITING")), as_json=as_json
                )
                return 0
            if wish.what == "notices":
                await Watchlist(store).follow(ledger, microseconds_now())
                notices = store.notices(status=None if as_json else "NEW")
                show_notices([n for n in notices if not wish.names or n.source in wish.names], as_json=as_json)
                return 0
            return await _with_sources(ledger, store)
        finally:
            store.close()
            await ledger.close()

    async def _with_sources(ledger: Ledger, store: ConnectorStore) -> int:
        async with httpx.AsyncClient(follow_redirects=False) as client:
            parts = Parts(ledger, store, client, os.environ, path.parent, microseconds_now, dev)
            sources = _chosen(sources_of(path, parts), wish.names, path)
            if wish.what == "list":
                watchlist, now = Watchlist(store), microseconds_now()
                await watchlist.follow(ledger, now)
                show_sources(sources, store, await ledger.registers(), now, as_json=as_json)
                if not as_json:
                    show_what_waits(store, watchlist)
                return 0
            async with _our_turn(turn_path(store_path(graph, os.environ))):
                return await _sync(sources, ledger, store, as_json=as_json)

    sys.exit(asyncio.run(run()))


class TurnTaken(GraphError):
    """A server asks these registers, and will as long as it runs."""

    code = "TURN_TAKEN"


@asynccontextmanager
async def _our_turn(path: Path) -> AsyncIterator[None]:
    """Two at once would ask a source twice, and one would move the other's watermark. Raises TurnTaken.

    Another `sync` is waited for, for it ends.
    """
    turn, told = Turn(path, "sync"), False
    try:
        while not turn.take():
            holder = turn.holder()
            if holder is not None and holder.role == "serve":
                raise TurnTaken(
                    f"a server (process {holder.process}) asks these registers already, each in its own time; "
                    "see machtigen sync --list, or stop the server first"
                )
            if holder is not None and not told:
                click.echo(f"waiting for process {holder.process}, which takes in what there is", err=True)
                told = True
            await asyncio.sleep(_WAIT_S)
        yield
    finally:
        turn.give_up()


def _wish(
    names: Sequence[str], *, everything: bool, look: str | None, mended: str | None, deeds: dict[str, int | None]
) -> _Wish:
    """The one thing that was asked for. Raises click.UsageError."""
    numbered = {what: number for what, number in deeds.items() if number is not None}
    wishes = [*numbered, *([look] if look else []), *(["sync"] if everything or (names and not look) else [])]
    if len(wishes) != 1:
        options = ", ".join(f"--{what}" for what in (*_LOOKS, *_DEEDS))
        raise click.UsageError(f"say which sources (NAME or --all), or one of {options}")
    if everything and names:
        raise click.UsageError("--all is every source: leave the names out")
    if mended is not None and wishes != ["replay"]:
        raise click.UsageError("--mended goes with --replay NUMBER")
    return _Wish(wishes[0], names, numbered.get(wishes[0], 0), mended)


async def _do(wish: _Wish, ledger: Ledger, store: ConnectorStore, *, as_json: bool) -> None:
    """Something about one row of the quarantine, or one notice."""
    number = wish.number
    if wish.what == "show":
        show_row(_row(store, number), as_json=as_json)
        return
    done: dict[str, object]
    if wish.what == "replay":
        fact = await replay(number, ledger, store, now=microseconds_now(), mended=wish.mended)
        done = {"number": number, "status": "TAKEN", "fact": type(fact).__name__.lower(), "id": fact.id}
        said = f"row {number} is taken: {done['fact']} {fact.id}"
    elif wish.what == "drop":
        if _row(store, number).status != "WAITING":
            raise click.UsageError(f"--drop: no row {number} waits in the quarantine")
        store.settle(number, "DROPPED")
        done, said = {"number": number, "status": "DROPPED"}, f"row {number} is left for good"
    else:
        if not store.seen(number):
            raise click.UsageError(f"--seen: there is no notice {number}")
        done, said = {"number": number, "status": "SEEN"}, f"notice {number} is marked as seen"
    click.echo(json.dumps(done) if as_json else said)


def _row(store: ConnectorStore, number: int) -> Quarantined:
    row = store.quarantined(number)
    if row is None:
        raise click.UsageError(f"no row {number} in the quarantine")
    return row


def _of(names: Sequence[str], rows: Sequence[Quarantined]) -> list[Quarantined]:
    return [row for row in rows if not names or row.source in names]


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
    await Watchlist(store).follow(ledger, microseconds_now())
    if not as_json and (new := sum(store.noticed().values())):
        click.echo(f"{new:,} to look at: machtigen sync --notices")
    return 1 if failed else 0
