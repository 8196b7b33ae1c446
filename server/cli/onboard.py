"""`machtigen onboard`: thousands of providers from one file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import click
import msgspec

from graph.errors import BadInput, Problem
from graph.intake import read_object
from graph.ledger import Ledger
from graph.reading import Source
from resolvers.onboarding import check, store
from server.cli.examples import examples
from server.cli.options import graph_option, json_option, problems_told, told_progress, with_ledger


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """`providers` stood in the file, `recorded` facts were new; `as_of`: the token after them."""

    providers: int
    recorded: int
    as_of: str


@click.command(
    epilog=examples(
        "machtigen onboard hospitals.jsonl",
        "",
        "where hospitals.jsonl has lines such as",
        '{"id":"zeeduin","sector":"HOSPITAL","status":"LIVE","route":"ROUTING","supplier":"epd-a",',
        ' "services":[{"id":"record","domain":"CARE_RECORD","minimum_assurance":"SUBSTANTIAL"}]}',
    )
)
@click.argument("file")
@graph_option
@json_option
def command(file: str, graph: str, as_json: bool) -> None:
    """Bring the providers of FILE to the status that it says, each through every step on the way.

    FILE has a JSON object a line, plain, .gz or .zst, or - for standard input: id, sector, and what there is of status
    (default APPLIED), route, supplier, live_from, name, and services, a list of objects with id (the last part is
    enough), domain, minimum_assurance, channel, routine, mandatable, matter, name. Of a provider or service that is
    known already, what is left out stays as it is.

    All of it is checked first; nothing is stored unless all of it is right. Stopped on the way it leaves a part, which
    the same command completes; the same file a second time changes nothing.
    """
    now = time.time_ns() // 1_000
    recorded = 0

    def stored() -> str:
        """Only somebody else who changes a provider meanwhile can stop it on the way."""
        facts = f"{recorded:,} {'fact was' if recorded == 1 else 'facts were'} recorded before"
        return f"{facts}; mended, the same file completes it" if recorded else "nothing was stored"

    async def work(ledger: Ledger) -> Done:
        with Source(file) as source, told_progress(quiet=as_json) as told:
            lines = list(_objects(source))
            async for count in check(ledger, iter(lines), now=now, source=source.name):
                told("checking", count, len(lines))
            nonlocal recorded
            count, token = 0, str(await ledger.head())
            async for done in store(ledger, iter(lines), now=now):
                if done.problems:
                    raise BadInput(done.problems, source=source.name)
                recorded, count, token = recorded + done.recorded, count + len(done.providers), str(done.token)
                told("storing", count, len(lines))
            return Done(providers=count, recorded=recorded, as_of=token)

    with problems_told(stored):
        done = with_ledger(graph, work)
    if as_json:
        click.echo(msgspec.json.encode(done))
    else:
        click.echo(f"{done.providers:,} providers, {done.recorded:,} facts recorded, as of {done.as_of}")


def _objects(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line's object. Raises BadInput."""
    for line, text in source.lines():
        try:
            yield line, read_object(text)
        except Problem as problem:
            problem.line = line
            raise BadInput([problem], source=source.name) from None
