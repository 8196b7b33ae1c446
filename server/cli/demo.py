"""`machtigen demo`: a small country, loaded, served, with the pages to open."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final

import click

from authority.moments import SINCE_EVER
from graph.errors import LedgerUnavailable
from graph.importing import Imported, import_facts
from graph.ledger import Ledger
from graph.reading import Source
from server.cli.console import Console
from server.cli.examples import examples
from server.cli.options import told_progress, with_ledger
from server.cli.shown import machtigen, short
from server.demo import Line
from server.demo.calendar import Calendar
from server.demo.families import families
from server.demo.questions import FIRST, OTHERS, Asked, curl
from server.demo.town import town
from server.demo.words import words

_HOME: Final = ".machtigen/demo"
_MARK: Final = "DEMO"
_BOLT_PORT: Final = 7687
_HTTP_PORT: Final = 7474
_COLOUR: Final = {"PERMIT": "green", "CONSENT_REQUIRED": "yellow", "INDETERMINATE": "magenta", "DENY": "red"}


@click.command(
    epilog=examples("machtigen demo", "machtigen demo --people 100000 --port 8080", "machtigen demo --neo4j")
)
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="0: any free one.")
@click.option(
    "--people",
    type=click.IntRange(1_000, 1_000_000),
    default=10_000,
    show_default=True,
    help="How many, beside Duinstad's own.",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another seed, other people.")
@click.option("--neo4j", is_flag=True, help="A local real Neo4j is the record.")
@click.option("--home", default=_HOME, show_default=True, metavar="PATH", help="Where it is made, anew each time.")
def command(port: int, people: int, seed: int, neo4j: bool, home: str) -> int:
    """Make a small country, load it into a graph of its own, serve it, and say what to open and ask.

    Duinstad has families worth telling about (docs/demo.md), in a crowd of invented people. Nobody is real.
    """
    from server.audit.directory import audit_path  # noqa: PLC0415 - with the server
    from server.identity.door import built_in  # noqa: PLC0415 - as below
    from server.running import (  # noqa: PLC0415 - the server takes a while
        AuditUnavailable,
        BadIdentity,
        PortTaken,
        Settings,
        serve,
    )

    place = Path(home)
    facts = made(place, people, seed, datetime.now(UTC))
    with record(place, neo4j=neo4j) as graph:
        done = loaded(graph, facts)
        click.echo(f"{done.recorded:,} facts about {people:,} people loaded", err=True)

        def say(url: str) -> None:
            _tell(url, graph, place, neo4j=neo4j)

        try:
            audit = str(audit_path(str(place / "graph")))
            settings = Settings(
                graph=graph,
                identity=built_in(graph, os.environ),
                port=port,
                dev=True,
                audit=audit,
                example=FIRST[0].question,
                replica=str(place / "replica"),
                desk=_desk(place),
            )
            serve(settings, say)
        except (PortTaken, AuditUnavailable, BadIdentity) as wrong:
            click.echo(f"machtigen: {wrong}", err=True)
            return 2
    return 0


def _desk(place: Path) -> str:
    """Where mandates are asked for; what was asked in a demo before is gone with its country."""
    for left in place.glob("desk.sqlite*"):
        left.unlink()
    return str(place / "desk.sqlite")


def made(place: Path, people: int, seed: int, now: datetime) -> Path:
    """The facts file of the country on this day."""
    _take(place)
    path = place / "facts.jsonl"
    calendar = Calendar(now)
    crowd = list(_crowd(people, seed, calendar))
    with path.open("w", encoding="utf-8") as file:
        for fact in chain(town(calendar), families(calendar), crowd, words(crowd, calendar, seed)):
            file.write(json.dumps(fact, ensure_ascii=False, separators=(",", ":")) + "\n")
    return path


def _take(place: Path) -> None:
    """Make the folder, or take one that a demo made: what is in it is thrown away each time."""
    mark = place / _MARK
    if place.exists() and not mark.exists() and any(place.iterdir()):
        raise click.ClickException(f"{place} is no demo's folder, and what a demo finds it throws away: another --home")
    place.mkdir(parents=True, exist_ok=True)
    mark.write_text("machtigen demo makes this folder anew each time\n", encoding="utf-8")


def _crowd(people: int, seed: int, calendar: Calendar) -> Iterator[Line]:
    """The simulator's population on this day, with providers and offices of its own; the registers are the town's."""
    try:
        import numpy as np  # noqa: PLC0415 - an extra, read when used

        from simulator.population import Lines, Population  # noqa: PLC0415 - as above
    except ImportError as missing:
        raise click.ClickException(f"{missing}: install the extra with pip install -e '.[demo]'") from None
    lines = Lines(Population(people, seed, calendar.now.date()))
    with told_progress() as told:
        told("making", 0, people)
        text = chain(lines.first(), lines.of(np.arange(people, dtype=np.int64)).splitlines())
        yield from (fact for line in text if (fact := json.loads(line))["fact"] != "register")
        told("making", people, people)


def loaded(graph: str, facts: Path) -> Imported:
    """The facts into the graph; what does not say when it was recorded was known since ever."""

    async def work(ledger: Ledger) -> Imported:
        with Source(str(facts)) as source, told_progress() as told:
            return await import_facts(ledger, source, recorded_at=SINCE_EVER, progress=told)

    return with_ledger(graph, work)


@contextmanager
def record(place: Path, *, neo4j: bool) -> Iterator[str]:
    """A fresh graph to load into: a path, or the address of a Neo4j that ends with this."""
    if neo4j:
        with _neo4j(place / "neo4j") as address:
            yield address
        return
    graph = place / "graph"
    for left in place.glob(f"{graph.name}*"):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()
    yield str(graph)


@contextmanager
def _neo4j(place: Path) -> Iterator[str]:
    from graph.local_neo4j import Home, Settings, start, stop  # noqa: PLC0415 - an extra, read when used
    from graph.local_neo4j.home import USERNAME  # noqa: PLC0415 - as above

    home = Home(place)
    stop(home)
    shutil.rmtree(place, ignore_errors=True)
    settings = Settings(bolt_port=_free_port(_BOLT_PORT), http_port=_free_port(_HTTP_PORT), browser=True)
    server = start(home, settings, tied=True, tell=lambda text: click.echo(text, err=True))
    os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"] = USERNAME, home.password()
    try:
        yield server.uri
    finally:
        stop(home)


def _free_port(wanted: int) -> int:
    """This one where it is free, else any other."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise LedgerUnavailable("no free port on 127.0.0.1")


def _tell(url: str, graph: str, place: Path, *, neo4j: bool) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"\n[bold]Duinstad is open.[/] The graph, and why a decision is what it is: [bold]{url}/explore[/]")
    console.print(f"Whom am I acting for? A portal as a citizen sees it: [bold]{url}/examples/portal[/]")
    console.print(f"GraphQL, with GraphiQL for a browser: [bold]{url}/graphql[/]")
    if neo4j:
        from graph.local_neo4j import Home, running  # noqa: PLC0415 - it runs

        home = Home(place / "neo4j")
        server = running(home)
        if server is not None:
            console.print(f"Neo4j Browser: [bold]{server.browser_page}[/]")
            console.print(f"  user neo4j, password in {short(home.password_file)}")
            console.print("  colours, and queries to draw families with: deploy/neo4j/README.md")
    console.print("\n[yellow]Its built-in issuer gives a token for any role to whoever asks; this one may explore:[/]")
    console.print(f"  export TOKEN=$({machtigen()} token --graph {graph} --role explorer)", markup=False)
    for asked in FIRST:
        _tell_question(console, asked)
        console.print(f"  {curl(url, asked.question)}", markup=False)
    console.print("\nMore to ask (docs/demo.md tells their stories):")
    for asked in OTHERS:
        _tell_question(console, asked, indent="  ")
    why = json.dumps(FIRST[1].question)
    console.print("\nWhy Sanne does not see Daan:")
    first = _password_first(place) if neo4j else ""
    console.print(f"  {first}{machtigen()} explain --graph {graph} --question '{why}'", markup=False)
    console.print(f"\nGive a mandate yourself (docs/demo.md); letters and e-mails go to [bold]{url}/dev/outbox[/]")
    console.print("\nStop with Ctrl-C.")


def _password_first(place: Path) -> str:
    return f'NEO4J_PASSWORD="$(cat {place / "neo4j" / "password"})" '


def _tell_question(console: Console, asked: Asked, indent: str = "\n") -> None:
    who = f"{asked.question['representative']} → {asked.question['represented']}, {asked.question['service']}"
    outcome = f"[bold {_COLOUR[asked.outcome]}]{asked.outcome}[/] {asked.reason}"
    console.print(f"{indent}{asked.story} [dim]({who})[/] {outcome}")


__all__ = ["command", "loaded", "made", "record"]
