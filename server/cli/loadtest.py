"""`machtigen loadtest`: a load with open arrivals on a running service, and a verdict."""

from __future__ import annotations

import json
import secrets
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from server.cli.console import Console
from server.cli.examples import examples
from server.cli.loading import loading
from server.cli.options import json_option
from server.cli.own_service import own_service

if TYPE_CHECKING:
    from loadtests.objectives import Objectives
    from loadtests.plan import Plan
    from loadtests.planning import Planned
    from loadtests.recording import Samples
    from loadtests.runs import Run

_SHAPES: Final = ("busiest-hour", "spike", "soak", "day", "wave", "break")


def _weights(_: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, float]:
    found = {}
    for value in values:
        name, _equals, share = value.partition("=")
        try:
            found[name] = float(share)
        except ValueError:
            raise click.BadParameter(f"found {value}, expected such as Portals.batch=0.01", param=param) from None
    return found


@click.command(
    epilog=examples(
        "machtigen loadtest --scenario hospitals_2027 --week 2027-W09 --serve --out busiest",
        "machtigen loadtest --scenario june_2020 --shape spike --host http://127.0.0.1:8000",
        "machtigen loadtest --rate 500 --seconds 60 --processes 2 --serve --compare busiest",
        "machtigen loadtest --shape break --serve --json       where the knee is",
        "locust -f loadtests/locustfile.py --host http://127.0.0.1:8000       Locust's own page",
    )
)
@click.option("--scenario", help="Its rates: a shipped scenario or a file. Without it --rate.")
@click.option("--week", metavar="2027-W09", help="Of the scenario: whose busiest hour [the run's busiest week].")
@click.option("--scale", type=click.FloatRange(0.0, min_open=True), default=1.0, show_default=True, help="Times that.")
@click.option("--rate", type=click.FloatRange(0.0, min_open=True), help="Decisions a second, in place of a scenario.")
@click.option("--curve", type=click.Path(path_type=Path), metavar="FILE.csv", help="To replay: seconds,per_second.")
@click.option("--shape", type=click.Choice(_SHAPES), default="busiest-hour", show_default=True, help="See below.")
@click.option("--seconds", type=click.FloatRange(1.0), help="How long; for `break` each step.")
@click.option("--host", metavar="URL", help="A running service that holds the population.")
@click.option("--serve", is_flag=True, help="Start one for this run, on --graph or on a graph made for it.")
@click.option("--graph", metavar="PATH|neo4j://…", help="With --serve; made and filled if it is not there.")
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="With --serve.")
@click.option("--people", type=int, default=100_000, show_default=True, help="In the population that it holds.")
@click.option("--people-seed", type=click.IntRange(0), default=1, show_default=True, help="Its seed.")
@click.option(
    "--arrivals",
    type=click.Choice(["poisson", "constant"]),
    default="poisson",
    show_default=True,
    help="At random, as people come, or evenly.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the arrivals.")
@click.option("--processes", type=click.IntRange(1, 256), default=1, show_default=True, help="Generators.")
@click.option("--pool", type=click.IntRange(1, 100_000), default=200, show_default=True, help="Users of all of them.")
@click.option("--patience", type=click.FloatRange(0.01), default=10.0, show_default=True, help="Seconds, then dropped.")
@click.option(
    "--persisted/--no-persisted", default=None, help="Documents by their hashes, which it must know [with --serve]."
)
@click.option("--weight", multiple=True, callback=_weights, metavar="NAME=SHARE", help="Such as Portals.batch=0.01.")
@click.option("--steps", type=click.IntRange(1, 100), default=24, show_default=True, help="Of `break`, at most.")
@click.option("--slo", type=click.Path(path_type=Path), metavar="FILE.toml", help="Objectives [loadtests/slo.toml].")
@click.option("--compare", type=click.Path(path_type=Path), metavar="DIR", help="An earlier run's --out.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Report, JSON and CSV.")
@json_option
def command(**options: Any) -> int:
    """Load a service as the country would, and say whether it held.

    Arrivals come when the plan says, whatever the service does; each is measured from its intended start, and what
    could not be sent is counted. Answers are checked while loading against what the population makes true.

    Shapes: `busiest-hour` of the week; a `spike` of four times that; a `soak` at the week's mean; its busiest `day`
    hour by hour, faster; an onboarding `wave` of 1,000 providers and their clients' mandates; `break`: the rate at
    which the objectives are missed.

    Exit status 0: objectives met; 1: missed; 3: the run is invalid, for the generator was the limit.
    """
    try:
        # Locust, numpy and what goes with them are an extra
        from loadtests.document import baseline  # noqa: PLC0415
        from loadtests.errors import LoadTestError  # noqa: PLC0415
        from loadtests.objectives import DEFAULT, read  # noqa: PLC0415
        from loadtests.planning import Wanted, planned  # noqa: PLC0415
    except ImportError as missing:
        raise click.ClickException(
            f"{missing}: install the extra with pip install -e '.[loadtests,simulator]'"
        ) from None
    if bool(options["host"]) == bool(options["serve"]):
        raise click.UsageError("say either --host URL or --serve")
    if options["graph"] and not options["serve"]:
        raise click.UsageError("--graph goes with --serve")
    try:
        objectives = read(options["slo"] or DEFAULT)
        earlier = baseline(options["compare"]) if options["compare"] else None
        wanted = {name: options[name] for name in ("shape", "scenario", "week", "rate", "curve", "seconds")}
        what = planned(Wanted(**wanted, weights=options["weight"]))
        with _service(options) as url:
            if options["shape"] == "break":
                return _break(options, what, url, objectives)
            return _one(options, what, url, objectives, earlier)
    except LoadTestError as wrong:
        raise click.ClickException(str(wrong)) from None


@contextmanager
def _service(options: dict[str, Any]) -> Iterator[str]:
    if options["serve"]:
        with own_service(options["graph"], options["people"], options["people_seed"], options["workers"]) as own:
            yield own.url
    else:
        with nullcontext(str(options["host"]).rstrip("/")) as url:
            yield url


def _plan(options: dict[str, Any], planned: Planned, scale: float) -> Plan:
    from loadtests.plan import Plan  # noqa: PLC0415

    return Plan(
        planned.rates(scale),
        spacing=options["arrivals"],
        seed=options["seed"],
        people=options["people"],
        people_seed=options["people_seed"],
        patience_s=options["patience"],
        persisted=bool(options["serve"]) if options["persisted"] is None else options["persisted"],
        run=secrets.token_hex(4),
        about=planned.about | {"scale": scale},
    )


def _run(options: dict[str, Any], plan: Plan, url: str, objectives: Objectives, stage: str) -> Run:
    from loadtests.runs import run  # noqa: PLC0415

    with loading(stage, plan.seconds, quiet=options["as_json"]) as told:
        return run(plan, url, objectives, processes=options["processes"], pool=options["pool"], told=told)


def _one(
    options: dict[str, Any],
    planned: Planned,
    url: str,
    objectives: Objectives,
    earlier: tuple[str, Samples] | None,
) -> int:
    from loadtests.document import document, write  # noqa: PLC0415
    from loadtests.report.page import page  # noqa: PLC0415
    from loadtests.report.words import title_of  # noqa: PLC0415
    from loadtests.summary import summary  # noqa: PLC0415

    plan = _plan(options, planned, options["scale"])
    run = _run(options, plan, url, objectives, "loading")
    whole = document(run, title_of(plan.about), _typed(), earlier)
    written = write(run, whole, options["out"], page(whole)) if options["out"] else []
    if options["as_json"]:
        click.echo(json.dumps(whole, ensure_ascii=False))
    else:
        Console().print(summary(whole))
        if written:
            click.echo(f"for people: {written[0]}\nfor programs: {options['out']}")
    return run.verdict.status


def _break(options: dict[str, Any], planned: Planned, url: str, objectives: Objectives) -> int:
    from loadtests.knee import knee  # noqa: PLC0415
    from loadtests.objectives import Outcome  # noqa: PLC0415

    base = sum(curve.most for curve in planned.rates().values())
    first = options["scale"]
    found: list[dict[str, Any]] = []

    def step(scale: float) -> Outcome:
        plan = _plan(options, planned, scale)
        run = _run(options, plan, url, objectives, f"{base * scale:,.0f} requests/s")
        response = run.samples.whole.response
        found.append(
            {
                "scale": scale,
                "requests_per_second": base * scale,
                "outcome": run.verdict.outcome,
                "response_p50_ms": response.percentile(50.0) * 1e3,
                "response_p99_ms": response.percentile(99.0) * 1e3,
                "dropped_share": run.samples.dropped_share,
                "generator_cpu": run.generator_cpu,
                "service_cpu": max((look.cpu for look in run.service), default=None),
                "why": list(run.verdict.why),
            }
        )
        if not options["as_json"]:
            last = found[-1]
            click.echo(
                f"{last['requests_per_second']:10,.0f} requests/s   p50 {last['response_p50_ms']:8,.1f} ms   "
                f"p99 {last['response_p99_ms']:8,.1f} ms   dropped {last['dropped_share']:6.2%}   {last['outcome']}"
                + (f": {'; '.join(last['why'])}" if last["why"] else "")
            )
        return run.verdict.outcome

    end = knee(first, step, steps_max=options["steps"])
    if options["as_json"]:
        broke = None if end.broke is None else end.broke * base
        click.echo(json.dumps({"held": end.held * base, "broke": broke, "limit": end.limit, "steps": found}))
    else:
        above = f", missed at {end.broke * base:,.0f}" if end.broke else ""
        click.echo(
            f"held at {end.held * base:,.0f} requests/s, {end.held:,.3g} times the plan{above}; "
            f"the limit was {end.limit}"
        )
    if end.limit == "the generator":
        return 3
    return 0 if end.held > 0.0 else 1


def _typed() -> str:
    return shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
