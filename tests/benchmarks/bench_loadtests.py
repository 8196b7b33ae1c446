"""The load tests themselves: what two clocks cost a Locust user, and whether an independent tool sees the same.

The referee is vegeta (https://github.com/tsenart/vegeta), an open-model tool in Go that counts from the scheduled
start: `go install github.com/tsenart/vegeta/v12@latest`. Without it on the PATH or in VEGETA, that part is left out.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from loadtests import wire
from loadtests.arrivals import constant
from loadtests.data import Data
from loadtests.plan import Plan
from loadtests.service import Service
from tests.loadtests.country import PEOPLE, country
from tests.loadtests.generators import generated, stalling

TOKEN = "MACHTIGEN_LOAD_TOKEN"
USERS = 10
SECONDS = 5.0
ROUNDS = 5
RATE, REFEREE_SECONDS, REFEREE_ROUNDS = 40.0, 20.0, 3
KINDS = ("FastHttpUser", "with two clocks", "with two clocks, answers checked")


def one(kind: str, url: str) -> None:
    """In a process of its own: requests and CPU seconds of users that do nothing else."""
    from locust import FastHttpUser, task  # it rewrites Python's library
    from locust.env import Environment

    from loadtests.session import Session, begun
    from loadtests.users.base import OpenUser

    data = wire.body(wire.DECISION, {"question": Data(_plan(), 0).ask().question})
    headers = {"content-type": "application/json", "accept": "application/json"}
    sent = dict.fromkeys(KINDS, 0)

    class Plain(FastHttpUser):
        @task
        def ask(self) -> None:
            self.client.post("/graphql", data=data, headers=headers, name="ask")  # type: ignore[arg-type]

    class Clocked(OpenUser):
        @task
        def ask(self) -> None:
            self.client.post("/graphql", data=data, headers=headers, name="ask")  # type: ignore[arg-type]

    class Checked(OpenUser):
        @task
        def ask(self) -> None:
            posed = self.session.data.ask("others")

            def check(found: Any) -> str | None:
                return self.judged(posed.question, (posed.outcome, posed.reason), found["decision"])

            self.graphql("ask", wire.DECISION, {"question": posed.question}, check, {})

    users: Any = dict(zip(KINDS, (Plain, Clocked, Checked), strict=True))[kind]
    users.host = url
    environment = Environment(user_classes=[users])
    session = Session(_plan(users.__name__), Service(url), 0, 1)
    session.data.prepare()
    begun(environment, session)
    users.wait_time = lambda self: 0.0
    runner = environment.create_local_runner()
    import gevent

    runner.start(USERS, USERS)
    gevent.sleep(1.0)
    before = _spent(), runner.stats.total.num_requests
    gevent.sleep(SECONDS)
    cpu, sent[kind] = _spent() - before[0], runner.stats.total.num_requests - before[1]
    print(json.dumps({"requests": sent[kind], "cpu": cpu}))
    runner.quit()


def _plan(users: str = "Helpers") -> Plan:
    return Plan({f"{users}.ask": constant(1.0, 1.0)}, people=PEOPLE)


def _spent() -> float:
    times = os.times()
    return times.user + times.system


def overhead() -> dict[str, list[float]]:
    """Requests per CPU-second by kind and round, the kinds taking turns."""
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with stalling("--steady") as url:
        for number in range(ROUNDS):
            for kind in KINDS:
                print(f"round {number + 1}: {kind}", file=sys.stderr)
                command = [sys.executable, __file__, "--one", kind, url]
                done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True)
                told = json.loads(done.stdout.splitlines()[-1])
                found[kind].append(told["requests"] / told["cpu"])
    return found


def vegeta() -> str | None:
    return os.environ.get("VEGETA") or shutil.which("vegeta")


def refereed(tool: str, url: str, bodies: list[bytes], folder: Path) -> dict[str, float]:
    """Milliseconds by vegeta's own count, from the scheduled start; with the token that ours sends as well."""
    headers = {"Content-Type": ["application/json"]}
    if TOKEN in os.environ:
        headers["Authorization"] = [f"Bearer {os.environ[TOKEN]}"]
    targets = folder / "targets.jsonl"
    with targets.open("w") as file:
        for body in bodies:
            target = {"method": "POST", "url": f"{url}/graphql", "body": base64.b64encode(body).decode()}
            file.write(json.dumps(target | {"header": headers}) + "\n")
    attack = [tool, "attack", "-format=json", f"-targets={targets}", f"-rate={RATE:g}"]
    attack += [f"-duration={REFEREE_SECONDS:g}s", "-timeout=60s", "-max-workers=200", f"-output={folder / 'hits'}"]
    subprocess.run(attack, check=True)
    told = subprocess.run([tool, "report", "-type=json", str(folder / "hits")], check=True, stdout=subprocess.PIPE)
    report = json.loads(told.stdout)
    assert report["success"] == 1.0, report
    return {name: report["latencies"][name] / 1e6 for name in ("50th", "90th", "99th")}


def ours(url: str, activity: str, folder: Path) -> dict[str, float]:
    plan = Plan({activity: constant(RATE, REFEREE_SECONDS)}, spacing="constant", people=PEOPLE)
    response = generated(url, plan, folder).whole.response
    return dict(zip(("50th", "90th", "99th"), (1e3 * t for t in response.percentiles(50, 90, 99)), strict=True))


def referee(tool: str) -> list[str]:
    """Rows: ours beside vegeta's, at the real service and at the one that freezes."""
    data, rows = Data(_plan(), 0), []
    batches = [[data.ask().question for _ in range(10)] for _ in range(200)]
    batch = [wire.body(wire.DECISIONS, {"questions": questions}) for questions in batches]
    single = [wire.body(wire.DECISION, {"question": data.ask("others").question}) for _ in range(500)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with country(folder) as own:
            url = own.url
            said = Service(url, None, own.tokens).headers("explorer", "load", "")
            os.environ[TOKEN] = said["authorization"].removeprefix("Bearer ")
            rows.append(
                row("10 decisions at once, `machtigen serve`", "50th", tool, url, batch, "Portals.several", folder)
            )
        with stalling() as url:
            rows.append(row("a service that freezes 1 s in 5", "90th", tool, url, single, "Helpers.ask", folder))
    return rows


def row(what: str, which: str, tool: str, url: str, bodies: list[bytes], activity: str, folder: Path) -> str:
    pairs = []
    for number in range(REFEREE_ROUNDS):
        print(f"referee: {what}, round {number + 1}", file=sys.stderr)
        pairs.append((ours(url, activity, folder), refereed(tool, url, bodies, folder)))
    mine, theirs = (median(pair[i][which] for pair in pairs) for i in (0, 1))
    all_ = ", ".join(f"{a[which]:.3g}/{b[which]:.3g}" for a, b in pairs)
    return f"| {what} | P{which[:2]} | {mine:.3g} | {theirs:.3g} | {mine / theirs - 1:+.0%} | {all_} |"


def main() -> None:
    load = os.getloadavg()[0]
    rates = overhead()
    base = median(rates[KINDS[0]])
    print("## Load tests\n")
    print(
        f"A Locust user's requests per CPU-second of the generator, {USERS} users in a closed loop against a small "
        f"server that answers at once; median of {ROUNDS} rounds of {SECONDS:g} s in turns. Load average at the begin "
        f"{load:.1f}.\n"
    )
    print("| users | requests per CPU-second | of FastHttpUser's own | aim | all rounds |\n|---|--:|--:|--:|---|")
    for kind, values in rates.items():
        aim = "≥ 90 %" if kind == KINDS[1] else ""
        rounds = ", ".join(f"{value:,.0f}" for value in values)
        print(f"| {kind} | {median(values):,.0f} | {median(values) / base:.0%} | {aim} | {rounds} |")
    tell_referee()


def tell_referee() -> None:
    tool = vegeta()
    if tool is None:
        print("\nThe referee, vegeta, was not there.")
        return
    rows = referee(tool)
    print(
        f"\nThe same load by an independent open-model tool (vegeta 12), {RATE:g} requests/s for {REFEREE_SECONDS:g} "
        f"s, evenly, from the intended start; median of {REFEREE_ROUNDS} rounds in turns, milliseconds. Aim: within 10 "
        "%.\n"
    )
    print("| what | percentile | ours | vegeta | difference | rounds, ours/vegeta |\n|---|---|--:|--:|--:|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], sys.argv[3])
    elif sys.argv[1:2] == ["--referee"]:
        tell_referee()
    else:
        main()
