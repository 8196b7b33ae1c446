"""`machtigen capacity`: how many machines, when, and how sure that is."""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from server.cli.console import Console
from server.cli.examples import examples
from server.cli.options import json_option, told_progress
from server.cli.own_service import own_service

if TYPE_CHECKING:
    from loadtests.capacity.measuring import Measured

_MONTHS = ["%Y-%m"]


def _numbers(_: click.Context, param: click.Parameter, value: str) -> tuple[int, ...]:
    try:
        found = tuple(int(part) for part in value.split(","))
    except ValueError:
        found = ()
    if not found or min(found) < 1:
        raise click.BadParameter(f"found {value}, expected such as 1,2,4,8,16,32", param=param)
    return found


@click.command(
    epilog=examples(
        "machtigen capacity hospitals_2027 --measure --month 2027-03 --out march",
        "machtigen capacity hospitals_2027 --from march --month 2027-03",
        "machtigen capacity june_2020 --from march --first 2021-01 --last 2022-12 --json",
    )
)
@click.argument("scenario")
@click.option("--measure", is_flag=True, help="Measure first, on a service that is started for it.")
@click.option("--from", "kept", type=click.Path(path_type=Path), metavar="DIR", help="What was measured: an --out.")
@click.option("--month", type=click.DateTime(_MONTHS), help="Above all for this month [the last one].")
@click.option("--first", type=click.DateTime(_MONTHS), help="Quarters from here on [the one before the month's].")
@click.option("--last", type=click.DateTime(_MONTHS), help="And to here [a year after the month].")
@click.option(
    "--assumptions", type=click.Path(path_type=Path), metavar="FILE.toml", help="In place of the shipped ones."
)
@click.option("--graph", metavar="PATH", help="With --measure: a graph with the population; made if it is not there.")
@click.option("--people", type=int, default=100_000, show_default=True, help="With --measure: in the graph.")
@click.option("--people-seed", type=click.IntRange(0), default=1, show_default=True, help="With --measure: its seed.")
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="With --measure.")
@click.option("--users", default="1,2,4,8,16,32", show_default=True, callback=_numbers, help="With --measure: at once.")
@click.option("--seconds", type=click.FloatRange(1.0), default=6.0, show_default=True, help="With --measure: each.")
@click.option("--repeats", type=click.IntRange(1, 100), default=2, show_default=True, help="With --measure.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Page, JSON, measurement.")
@json_option
def command(scenario: str, **options: Any) -> int:
    """How many machines, how much memory, and how many Neo4j members, quarter by quarter.

    Throughput over concurrency is measured on this machine, a scalability law fitted to it, headroom taken off, and
    the rest set against what the simulator expects to be asked. The calculation is shown, and so is where it goes
    beyond what was measured.
    """
    try:
        from loadtests.capacity.answer import answer  # noqa: PLC0415
        from loadtests.capacity.assumptions import read  # noqa: PLC0415
        from loadtests.capacity.measuring import kept  # noqa: PLC0415
        from loadtests.capacity.page import page  # noqa: PLC0415
        from loadtests.demand import demand_of  # noqa: PLC0415
        from loadtests.errors import LoadTestError  # noqa: PLC0415
    except ImportError as missing:
        raise click.ClickException(
            f"{missing}: install the extra with pip install -e '.[loadtests,simulator]'"
        ) from None
    if options["measure"] == bool(options["kept"]):
        raise click.UsageError("say either --measure or --from DIR")
    try:
        assumptions, demand = read(options["assumptions"]), demand_of(scenario)
        month = _day(options["month"]) or demand.weeks[-1]
        first, last = _day(options["first"]) or _months(month, -3), _day(options["last"]) or _months(month, 12)
        last = min(last, demand.weeks[-1])
        measured = _measured(options) if options["measure"] else kept(options["kept"])
        whole = answer(demand, measured, assumptions, first=first, last=last, month=month, command=_typed())
    except LoadTestError as wrong:
        raise click.ClickException(str(wrong)) from None
    out: Path | None = options["out"]
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "capacity.html").write_text(page(whole), encoding="utf-8")
        (out / "capacity.json").write_text(json.dumps(whole, ensure_ascii=False) + "\n", encoding="utf-8")
        (out / "measured.json").write_text(json.dumps(measured.as_json()) + "\n", encoding="utf-8")
    if options["as_json"]:
        click.echo(json.dumps(whole, ensure_ascii=False))
    else:
        _show(whole, Console())
        if out is not None:
            click.echo(f"for people: {out / 'capacity.html'}\nmeasured: {out / 'measured.json'}")
    return 0


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _months(day: date, more: int) -> date:
    months = day.year * 12 + day.month - 1 + more
    return date(months // 12, months % 12 + 1, 1)


def _measured(options: dict[str, Any]) -> Measured:
    from loadtests.capacity.measuring import Service, Sweep, measure  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="capacity-") as folder:
        graph = options["graph"] or str(Path(folder) / "graph")
        people, seed, workers = options["people"], options["people_seed"], options["workers"]
        with own_service(graph, people, seed, workers) as own, told_progress(quiet=options["as_json"]) as progress:
            service = Service(own.url, workers, people, seed, Path(graph).stat().st_blocks * 512)
            sweep = Sweep(options["users"], options["seconds"], options["repeats"], processes=1)
            return measure(service, sweep, lambda done, total, words: progress("measuring", done, total))


def _show(whole: dict[str, Any], console: Console) -> None:
    from loadtests.capacity.words import headline, sentences  # noqa: PLC0415

    console.print(Text(headline(whole), style="bold"))
    for head, text in sentences(whole):
        console.print(Text.assemble((head, "bold"), " ", text), highlight=False)
    table = Table("quarter", "decisions/s P50", "P90", "machines P50", "P90", box=None, padding=(0, 2, 0, 0))
    for column in table.columns[1:]:
        column.justify = "right"
    for quarter in whole["quarters"]:
        decisions, machines = quarter["decisions"], quarter["machines"]
        figures = (
            f"{decisions['p50']:,.3g}",
            f"{decisions['p90']:,.3g}",
            f"{machines['p50']:g}",
            f"{machines['p90']:g}",
        )
        table.add_row(quarter["name"], *figures)
    console.print(table)


def _typed() -> str:
    return shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
