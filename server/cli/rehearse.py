"""`machtigen rehearse`: a simulated year played into a running service, and its answers compared with the truth."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import click
import httpx
from rich.table import Table

from server.cli.console import Console
from server.cli.examples import examples
from server.cli.options import json_option, told_progress

if TYPE_CHECKING:
    from simulator.rehearsal.play import Day, Rehearsal
    from simulator.rehearsal.tally import Tally

_DECISIONS: Final = "query($questions: [Question!]!) { decisions(questions: $questions) { id outcome reason } }"
_RECORD: Final = (
    "mutation($facts: [JSON!]!) { recordFacts(facts: $facts) { recorded userErrors { code message field line } } }"
)
_FACTS_AT_ONCE: Final = 2_000
_QUESTIONS_AT_ONCE: Final = 1_000
_SECONDS_MAX: Final = 120.0
_EXAMPLES_SHOWN: Final = 5


def _speed(_: click.Context, param: click.Parameter, value: str) -> float:
    """Simulated time over real time, a number above zero: `100000x`; inf for `max`."""
    try:
        speed = float("inf") if value == "max" else float(value.removesuffix("x"))
    except ValueError:
        speed = 0.0
    if not speed > 0.0:
        raise click.BadParameter(f"found {value}, expected such as 100000x, or max", param=param)
    return speed


class Service:
    """The service that is rehearsed with, over HTTP. What it refuses or cannot do is a click exception, one line."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._tokens: dict[str, str] = {}
        self._http = httpx.Client(base_url=self._url, timeout=_SECONDS_MAX)

    def close(self) -> None:
        """Its connections."""
        self._http.close()

    def check(self, begin: datetime) -> None:
        """That its clock can be moved to the begin, and that it holds nothing yet."""
        now = self._asked("GET", "/dev/clock")
        if "now" not in now:
            raise click.ClickException(
                f"{self._url} has no clock to move: start it with machtigen serve --dev --clock rehearsal"
            )
        if datetime.fromisoformat(now["now"]) > begin:
            raise click.ClickException(
                f"the service's clock is at {now['now']}, after the begin {begin.isoformat()}: start it anew"
            )
        if str(self._asked("GET", "/readyz").get("asOf", "")).rpartition(".")[2] != "0":
            raise click.ClickException(f"{self._url} already holds facts, or is not ready: give it an empty graph")

    def move(self, now: datetime) -> None:
        """Its clock."""
        moved = self._asked("POST", "/dev/clock", {"now": now.isoformat()})
        if "error" in moved:
            raise click.ClickException(str(moved["error"]))

    def record(self, facts: Iterable[dict[str, Any]]) -> Iterator[int]:
        """Record them, some at a time; how many there were each time."""
        rest = iter(facts)
        while some := list(islice(rest, _FACTS_AT_ONCE)):
            done = self._data("operator", _RECORD, facts=some)["recordFacts"]
            if done["userErrors"]:
                wrong = done["userErrors"][0]
                fact = some[wrong["line"] - 1]
                raise click.ClickException(f"the service refused {json.dumps(fact)}: {wrong['message']}")
            yield len(some)

    def decide(self, questions: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
        """(outcome, reason) for each, in their order."""
        rest = iter(questions)
        while some := list(islice(rest, _QUESTIONS_AT_ONCE)):
            decisions = self._data("explorer", _DECISIONS, questions=some)["decisions"]
            if [decision["id"] for decision in decisions] != [question["id"] for question in some]:
                raise click.ClickException("the service did not answer each question in its place")
            yield from ((decision["outcome"], decision["reason"]) for decision in decisions)

    def _data(self, role: str, query: str, **variables: Any) -> Any:
        body = self._asked("POST", "/graphql", {"query": query, "variables": variables}, self._token(role))
        if "errors" in body or "data" not in body:
            raise click.ClickException(f"the service answered {json.dumps(body)[:500]}")
        return body["data"]

    def _token(self, role: str) -> str:
        """Of its built-in issuer, which a service with a clock to move has."""
        if role not in self._tokens:
            told = self._asked("GET", f"/dev/token?role={role}&purpose=rehearsal")
            if "access_token" not in told:
                raise click.ClickException(f"{self._url} gives no token: start it with machtigen serve --dev")
            self._tokens[role] = told["access_token"]
        return self._tokens[role]

    def _asked(
        self, method: str, path: str, body: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        try:
            response = self._http.request(method, path, json=body, headers=headers)
            found = response.json() if "json" in response.headers.get("content-type", "") else {}
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as wrong:
            raise click.ClickException(f"{self._url}{path} does not answer: {wrong}") from None
        return found if isinstance(found, dict) else {}


@click.command(
    epilog=examples(
        "machtigen serve --graph rehearsal.graph --dev --clock rehearsal",
        "machtigen rehearse june_2020 --speed 100000x --url http://127.0.0.1:8000",
        "machtigen rehearse june_2020 --from 2022-11-01 --weeks 26 --people 50000 --json",
    )
)
@click.argument("scenario")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="An empty service with that clock.")
@click.option(
    "--speed", callback=_speed, default="max", show_default=True, help="Such as 100000x: a year in five minutes."
)
@click.option("--people", type=int, default=20_000, show_default=True, metavar="N", help="How large the country is.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another seed, other people.")
@click.option(
    "--from",
    "begin",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The first day [four weeks before mandates go live].",
)
@click.option("--weeks", type=click.IntRange(1, 520), default=52, show_default=True, help="How long.")
@click.option("--questions", type=click.IntRange(1), default=20_000, show_default=True, help="How many in all.")
@click.option("--replication", type=click.IntRange(0), default=0, show_default=True, help="Of the scenario.")
@json_option
def command(scenario: str, url: str, speed: float, begin: datetime | None, as_json: bool, **options: Any) -> int:
    """Play a simulated year into a running service, and compare its answers with what is true.

    Providers apply and go live, mandates are asked for, activated at counters and withdrawn, registers are polled,
    rulings and deaths arrive late. Each day the service is asked: an answer is right, stale (a register had not said
    so yet), silent (a register had not been heard from), or wrong. The stale shares are set beside the model's.

    Exit status 1: a wrong answer, or a share further than three standard errors from the model's.
    """
    try:
        # numpy, SimPy and the word lists are an extra
        from simulator.errors import ScenarioError  # noqa: PLC0415
        from simulator.rehearsal.play import Rehearsal  # noqa: PLC0415
        from simulator.rehearsal.tally import Tally  # noqa: PLC0415
        from simulator.scenario import load  # noqa: PLC0415
    except ImportError as missing:
        raise click.ClickException(f"{missing}: install the extra with pip install -e '.[simulator]'") from None
    try:
        knobs = load(scenario).knobs
        rehearsal = Rehearsal(knobs, begin=begin.date() if begin else None, **options)
    except (ScenarioError, ValueError) as wrong:
        raise click.ClickException(str(wrong)) from None
    tally = Tally(rehearsal.happenings)
    service = Service(url)
    try:
        reached = _played(rehearsal, tally, service, speed, quiet=as_json)
    finally:
        service.close()
    agrees = all(share.agrees for share in tally.shares())
    if as_json:
        click.echo(json.dumps(_json(rehearsal, tally, reached)))
    else:
        _show(rehearsal, tally, reached, Console())
    return 0 if agrees and not tally.wrong else 1


def _played(rehearsal: Rehearsal, tally: Tally, service: Service, speed: float, *, quiet: bool) -> float:
    """Play it all; the speed that was reached, as simulated time over real time."""
    morning = rehearsal.first_morning
    service.check(morning)
    with told_progress(quiet=quiet) as progress:
        service.move(morning)
        done = 0
        for some in service.record(rehearsal.facts()):
            done += some
            progress("facts at first", done, None)
        progress("facts at first", done, done)
        begun, total = time.monotonic(), len(rehearsal.year.days)
        for played, day in enumerate(rehearsal.days()):
            ahead = (day.told_at - morning).total_seconds() / speed - (time.monotonic() - begun)
            if ahead > 0.0:
                time.sleep(ahead)
            _a_day(day, tally, service)
            progress("days", played + 1, total)
    return total * 86_400.0 / (time.monotonic() - begun)


def _a_day(day: Day, tally: Tally, service: Service) -> None:
    service.move(day.told_at)
    for _ in service.record(day.facts):
        pass
    service.move(day.asked_at)
    answers = service.decide([posed.question for posed in day.questions])
    for posed, (outcome, reason) in zip(day.questions, answers, strict=True):
        tally.hear(day.day.toordinal(), posed, outcome, reason)


def _json(rehearsal: Rehearsal, tally: Tally, reached: float) -> dict[str, Any]:
    return {
        "from": rehearsal.begin.isoformat(),
        "days": len(rehearsal.year.days),
        "people": rehearsal.population.people,
        "speed": round(reached),
        "answers": tally.table(),
        "stale_shares": [
            share._asdict() | {"agrees": share.agrees, "standard_errors": round(share.errors, 3)}
            for share in tally.shares()
        ],
        "false_permits": {"explained": tally.false_permits[True], "unexplained": tally.false_permits[False]},
        "wrong": tally.wrong,
        "examples": tally.examples,
    }


def _show(rehearsal: Rehearsal, tally: Tally, reached: float, console: Console) -> None:
    answers = Table("asked about", "right", "stale", "silent", "wrong", title="What the service answered")
    for column in answers.columns[1:]:
        column.justify = "right"
    for row in tally.table():
        name = str(row["track"]).replace("_", " ")
        answers.add_row(name, *(f"{row[column]:,}" for column in ("right", "stale", "silent", "wrong")))
    shares = Table("register", "asked", "service", "model", "standard error", "", title="Stale share of the answers")
    for column in shares.columns[1:5]:
        column.justify = "right"
    for share in tally.shares():
        figures = (f"{share.service:.2%}", f"{share.model:.2%}", f"{share.error:.2%}")
        verdict = "agrees" if share.agrees else f"differs by {share.errors:.1f} standard errors"
        shares.add_row(share.track.replace("_", " "), f"{share.asked:,}", *figures, verdict)
    console.print(answers)
    console.print(shares)
    explained, unexplained = tally.false_permits[True], tally.false_permits[False]
    console.print(
        f"{len(rehearsal.year.days)} days from {rehearsal.begin}, {reached:,.0f} times as fast as life. "
        f"False permits: {explained:,} that a lag explains, {unexplained:,} that nothing explains.",
        highlight=False,
    )
    for example in tally.examples[:_EXAMPLES_SHOWN]:
        found, right, told = example["found"], example["right"], example["explained"]
        console.print(
            f"Wrong: {json.dumps(example['question'])} was answered {found['outcome']} {found['reason']}; right is "
            f"{right.outcome} {right.reason}, and what was told gives {told.outcome} {told.reason}.",
            highlight=False,
        )
