"""`machtigen rehearse` against `machtigen serve`, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from server.cli import commands, rehearse
from tests.server.asking import served
from tests.server.cli.commands import machtigen, refused

SERVE = ("--dev", "--clock", "rehearsal")
YEAR = ("june_2020", "--people", "2000", "--questions", "2000", "--weeks", "20")


def test_a_year_in_which_every_answer_is_explained(tmp_path: Path) -> None:
    with served(str(tmp_path / "g"), *SERVE) as (url, _):
        told = machtigen("rehearse", *YEAR, "--url", url, "--json")
        assert told.status == 0, told
        found = json.loads(told.out)
        answers = {row["track"]: row for row in found["answers"]}
        assert sum(row[judged] for row in found["answers"] for judged in ("right", "stale", "silent")) == 2_000
        assert found["wrong"] == 0
        assert found["false_permits"]["unexplained"] == 0
        # what is late is seen to be late, and what is not is not
        assert answers["next_of_kin"]["stale"] > 0
        assert answers["mandate"]["right"] > 100
        assert answers["stranger"]["stale"] == 0
        assert found["speed"] > 1_000
        # the year is over, and does not begin again
        said = refused(machtigen("rehearse", *YEAR, "--url", url))
        assert "the service's clock is at 2021-05-16T10:00:00Z, after the begin" in said


def test_years_later_when_clerks_have_begun(tmp_path: Path) -> None:
    # many mandates by then, some of whose grantors were minors when the programme began
    late = ("june_2020", "--from", "2023-03-01", "--people", "4000", "--questions", "2000", "--weeks", "6")
    with served(str(tmp_path / "g"), *SERVE, "--workers", "2") as (url, _):
        told = machtigen("rehearse", *late, "--speed", "10000000x", "--url", url, "--json")
    assert told.status == 0, told
    found = json.loads(told.out)
    (administration,) = (share for share in found["stale_shares"] if share["track"] == "administration")
    assert 0.0 < administration["service"] < 1.0
    assert administration["agrees"]


def test_a_service_that_loses_facts_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = rehearse.Service.record

    def forgetful(service: rehearse.Service, facts: Any) -> Iterator[int]:
        """Loses who has died, and what was withdrawn."""
        kept = (fact for fact in facts if not fact.get("died") and fact.get("status") != "WITHDRAWN")
        yield from record(service, kept)

    monkeypatch.setattr(rehearse.Service, "record", forgetful)
    with served(str(tmp_path / "g"), *SERVE) as (url, _):
        done = CliRunner().invoke(commands, ["rehearse", *YEAR, "--url", url, "--json"], standalone_mode=False)
    found = json.loads(done.stdout)
    assert done.return_value == 1
    assert found["wrong"] > 0
    assert found["false_permits"]["unexplained"] > 0
    assert {"question", "found", "right", "explained"} == set(found["examples"][0])


def test_a_service_with_another_clock_or_with_facts(tmp_path: Path) -> None:
    with served(str(tmp_path / "g"), "--dev") as (url, _):
        said = refused(machtigen("rehearse", "june_2020", "--people", "1000", "--url", url))
        assert said.endswith("has no clock to move: start it with machtigen serve --dev --clock rehearsal")
    facts = tmp_path / "facts.jsonl"
    facts.write_text('{"fact":"person","id":"p","born":"1980-01-01"}\n')
    assert machtigen("import", str(facts), "--graph", str(tmp_path / "g")).status == 0
    with served(str(tmp_path / "g"), *SERVE) as (url, _):
        said = refused(machtigen("rehearse", "june_2020", "--people", "1000", "--url", url))
        assert said.endswith("already holds facts, or is not ready: give it an empty graph")


def test_wrong_use() -> None:
    assert "no such scenario" in refused(machtigen("rehearse", "june"))
    assert "--speed" in machtigen("rehearse", "june_2020", "--speed", "fast").err
    assert "does not answer" in refused(
        machtigen("rehearse", "june_2020", "--people", "1000", "--url", "http://127.0.0.1:9")
    )
    early = machtigen("rehearse", "june_2020", "--people", "1000", "--from", "2019-12-01", "--weeks", "10")
    assert "found 2019-12-01 to 2020-02-08, expected days of the scenario, 2020-01-01 to 2029-01-0" in refused(early)
    assert "people: found 10" in refused(machtigen("rehearse", "june_2020", "--people", "10"))
