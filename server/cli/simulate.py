"""`machtigen simulate`: a plan in one file, and when the country is connected."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from server.cli.console import Console
from server.cli.examples import examples

if TYPE_CHECKING:
    from simulator.results import Result
    from simulator.scenario import Scenario
    from simulator.study import Study


@click.command(
    epilog=examples(
        "machtigen simulate june_2020 --runs 10000 --out june",
        "machtigen simulate hospitals_2027 --compare no_setback --report plan.html",
        "machtigen simulate one_setback --trace",
        "machtigen simulate my_plan.toml --json",
        "machtigen simulate june_2020 --optimise slots --measure pgo_90",
    )
)
@click.argument("scenario", required=False, metavar="SCENARIO.toml|NAME")
@click.option(
    "--runs", type=click.IntRange(1, 1_000_000), metavar="N", help="Replications; else the scenario's own number."
)
@click.option("--seed", type=click.IntRange(0), help="Another seed than the scenario's.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Report, CSV, Parquet and JSON."
)
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="The report alone: one HTML page."
)
@click.option(
    "--compare", multiple=True, metavar="OTHER", help="Another scenario, under the same random numbers; repeatable."
)
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The date that the report carries; else none.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for another program.")
@click.option(
    "--executor",
    type=click.Choice(["processes", "here"]),
    default="processes",
    show_default=True,
    help="Who runs the batches.",
)
@click.option("--dask", metavar="ADDRESS", help="Let a Dask cluster run them, such as tcp://127.0.0.1:8786.")
@click.option(
    "--until-half-width",
    metavar="MEASURE=WIDTH",
    help="Run until half the 95 % interval of a mean is this narrow (days for a milestone).",
)
@click.option("--trace", is_flag=True, help="Tell one replication as a story (the event engine).")
@click.option("--replication", type=click.IntRange(0), default=0, show_default=True, help="Which one --trace tells.")
@click.option("--sensitivity", type=click.Choice(["morris", "sobol"]), help="Which knobs matter; goes into a report.")
@click.option("--optimise", metavar="CHOICE", help="The best of slots, enforcement, sectors or staff, with the regret.")
@click.option("--measure", default="excluded_person_weeks", show_default=True, help="What --optimise makes small.")
@click.option("--knobs", "list_knobs", is_flag=True, help="Every knob: unit, bounds, source, meaning.")
@click.option("--scenarios", "list_scenarios", is_flag=True, help="The scenarios that come with the simulator.")
def command(scenario: str | None, **options: Any) -> int:
    """When is the country connected, who is left out meanwhile, and how sure is that?

    A scenario is a shipped name or a TOML file that inherits from one. Same scenario and seed, same bytes, whatever
    runs it. Exit status 1: an objective of the scenario is missed.
    """
    try:
        from simulator.errors import ScenarioError  # noqa: PLC0415 - an extra, read when used

        return _command(scenario, options)
    except ImportError as missing:
        raise click.ClickException(f"{missing}: install the extra with pip install -e '.[simulator]'") from None
    except ScenarioError as wrong:
        raise click.ClickException(str(wrong)) from None


def _command(name: str | None, options: dict[str, Any]) -> int:
    from simulator import scenario as scenarios  # noqa: PLC0415

    console = Console()
    if options["list_knobs"] or options["list_scenarios"]:
        console.print(_knobs() if options["list_knobs"] else _scenarios())
        return 0
    if name is None:
        raise click.UsageError(f"which scenario? Shipped are {', '.join(scenarios.shipped())}")
    scenario = scenarios.load(name)
    if options["seed"] is not None:
        scenario = scenario.changed(seed=options["seed"])
    if options["trace"]:
        _trace(scenario, options["replication"], console)
        return 0
    others = tuple(scenarios.load(other) for other in options["compare"])
    if options["optimise"] and (others or options["out"] or options["report"]):
        raise click.UsageError("--optimise prints a table: leave out --compare, --out and --report")
    if options["sensitivity"] and not (others or options["out"] or options["report"]):
        _sensitivity(scenario, options["sensitivity"], console, as_json=options["as_json"])
        return 0
    runs = options["runs"] or scenario.knobs.replications
    with _executor(options["executor"], options["dask"], runs) as executor:
        if options["optimise"]:
            _optimise(scenario, options, console, executor)
            return 0
        result = _result(scenario, runs, options["until_half_width"], executor)
        found = _study(result, others, options, executor)
    return _show(found, options, console)


def _result(scenario: Scenario, runs: int, until: str | None, executor: Executor | None) -> Result:
    from simulator.outcome import MILESTONES, TOTALS  # noqa: PLC0415
    from simulator.running import run, run_until  # noqa: PLC0415

    if until is None:
        with _progress(runs) as progress:
            return run(scenario, runs, executor=executor, progress=progress)
    measure, _, text = until.partition("=")
    try:
        width = float(text)
    except ValueError:
        width = 0.0
    if measure not in (*MILESTONES, *TOTALS) or width <= 0.0:
        raise click.BadParameter("expected such as mandate_live=2 or cost_euro=10000", param_hint="--until-half-width")
    with _progress(None) as progress:
        return run_until(scenario, measure, width, executor=executor, progress=progress)


def _study(result: Result, others: tuple[Scenario, ...], options: dict[str, Any], executor: Executor | None) -> Study:
    """The result with what a report shows beside it, if one is written; else only with what it is compared to."""
    from simulator import sensitivity  # noqa: PLC0415
    from simulator.comparing import compare  # noqa: PLC0415
    from simulator.study import Study, study  # noqa: PLC0415

    if not (options["out"] or options["report"]):
        return Study(result, tuple(compare(result, other, executor=executor) for other in others))
    method = {"morris": sensitivity.morris, "sobol": sensitivity.sobol}.get(options["sensitivity"])
    return study(
        result,
        others,
        sensitivity=None if method is None else method(result.scenario.knobs),
        prepared=options["date"].date() if options["date"] else None,
        executor=executor,
    )


def _show(study: Study, options: dict[str, Any], console: Console) -> int:
    from simulator.publishing import publish  # noqa: PLC0415
    from simulator.study import brief  # noqa: PLC0415
    from simulator.summary import beside, summary  # noqa: PLC0415

    out, report = options["out"], options["report"]
    if out or report:
        try:
            written = publish(study, out, report)
        except OSError as error:
            raise click.ClickException(f"{error.filename or out or report}: {error.strerror or error}") from None
    if options["as_json"]:
        click.echo(json.dumps(brief(study), ensure_ascii=False))
    else:
        console.print(summary(study.result))
        for comparison in study.comparisons:
            console.print(beside(study.result, comparison))
        if out or report:
            console.print(f"for people: {written[-1]}", highlight=False, soft_wrap=True)
        if out:
            console.print(f"for programs: {out}", highlight=False, soft_wrap=True)
    return 0 if all(verdict.met for verdict in study.result.verdicts()) else 1


def _trace(scenario: Scenario, replication: int, console: Console) -> None:
    from simulator.events.engine import simulate  # noqa: PLC0415
    from simulator.summary import story  # noqa: PLC0415

    story(simulate(scenario.knobs, replication), console)


def _sensitivity(scenario: Scenario, method: str, console: Console, *, as_json: bool) -> None:
    from simulator import sensitivity  # noqa: PLC0415
    from simulator.summary import tornado  # noqa: PLC0415

    found = {"morris": sensitivity.morris, "sobol": sensitivity.sobol}[method](scenario.knobs)
    if as_json:
        click.echo(json.dumps({"method": found.method, "points": found.points, "figures": found.figures}))
    else:
        console.print(tornado(found))


def _optimise(scenario: Scenario, options: dict[str, Any], console: Console, executor: Executor | None) -> None:
    from dataclasses import asdict  # noqa: PLC0415

    from simulator.choosing import choose  # noqa: PLC0415
    from simulator.summary import options as table_of  # noqa: PLC0415

    choice = choose(
        scenario,
        options["optimise"],
        measure=options["measure"],
        replications=options["runs"] or min(500, scenario.knobs.replications),
        executor=executor,
    )
    if options["as_json"]:
        click.echo(json.dumps(asdict(choice)))
    else:
        console.print(table_of(choice))


@contextmanager
def _executor(kind: str, dask: str | None, runs: int) -> Iterator[Executor | None]:
    """Processes, a Dask cluster's own executor, or None: this process, which is also best for a single batch."""
    from simulator.running import BATCH  # noqa: PLC0415

    if dask is not None:
        try:
            from distributed import Client  # noqa: PLC0415 - an extra of its own
        except ImportError:
            raise click.ClickException("--dask needs the extra: pip install -e '.[dask]'") from None
        try:
            _reach(dask)
            client = Client(dask, timeout="10s", set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise click.ClickException(f"no Dask scheduler at {dask}: {error}") from None
        with client:
            yield client.get_executor()  # type: ignore[no-untyped-call]
    elif kind == "here" or runs <= BATCH:
        yield None
    else:
        with ProcessPoolExecutor() as pool:
            yield pool


def _reach(dask: str) -> None:
    """Raises OSError or ValueError where nobody listens there: a client that fails to connect still logs as it dies."""
    host, _, port = dask.partition("://")[2].rpartition(":")
    if not host or not port.isdigit():
        raise ValueError("expected such as tcp://127.0.0.1:8786")
    socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()


@contextmanager
def _progress(runs: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; silence elsewhere: a run takes seconds."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.progress import Progress  # noqa: PLC0415 - only for a person who looks on

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("replications", total=runs)

        def told(done: int) -> None:
            bar.update(task, completed=done)

        yield told


def _knobs() -> Table:
    from dataclasses import fields  # noqa: PLC0415

    from simulator.knobs import Knobs, meta  # noqa: PLC0415

    table = Table("knob", "default", "unit", "bounds", "source", "meaning")
    for field in fields(Knobs):
        about = meta(field.name)
        default = field.default if field.default is not None else about.optional
        shown = ", ".join(map(str, default)) if isinstance(default, tuple) else str(default)
        bounds = f"{about.low:g} to {about.high:g}" if about.kind in ("number", "integer") else ", ".join(about.choices)
        table.add_row(field.name, shown, about.unit, bounds, about.source, about.meaning)
    return table


def _scenarios() -> Table:
    from simulator.scenario import load, shipped  # noqa: PLC0415

    table = Table("scenario", "what it is", "inherits from")
    for name in shipped():
        scenario = load(name)
        table.add_row(name, scenario.title, " ← ".join(scenario.lineage[1:]))
    return table
