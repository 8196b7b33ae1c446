"""`machtigen capacity`: measured on a service of its own, and answered again from what was measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.loadtests.country import PEOPLE
from tests.server.cli.commands import machtigen


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("capacity") / "out"
    sweep = ("--people", str(PEOPLE), "--users", "1,2,3,4", "--seconds", "1", "--repeats", "1")
    told = machtigen("capacity", "hospitals_2027", "--measure", *sweep, "--month", "2027-03", "--out", str(out))
    assert told.status == 0, told
    assert "for March 2027" in told.out.splitlines()[0]
    return out


def test_it_is_measured_and_answered(answered: Path) -> None:
    whole = json.loads((answered / "capacity.json").read_text())
    assert [point["users"] for point in whole["measured"]["points"]] == [1, 2, 3, 4]
    assert all(point["decisions"] > 0 for point in whole["measured"]["points"])
    assert whole["measured"]["wrong"] == 0
    assert whole["measured"]["graph_mib"] > 0.5
    assert whole["asked"]["machines"]["p90"] >= 2
    assert (answered / "capacity.html").read_text().startswith("<!doctype html>")


def test_the_same_measurement_gives_the_same_answer(answered: Path) -> None:
    one, other = (
        machtigen("capacity", "hospitals_2027", "--from", str(answered), "--month", "2027-03", "--json")
        for _ in range(2)
    )
    assert one.status == 0, one
    assert one.out == other.out
    again = json.loads(one.out)
    first = json.loads((answered / "capacity.json").read_text())
    assert again["quarters"] == first["quarters"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("june_2020",), "say either --measure or --from DIR"),
        (("june_2020", "--from", "nowhere"), "nowhere: No such file or directory"),
        (("june_2021", "--from", "."), "june_2021"),
        (("june_2020", "--measure", "--users", "1,x"), "found 1,x, expected such as 1,2,4,8,16,32"),
    ],
)
def test_wrong_use(arguments: tuple[str, ...], said: str) -> None:
    told = machtigen("capacity", *arguments)
    assert told.status == 2
    assert said in told.err
