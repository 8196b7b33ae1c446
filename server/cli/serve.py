"""`machtigen serve`: GraphQL over HTTP."""

from __future__ import annotations

import os
from contextlib import nullcontext

import click

from server.cli.examples import examples
from server.cli.http_options import http_options
from server.cli.options import audit_option, graph_option
from server.http_settings import HttpSettings


@click.command(
    epilog=examples(
        "machtigen serve --dev",
        "machtigen serve --issuer https://login.example.nl --audience machtigen --workers 2",
        "machtigen serve --issuer … --audience … --host 0.0.0.0 --allowed-host api.example.nl",
        "machtigen serve --registers registers.toml      and ask the registers in it by itself",
        "machtigen serve --documents documents.json      and answer nothing but these",
    )
)
@graph_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0: all.")
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
@click.option(
    "--issuer",
    envvar="MACHTIGEN_ISSUER",
    show_envvar=True,
    default="",
    metavar="URL",
    help="Whose tokens are taken: their `iss`.",
)
@click.option(
    "--audience",
    envvar="MACHTIGEN_AUDIENCE",
    show_envvar=True,
    default="",
    metavar="NAME",
    help="For whom they are: their `aud`.",
)
@click.option(
    "--jwks",
    envvar="MACHTIGEN_JWKS",
    show_envvar=True,
    default="",
    metavar="URL|FILE",
    help="The issuer's keys; without it the issuer tells where they are (OpenID discovery).",
)
@click.option(
    "--allowed-host",
    envvar="MACHTIGEN_ALLOWED_HOSTS",
    show_envvar=True,
    multiple=True,
    metavar="NAME",
    help="A name that it is asked for by, beside localhost; several times; *: any.",
)
@click.option(
    "--dev",
    is_flag=True,
    help="For developing: a built-in issuer; GraphiQL, the schema and internal errors are shown.",
)
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
    issuer: str,
    audience: str,
    jwks: str,
    allowed_host: tuple[str, ...],
    dev: bool,
    clock: str,
    http: HttpSettings,
) -> int:
    """Serve GraphQL at /graphql; with --dev also GraphiQL for a browser there.

    Callers show a token of the issuer; with --dev a built-in issuer gives one to whoever asks, on this machine only.
    """
    from server.clock import RehearsalClock  # noqa: PLC0415
    from server.identity.door import Identity, built_in, claim_names  # noqa: PLC0415 - as below
    from server.running import (  # noqa: PLC0415 - the server takes a while
        LOOPBACK_HOSTS,
        AuditUnavailable,
        BadDocuments,
        BadIdentity,
        BadSigningKey,
        PortTaken,
        Settings,
        serve,
    )

    if clock == "rehearsal" and not dev:
        return _refused("--clock rehearsal is refused without --dev: whoever reaches it moves the time")
    if not dev and not issuer:
        return _refused(
            "whose tokens are taken? Give --issuer URL and --audience NAME, or --dev for a built-in issuer on this "
            "machine (docs/security.md)"
        )
    if dev and host not in LOOPBACK_HOSTS:
        return _refused(f"--host {host} is refused with --dev, which is for this machine: {', '.join(LOOPBACK_HOSTS)}")
    try:
        with RehearsalClock.made() if clock == "rehearsal" else nullcontext() as rehearsal:
            if issuer:
                identity = Identity(issuer=issuer, audience=audience, jwks=jwks, claims=claim_names(os.environ))
            else:
                identity = built_in(graph, os.environ)
            settings = Settings(
                graph=graph,
                identity=identity,
                hosts=allowed_host,
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
            serve(settings, lambda url: _say(url, dev=dev, built_in=not issuer))
    except (PortTaken, AuditUnavailable, BadIdentity, BadSigningKey) as wrong:
        return _refused(str(wrong))
    except BadDocuments as wrong:
        click.echo(str(wrong), err=True)  # each line begins with the file and the line
        return 2
    return 0


def _refused(why: str) -> int:
    click.echo(f"machtigen: {why}", err=True)
    return 2


def _say(url: str, *, dev: bool, built_in: bool) -> None:
    if built_in:
        told = f"DEVELOPMENT: {url}/dev/token gives a token for any role to whoever reaches this port."
        click.secho(f"{told} Never for real people's data.", fg="yellow", bold=True, err=True)
    click.echo(f"GraphQL{', and GraphiQL for a browser' if dev else ''}: {url}/graphql\nStop with Ctrl-C.")
