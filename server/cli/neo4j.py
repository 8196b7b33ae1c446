"""`machtigen neo4j start|stop|status`: a local real Neo4j for development, no Docker needed."""

from __future__ import annotations

import sys
from typing import Any, Final

import click
import msgspec

from graph.local_neo4j import Home, Server, Settings, running, start, stop
from graph.local_neo4j.artefacts import Tell
from graph.local_neo4j.home import USERNAME
from server.cli.examples import examples
from server.cli.shown import machtigen, short

_DEFAULT_HOME: Final = ".machtigen/neo4j"
_PORT: Final = click.IntRange(1, 65_535)

home_option: Final = click.option(
    "--home", default=_DEFAULT_HOME, show_default=True, metavar="PATH", help="Where its store, logs and password are."
)
json_option: Final = click.option("--json", "as_json", is_flag=True, help="One JSON object, for another program.")


@click.group(epilog=examples("machtigen neo4j start", "machtigen neo4j status --json", "machtigen neo4j stop"))
def command() -> None:
    """A local real Neo4j for development, no Docker needed."""


@command.command(
    "start",
    short_help="Start it, and say how to reach it.",
    epilog=examples(
        "machtigen neo4j start",
        "machtigen neo4j start --home other --bolt-port 17687 --http-port 17474",
    ),
)
@home_option
@click.option("--bolt-port", type=_PORT, default=7687, show_default=True, help="Where drivers reach it.")
@click.option("--http-port", type=_PORT, default=7474, show_default=True, help="Where a browser reaches it.")
@click.option("--browser/--no-browser", default=True, show_default=True, help="Serve Neo4j Browser too.")
@click.option(
    "--heap", "heap_mib", type=click.IntRange(128), default=1024, show_default=True, metavar="MIB", help="Its memory."
)
@click.option(
    "--page-cache",
    "page_cache_mib",
    type=click.IntRange(16),
    default=256,
    show_default=True,
    metavar="MIB",
    help="For its store.",
)
@json_option
def start_command(
    home: str, bolt_port: int, http_port: int, browser: bool, heap_mib: int, page_cache_mib: int, as_json: bool
) -> None:
    """Start it in the background, wait until it answers, and say how to reach it.

    It listens on 127.0.0.1 only, with a password made at random and kept in a file that only you can read. Its store
    stays between starts. The first start downloads some 140 MB from Maven Central. Started twice, it runs once.
    """
    settings = Settings(
        bolt_port=bolt_port, http_port=http_port, browser=browser, heap_mib=heap_mib, page_cache_mib=page_cache_mib
    )
    with _told() as tell:
        server = start(Home(home), settings, tell=tell)
    _say(Home(home), server, as_json=as_json)


@command.command("stop", short_help="Stop it.", epilog=examples("machtigen neo4j stop"))
@home_option
def stop_command(home: str) -> None:
    """Stop it and wait until its store is closed. Nothing else is ever stopped."""
    server = stop(Home(home))
    click.echo("Neo4j was not running" if server is None else f"Neo4j stopped (pid {server.pid})")


@command.command(
    "status",
    short_help="Say whether it runs and how to reach it.",
    epilog=examples("machtigen neo4j status", "machtigen neo4j status --json"),
)
@home_option
@json_option
def status_command(home: str, as_json: bool) -> None:
    """Say whether it runs and how to reach it. Exit status 0: it runs; 1: it does not."""
    server = running(Home(home))
    if server is None:
        not_running = f"Neo4j is not running; start it with: {machtigen()} neo4j start"
        click.echo('{"running":false}' if as_json else not_running)
        raise click.exceptions.Exit(1)
    _say(Home(home), server, as_json=as_json)


def _say(home: Home, server: Server, *, as_json: bool) -> None:
    password_file = short(home.password_file)
    if as_json:
        found: dict[str, Any] = {
            "running": True,
            "uri": server.uri,
            "username": USERNAME,
            "password_file": str(home.password_file),
            "http": server.http,
            "browser": server.browser_page,
            "pid": server.pid,
        }
        click.echo(msgspec.json.encode(found))
        return
    click.echo(f"Neo4j runs (pid {server.pid})")
    click.echo(f"  address   {server.uri}")
    click.echo(f"  user      {USERNAME}")
    click.echo(f"  password  in {password_file}")
    if server.browser_page is not None:
        click.echo(f"  browser   {server.browser_page}")
    click.echo("Use it as the graph:")
    click.echo(f'  export NEO4J_PASSWORD="$(cat {password_file})"')
    click.echo(f"  {machtigen()} serve --graph {server.uri}")


class _told:  # noqa: N801 - used as a context, like contextlib.suppress
    """On standard error: on a terminal one line that changes, elsewhere a line for each new thing."""

    def __init__(self) -> None:
        self._last = ""
        self._terminal = sys.stderr.isatty()

    def __enter__(self) -> Tell:
        return self._tell

    def __exit__(self, *_: object) -> None:
        if self._terminal and self._last:
            click.echo("\r\033[K", err=True, nl=False)

    def _tell(self, text: str) -> None:
        if self._terminal:
            click.echo(f"\r\033[K{text} …", err=True, nl=False)
        elif text.partition(":")[0] != self._last.partition(":")[0]:
            click.echo(text, err=True)
        self._last = text
