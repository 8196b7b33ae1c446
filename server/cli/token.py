"""`machtigen token`: a token of the built-in issuer, for developing."""

from __future__ import annotations

import os
from pathlib import Path

import click

from server.cli.examples import examples
from server.cli.options import graph_option


@click.command(
    epilog=examples(
        "machtigen token --role explorer",
        "machtigen token --role provider --party h1",
        "export TOKEN=$(machtigen token --role citizen --sub p2)",
    )
)
@graph_option
@click.option(
    "--role", required=True, help="citizen, provider, register-keeper, counter-official, operator, auditor, explorer."
)
@click.option("--sub", default="", metavar="ID", help="Who logged in: a person's opaque id.")
@click.option("--party", default="", metavar="ID", help="For whom they work: a provider, register or organisation.")
@click.option("--assurance", default="substantial", show_default=True, help="How surely they logged in.")
@click.option("--represents", default="", metavar="ID", help="A person: the token is for questions about them only.")
@click.option("--purpose", default="", metavar="TEXT", help="Why an explorer looks.  [default: development]")
def command(graph: str, role: str, sub: str, party: str, assurance: str, represents: str, purpose: str) -> int:
    """Print a token that `machtigen serve --dev` and `machtigen demo` over this graph take, for twelve hours.

    Never in production: there the issuer gives tokens, and nobody else can (docs/security.md).
    """
    from server.identity.dev import DevIssuer, key_path  # noqa: PLC0415 - with the server's libraries
    from server.identity.errors import BadIdentity, Unidentified  # noqa: PLC0415 - as above

    said = {"role": role, "sub": sub, "party": party, "assurance": assurance, "represents": represents}
    try:
        click.echo(DevIssuer(Path(key_path(graph, os.environ))).token({**said, "purpose": purpose}))
    except (BadIdentity, Unidentified) as wrong:
        click.echo(f"machtigen: {wrong}", err=True)
        return 2
    return 0
