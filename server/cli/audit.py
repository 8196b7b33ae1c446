"""`machtigen audit verify|search|export|replay`: who asked what, and on which ground it was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import click
import msgspec

from authority.moments import instant, instant_text
from graph.ledger import Ledger
from server.audit.checking import Checked, check
from server.audit.directory import audit_path
from server.audit.exporting import COLUMNS, csv_line, json_line, resource_of, row_of
from server.audit.reading import NoRecords, Record, Wanted, batched, records_in
from server.audit.replaying import Replayed, replay
from server.cli.examples import examples
from server.cli.export import opened
from server.cli.options import audit_option, graph_option, json_option, told_progress, with_ledger

_TOGETHER: Final = 500
_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Moment(click.ParamType[int]):
    name = "INSTANT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Milliseconds."""
        try:
            return instant(value) // 1_000
        except ValueError as wrong:
            self.fail(f"{value!r}: {wrong}", param, ctx)


@click.group(epilog=examples("machtigen audit verify", "machtigen audit search --person p1.abc"))
def command() -> None:
    """Who asked what, and on which ground it was answered (docs/audit.md)."""


def _wanted_options(function: _Command) -> _Command:
    """What records are looked for."""
    for option in reversed(
        (
            click.option("--person", default="", metavar="ID", help="Anybody in it: on either side, found, or asking."),
            click.option("--provider", default="", metavar="ID", help="Whose service it was, or who asked."),
            click.option("--caller", default="", metavar="TEXT", help="The role, person or party that asked."),
            click.option("--operation", default="", metavar="NAME", help="The GraphQL field, path or mutation."),
            click.option(
                "--outcome", default="", metavar="WORD", help="PERMIT, DENY, CONSENT_REQUIRED, INDETERMINATE."
            ),
            click.option("--trace", default="", metavar="HEX", help="The trace of the request (traceparent)."),
            click.option("--since", type=_Moment(), help="From this instant on, such as 2026-11-24T00:00:00+01:00."),
            click.option("--until", type=_Moment(), help="Before this instant."),
        )
    ):
        function = option(function)
    return function


@command.command(
    "verify",
    short_help="Is every record as it was written?",
    epilog=examples(
        "machtigen audit verify",
        "machtigen audit verify --kept 5d41402a…      the head that an earlier run gave is still there",
        "machtigen audit verify --replay              and every decision has the same answer again",
    ),
)
@graph_option
@audit_option
@click.option("--kept", default="", metavar="HEAD", help="A head that was given before, and kept elsewhere.")
@click.option("--replay", "replayed", is_flag=True, help="Replay every decision against the graph too.")
@json_option
def verify_command(graph: str, audit: str | None, kept: str, replayed: bool, as_json: bool) -> int:
    """Read every record; check each against its seal, and each file against the index.

    What was changed, removed, moved, added or cut off is named with its file and record. Prints the head of the index:
    keep it elsewhere, and --kept shows later that nothing older was rewritten. Exit status 1 when something is wrong.
    """
    directory = _directory(graph, audit)
    with _records_wanted(), told_progress(quiet=as_json) as told:
        checked = check(directory, kept=kept, told=lambda done, total: told("verifying", done, total))
    again = _replayed(graph, directory, Wanted(), quiet=as_json) if replayed and not checked.problems else None
    if as_json:
        report = msgspec.to_builtins(checked)
        report["replayed"] = msgspec.to_builtins(again) if again is not None else None
        click.echo(msgspec.json.encode(report))
    else:
        _tell_checked(checked)
        if again is not None:
            _tell_replayed(again)
        elif replayed:
            click.echo("nothing was replayed: the records themselves are not sound", err=True)
    return 1 if checked.problems or (again is not None and again.differs) else 0


def _tell_checked(checked: Checked) -> None:
    click.echo(f"{checked.records:,} records in {checked.segments:,} segments, {checked.open:,} of them open")
    click.echo(f"head {checked.head}")
    for problem in checked.problems:
        click.echo(str(problem), err=True)
    if checked.more_problems:
        click.echo(f"and {checked.more_problems:,} more", err=True)


@command.command(
    "search",
    short_help="Records by person, provider, time, outcome, caller or trace.",
    epilog=examples(
        "machtigen audit search --person p1.abc --since 2026-11-01T00:00:00+01:00",
        "machtigen audit search --caller PROVIDER --outcome PERMIT --json",
    ),
)
@graph_option
@audit_option
@_wanted_options
@click.option("--json", "as_json", is_flag=True, help="The whole records, one JSON object a line.")
def search_command(graph: str, audit: str | None, as_json: bool, **wanted: Any) -> None:
    """Print what was recorded, a line each; of several processes one after the other, each in the order of time.

    It shows what stands there; whether that is sound is for verify to say.
    """
    directory = _directory(graph, audit)
    with _records_wanted():
        for record in records_in(directory, Wanted(**wanted)):
            click.echo(json_line(record, {}).rstrip() if as_json else _told(record))


@command.command(
    "export",
    short_help="Records out, as JSON Lines of the standard or as CSV.",
    epilog=examples(
        "machtigen audit export -o november.jsonl.zst --since 2026-11-01T00:00:00+01:00",
        "machtigen audit export --format csv -o audit.csv --provider hospital-1",
    ),
)
@graph_option
@audit_option
@_wanted_options
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True, help="How.")
@click.option("--output", "-o", default="-", metavar="FILE", help="Default: standard output. Packed by .gz or .zst.")
def export_command(graph: str, audit: str | None, form: str, output: str, **wanted: Any) -> None:
    """Write the records that are looked for, or all.

    JSON Lines have the shape of the Dutch standard for authorization decision logs, each with its producer.
    """
    directory, count = _directory(graph, audit), 0

    @cache
    def producer(file: str) -> dict[str, str]:
        return resource_of(directory / file)

    with _records_wanted(), opened(output) as write, told_progress(quiet=output == "-") as told:
        if form == "csv":
            write(csv_line(COLUMNS))
        for record in records_in(directory, Wanted(**wanted), lambda done, total: told("writing", done, total)):
            count += 1
            if form == "csv":
                write(csv_line(row_of(record, _time(record))))
            else:
                write(json_line(record, producer(record.file)))
    if output != "-":
        click.echo(f"{count:,} records written", err=True)


@command.command(
    "replay",
    short_help="Is every decision the same when it is asked again?",
    epilog=examples("machtigen audit replay", "machtigen audit replay --provider hospital-1 --json"),
)
@graph_option
@audit_option
@_wanted_options
@json_option
def replay_command(graph: str, audit: str | None, as_json: bool, **wanted: Any) -> int:
    """Ask every question again at the ledger token at which it was answered, and compare the answers.

    Exit status 1 when one differs.
    """
    replayed = _replayed(graph, _directory(graph, audit), Wanted(**wanted), quiet=as_json)
    if as_json:
        click.echo(msgspec.json.encode(replayed))
    else:
        _tell_replayed(replayed)
    return 1 if replayed.differs else 0


def _replayed(graph: str, directory: Path, wanted: Wanted, *, quiet: bool) -> Replayed:
    async def work(ledger: Ledger) -> Replayed:
        with told_progress(quiet=quiet) as told:
            records = records_in(directory, wanted, lambda done, total: told("replaying", done, total))
            return await replay(ledger, batched(records, _TOGETHER))

    with _records_wanted():
        return with_ledger(graph, work, read_only=True)


def _tell_replayed(replayed: Replayed) -> None:
    click.echo(f"{replayed.same:,} answers the same, {len(replayed.differs):,} not")
    for why, count in sorted(replayed.not_replayed.items()):
        click.echo(f"{count:,} not replayed: {why}")
    for each in replayed.differs:
        click.echo(str(each), err=True)


# what they share


def _directory(graph: str, audit: str | None) -> Path:
    return audit_path(graph, audit)


@contextmanager
def _records_wanted() -> Iterator[None]:
    """Says in one line that there are none."""
    try:
        yield
    except NoRecords as wrong:
        raise click.ClickException(str(wrong)) from None


def _time(record: Record) -> str:
    return instant_text(record.timestamp * 1_000)


def _told(record: Record) -> str:
    """A line for a person."""
    who = " ".join(filter(None, (record.caller("role"), record.caller("party"), record.caller("subject")))) or "-"
    operation = record.attributes.get("machtigen.operation", record.event_name)
    return "  ".join(filter(None, (_time(record), who, operation, _what(record), record.place)))


def _what(record: Record) -> str:
    if record.change:
        done = "refused " + " ".join(record.change["refused"]) if "refused" in record.change else ""
        evidence = " ".join(filter(None, (record.change.get("channel"), record.change.get("evidence"))))
        return "  ".join(filter(None, (done or " ".join(record.stated), evidence)))
    request = record.request
    if not request:
        return " ".join(filter(None, ("looked at" if record.stated else "", *record.stated)))
    sides = [request.get(side, {}).get("id", "?") for side in ("subject", "resource")]
    asked = f"{sides[0]} → {sides[1]} {request.get('action', {}).get('name', '?')}"
    if record.event_name.startswith("adl.search"):
        found = " ".join(each.get("id", each.get("name", "")) for each in record.results)
        return f"{asked}  found {found or 'nobody'}"
    hypothetical = "hypothetical " if "machtigen.hypothetical" in record.attributes else ""
    answer = f"{record.context.get('outcome', record.status)} {record.context.get('reason', '')}".rstrip()
    return f"{asked}  {hypothetical}{answer}"
