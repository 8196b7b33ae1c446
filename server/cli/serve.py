"""`machtigen serve`: GraphQL over HTTP."""

from __future__ import annotations

from contextlib import nullcontext

import click

from server.cli.examples import examples
from server.cli.http_options import http_options
from server.cli.options import audit_option, graph_option
from server.http_settings import HttpSettings


@click.command(
    epilog=examples(
        "machtigen serve",
        "machtigen serve --graph neo4j://127.0.0.1:7687 --port 8080 --workers 2",
        "machtigen serve --registers registers.toml      and ask the registers in it by itself",
        "machtigen serve --documents documents.json      and answer nothing but these",
    )
)
@graph_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Only this machine's own, for now.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="0: any free one.")
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="One process for each.")
@click.option(
    "--registers",
    envvar="MACHTIGEN_REGISTERS",
    show_envvar=True,
    metavar="FILE.toml",
    help="The file of sources to follow (docs/registers.md); without it no register is asked.",
)
@audit_option
@click.option(
    "--replica",
    envvar="MACHTIGEN_REPLICA",
    show_envvar=True,
    metavar="DIR|off",
    default=".machtigen/replica",
    show_default=True,
    help="With a Neo4j: where the copy stands that follows it and answers; off: Neo4j itself answers.",
)
@click.option(
    "--public-url",
    envvar="MACHTIGEN_PUBLIC_URL",
    show_envvar=True,
    metavar="URL",
    help="By which others know this service: the issuer of signed statements (docs/statement.md).",
)
@http_options
@click.option("--dev", is_flag=True, help="For developing: GraphiQL, the schema and internal errors are shown.")
@click.option(
    "--clock",
    type=click.Choice(["system", "rehearsal"]),
    default="system",
    show_default=True,
    help="With --dev, rehearsal: stands still until `machtigen rehearse` moves it.",
)
def command(  # noqa: PLR0913, PLR0917 - its options
    graph: str,
    host: str,
    port: int,
    workers: int,
    registers: str | None,
    audit: str | None,
    replica: str,
    public_url: str | None,
    dev: bool,
    clock: str,
    http: HttpSettings,
) -> int:
    """Serve GraphQL at /graphql; with --dev also GraphiQL for a browser there.

    It listens on this machine only: until callers are identified, any other --host is refused.
    """
    from server.clock import RehearsalClock  # noqa: PLC0415
    from server.running import LOOPBACK_HOSTS, AuditUnavailable, BadDocuments, BadSigningKey, PortTaken, Settings, serve  # noqa: PLC0415 - the server takes a while

    if host not in LOOPBACK_HOSTS:
        return _refused(f"--host {host} is refused until callers are identified: one of {', '.join(LOOPBACK_HOSTS)}")
    if clock == "rehearsal" and not dev:
        return _refused("--clock rehearsal is refused without --dev: whoever reaches it moves the time")
    try:
        with RehearsalClock.made() if clock == "rehearsal" else nullcontext() as rehearsal:
            settings = Settings(
                graph=graph,
                host=host,
                port=port,
                workers=workers,
                registers=registers,
                audit=audit,
                replica=None if replica == "off" else replica,
                public_url=public_url,
                dev=dev,
                log=dev,
                rehearsal=rehearsal,
                http=http,
            )
            serve(settings, lambda url: _say(url, dev=dev))
    except (PortTaken, AuditUnavailable, BadSigningKey) as wrong:
        return _refused(str(wrong))
    except BadDocuments as wrong:
        click.echo(str(wrong), err=True)  # each line begins with the file and the line
        return 2
    return 0


def _refused(why: str) -> int:
    click.echo(f"machtigen: {why}", err=True)
    return 2


def _say(url: str, *, dev: bool) -> None:
    click.echo(f"GraphQL{', and GraphiQL for a browser' if dev else ''}: {url}/graphql\nStop with Ctrl-C.")
