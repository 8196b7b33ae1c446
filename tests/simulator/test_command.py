from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli import commands


def told(*arguments: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(commands, list(arguments), standalone_mode=False)
    status = found.return_value if isinstance(found.return_value, int) else 2
    return status, found.stdout, str(found.exception or "")


def test_summary_has_milestones_bars_and_exclusion() -> None:
    status, shown, _ = told("simulate", "one_setback", "--runs", "30")
    assert status == 0
    assert "2021-07-29" in shown
    assert "█" in shown
    assert "80+, low digital skill" in shown
    assert "not known" in shown


def test_missed_objective_is_status_1(tmp_path: Path) -> None:
    path = tmp_path / "strict.toml"
    path.write_text('inherits = "one_setback"\n[objectives]\nmandate_live_p50 = 2021-02-01\n', encoding="utf-8")
    status, shown, _ = told("simulate", str(path), "--runs", "20", "--json")
    assert status == 1
    verdict = json.loads(shown)["objectives"][0]
    assert verdict == {
        "key": "mandate_live_p50", "met": False, "found": "2021-07-29", "wanted": "on or before 2021-02-01",
    }  # fmt: skip
    path.write_text('inherits = "one_setback"\n[objectives]\nmandate_live_p50 = 2021-08-01\n', encoding="utf-8")
    assert told("simulate", str(path), "--runs", "20")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["simulate", "june"], "no such scenario 'june'; did you mean june_2020?"),
        (["simulate"], "which scenario?"),
        (["simulate", "june_2020", "--optimise", "luck"], "no such choice 'luck'"),
        (["simulate", "june_2020", "--optimise", "slots", "--measure", "pgo_9"], "did you mean pgo_90?"),
        (["simulate", "june_2020", "--until-half-width", "mandate_live"], "expected such as mandate_live=2"),
        (["simulate", "june_2020", "--dask", "nowhere"], "no Dask scheduler at nowhere"),
    ],
)
def test_wrong_use_is_one_line(arguments: list[str], sentence: str) -> None:
    status, _, error = told(*arguments)
    assert status == 2
    assert sentence in error
    assert "\n" not in error


def test_trace_tells_the_story_in_order() -> None:
    status, shown, _ = told("simulate", "one_setback", "--trace")
    assert status == 0
    lines = shown.splitlines()
    days = [line[:10] for line in lines if line[:4].isdigit()]
    assert days == sorted(days)
    assert any("no going live in the freeze: not before 2021-07-29" in line for line in lines)


def test_sensitivity_and_choice_as_json() -> None:
    status, shown, _ = told("simulate", "june_2020", "--sensitivity", "morris", "--json")
    assert status == 0
    assert set(json.loads(shown)["figures"]) == {"excluded_person_weeks", "weeks_to_90_login", "mandate_live_week"}
    status, shown, _ = told("simulate", "june_2020", "--optimise", "enforcement", "--runs", "40", "--json")
    assert status == 0
    assert json.loads(shown)["options"][0]["value"] == "with_mandate"


def test_knobs_and_scenarios_are_listed() -> None:
    assert "setback_p" in told("simulate", "--knobs")[1]
    assert "hospitals_2027" in told("simulate", "--scenarios")[1]


def test_letter_prints_statement_and_figures() -> None:
    status, shown, _ = told("letter", "46", "--json", "--otherwise")
    assert status == 0
    found = json.loads(shown)
    assert found["holds"] is True
    assert found["holds_then"] is False
    assert "half jaar" in found["quote"]
    assert "26.4" in found["model"]
    assert "✓" in told("letter", "8")[1]
