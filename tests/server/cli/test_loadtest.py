"""`machtigen loadtest`, with a service of its own and with one that is there already."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.loadtests.country import PEOPLE, country
from tests.loadtests.generators import stalling
from tests.server.cli.commands import machtigen, refused

OWN = ("--people", str(PEOPLE), "--pool", "40")
MILD = """[objectives]
response_p99_ms = 5000
errors = 0
dropped = 0
wrong = 0
false_permits = 0
lost_writes = 0
[validity]
lateness_p99_ms = 5000
generator_cpu = 2
"""
"""This machine has others to serve as well."""


@pytest.fixture
def slo(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "slo.toml").write_text(MILD)
    return "--slo", str(tmp_path / "slo.toml")


def test_a_service_of_its_own_holds_the_busiest_hour_and_again(tmp_path: Path, slo: tuple[str, str]) -> None:
    graph, out = str(tmp_path / "graph"), tmp_path / "out"
    hour = ("--scenario", "hospitals_2027", "--week", "2027-W09", "--scale", "5", "--seconds", "12")
    told = machtigen("loadtest", *hour, *OWN, *slo, "--serve", "--graph", graph, "--out", str(out))
    assert told.status == 0, told
    assert "Objectives met." in told.out
    assert "0 dropped" in told.out
    whole = json.loads((out / "result.json").read_text())
    assert whole["about"]["scenario"] == "hospitals_2027"
    assert whole["load"]["requests"] == sum(row["requests"] for row in whole["intervals"])
    assert whole["service"]
    assert whole["service"][-1]["memory_mib"] > 10
    with (out / "names.csv").open() as file:
        names = list(csv.DictReader(file))
    assert sum(int(row["requests"]) for row in names) == whole["load"]["requests"]
    with (out / "timeline.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(whole["intervals"])
    page = (out / "report.html").read_text()
    assert "Objectives met." in page
    assert "<script" not in page
    assert "//" not in page.replace("http://www.w3.org/2000/svg", "")

    again = machtigen("loadtest", *hour, *OWN, *slo, "--serve", "--graph", graph, "--compare", str(out), "--json")
    assert again.status == 0, again
    compared = json.loads(again.out)["compared"]
    assert [each["percent"] for each in compared["differences"]] == [50.0, 90.0, 99.0]


def test_a_stalling_service_misses(tmp_path: Path) -> None:
    (tmp_path / "slo.toml").write_text("[objectives]\nresponse_p90_ms = 250\n[validity]\nlateness_p99_ms = 5000\n")
    with stalling() as url:
        told = machtigen(
            *("loadtest", "--host", url, "--rate", "50", "--seconds", "12", "--arrivals", "constant"),
            *(
                "--people",
                str(PEOPLE),
                "--pool",
                "4",
                "--slo",
                str(tmp_path / "slo.toml"),
                "--weight",
                "Portals.whom=0",
                "--json",
            ),
        )
    assert told.status == 1, told
    whole = json.loads(told.out)
    (judged,) = whole["verdict"]["objectives"]
    assert judged["found"] > 250
    assert whole["times"]["service"]["p90_ms"] < 250


def test_a_pool_that_is_too_small_is_an_invalid_run(tmp_path: Path) -> None:
    (tmp_path / "slo.toml").write_text("[objectives]\nresponse_p50_ms = 5000\n[validity]\nlateness_p99_ms = 5000\n")
    with country(tmp_path) as own:
        told = machtigen(
            *(
                "loadtest",
                "--host",
                own.url,
                "--rate",
                "400",
                "--seconds",
                "6",
                "--people",
                str(PEOPLE),
                "--pool",
                "1",
                "--patience",
                "0.05",
            ),
            *("--slo", str(tmp_path / "slo.toml"), "--json"),
        )
    assert told.status == 3, told
    assert json.loads(told.out)["verdict"]["outcome"] == "invalid"


def test_the_knee_is_searched(tmp_path: Path) -> None:
    (tmp_path / "slo.toml").write_text("[objectives]\nresponse_p99_ms = 0.001\n[validity]\nlateness_p99_ms = 5000\n")
    with stalling("--steady") as url:
        told = machtigen(
            *("loadtest", "--shape", "break", "--host", url, "--rate", "40", "--seconds", "2", *OWN),
            *("--slo", str(tmp_path / "slo.toml"), "--steps", "2", "--json"),
        )
    assert told.status == 1, told
    found = json.loads(told.out)
    assert found["held"] == 0.0
    assert [step["outcome"] for step in found["steps"]] == ["missed", "missed"]
    assert found["steps"][1]["scale"] == 0.5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rate", "5"), "say either --host URL or --serve"),
        (("--host", "http://127.0.0.1:9", "--rate", "5", "--seconds", "1"), "http://127.0.0.1:9 does not answer"),
        (("--serve", "--scenario", "june_2020", "--week", "x"), "--week: found x, expected an ISO week"),
        (("--serve", "--weight", "Portals.whom"), "expected such as Portals.batch=0.01"),
        (("--serve", "--slo", "nowhere.toml"), "nowhere.toml: No such file or directory"),
        (("--serve", "--compare", "nowhere"), "nowhere: No such file or directory"),
    ],
)
def test_wrong_use_is_told_before_anything_is_loaded(arguments: tuple[str, ...], said: str) -> None:
    told = machtigen("loadtest", *arguments)
    assert told.status == 2
    assert told.out == ""
    assert said in told.err


def test_one_line(tmp_path: Path) -> None:
    assert "--graph goes with --serve" in machtigen("loadtest", "--host", "http://127.0.0.1:9", "--graph", "g").err
    refused(machtigen("loadtest", "--serve", "--curve", str(tmp_path / "none.csv")))
