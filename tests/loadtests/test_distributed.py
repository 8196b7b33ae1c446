"""Several generators, as Locust runs them: processes of one machine, and master and workers over the network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadtests.arrivals import constant
from loadtests.plan import Plan
from loadtests.recording import Samples
from tests.loadtests.generators import SECONDS_MAX, command, free_port, generated, stalling, started

PLAN = Plan(
    {"Helpers.ask": constant(40.0, 6.0), "Portals.single": constant(20.0, 6.0)}, spacing="constant", people=1_000
)


def test_two_processes_share_the_arrivals_and_add_up(tmp_path: Path) -> None:
    with stalling("--steady") as url:
        port = str(free_port())
        ports = ("--master-bind-port", port, "--master-port", port)
        samples = generated(url, PLAN, tmp_path, "--processes", "2", *ports, pool=20)
    assert samples.generators == 2
    assert samples.due == {"Helpers.ask": 240, "Portals.single": 120}
    assert samples.dropped == 0
    assert samples.whole.count == samples.whole.response.count == 360
    assert sum(timed.count for timed in samples.intervals.values()) == 360


def test_master_and_workers_over_the_network_each_with_its_part(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(PLAN.dumps())
    port = str(free_port())
    with stalling("--steady") as url:
        whole = str(tmp_path / "whole.json")
        plan = ("--plan", f"@{tmp_path / 'plan.json'}", "-u", "20", "-r", "20", "--expect-workers", "2")
        at = ("--master-bind-host", "127.0.0.1", "--master-bind-port", port)
        to = ("--worker", "--master-host", "127.0.0.1", "--master-port", port)
        parts = [("--part-samples", str(tmp_path / f"part{number}.json")) for number in range(2)]
        with (
            started(command(url, "--master", *at, *plan, "--samples", whole)) as master,
            started(command(url, *to, *parts[0])),
            started(command(url, *to, *parts[1])),
        ):
            said, _ = master.communicate(timeout=SECONDS_MAX)
    assert "Traceback" not in said, said
    summed, one, other = (
        Samples.from_json(json.loads((tmp_path / name).read_text()))
        for name in ("whole.json", "part0.json", "part1.json")
    )
    assert [part.due.total() for part in (one, other)] == [180, 180]
    one.add(other)
    assert one.whole.response.same_counts(summed.whole.response)
    assert one.whole.service.same_counts(summed.whole.service)
    assert one.due == summed.due
    assert summed.whole.count == 360
    assert summed.whole.response.mean == pytest.approx(one.whole.response.mean)
