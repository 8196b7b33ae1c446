"""`machtigen onboard`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from graph.ledger import Ledger
from resolvers.onboarding import Onboarded, onboard, store
from server.cli import commands
from tests.contracts.test_onboarding import HOSPITAL, RECORD

LIVE = {"status": "LIVE", "route": "ROUTING"}


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ({**HOSPITAL, "colour": "red"}, "UNKNOWN_FIELD", "colour"),
        ({**HOSPITAL, "services": [{**RECORD, "price": 3}]}, "UNKNOWN_FIELD", "services[0].price"),
        ({**HOSPITAL, "services": "record"}, "WRONG_VALUE", "services"),
        ({**HOSPITAL, "services": ["record"]}, "WRONG_VALUE", "services[0]"),
        ({**HOSPITAL, "id": 7}, "WRONG_VALUE", "id"),
        ({**HOSPITAL, "status": "OPEN"}, "WRONG_VALUE", "status"),
        ({**HOSPITAL, "status": "LIVE"}, "ROUTE_REQUIRED", "route"),
        ({**HOSPITAL, "status": "LIVE", "route": "DIRECT", "services": []}, "SERVICE_REQUIRED", "services"),
    ],
)
def test_a_file_with_something_wrong_stores_nothing_and_says_where(
    tmp_path: Path, line: dict[str, Any], code: str, field: str
) -> None:
    file = tmp_path / "providers.jsonl"
    file.write_text(json.dumps({**HOSPITAL, "id": "good"}) + "\n\n" + json.dumps(line) + "\n")
    result = CliRunner().invoke(commands, ["onboard", str(file), "--graph", str(tmp_path / "g")])
    assert result.exit_code == 2
    said = result.stderr.splitlines()
    assert said[0].startswith(f"{file}:3: {field}: ")
    assert f"({code})" in said[0]
    assert said[1] == "1 problem; nothing was stored"


def test_a_file_of_one_supplier_brings_all_its_customers_live_and_the_second_time_nothing(tmp_path: Path) -> None:
    file, graph = tmp_path / "providers.jsonl", str(tmp_path / "g")
    lines = [{**HOSPITAL, "id": f"gp{n}", "status": "LIVE", "route": "ROUTING", "sector": "GP"} for n in range(2_500)]
    file.write_text("\n".join(json.dumps(line) for line in lines))
    told = [
        json.loads(CliRunner().invoke(commands, ["onboard", str(file), "--graph", graph, "--json"]).stdout)
        for _ in range(2)
    ]
    assert [(each["providers"], each["recorded"]) for each in told] == [(2_500, 5_000), (2_500, 0)]
    stats = CliRunner().invoke(commands, ["stats", "--graph", graph, "--json"]).stdout
    assert json.loads(stats)["provider"] == 2_500


def test_stopped_on_the_way_it_says_what_was_stored_and_names_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, graph = tmp_path / "providers.jsonl", str(tmp_path / "g")
    lines = [{**HOSPITAL, "id": f"gp{n:04d}", "status": "APPLIED"} for n in range(1_500)]
    file.write_text("\n\n".join(json.dumps(line) for line in lines))

    async def and_then(ledger: Ledger, *arguments: Any, **more: Any) -> AsyncIterator[Onboarded]:
        """Somebody else takes a provider further, after the check, while the first thousand are stored."""
        number = 0
        async for done in store(ledger, *arguments, **more):
            yield done
            if not number:
                assert not (await onboard(ledger, [lines[1_200] | LIVE], now=1, leaps=True)).problems
            number += 1

    monkeypatch.setattr("server.cli.onboard.store", and_then)
    result = CliRunner().invoke(commands, ["onboard", str(file), "--graph", graph])
    assert result.exit_code == 2
    first, last = result.stderr.splitlines()[-2:]
    assert first.startswith(f"{file}:2401: status: ")
    assert last == "1 problem; 2,000 facts were recorded before; mended, the same file completes it"


def test_the_command_itself_takes_standard_input(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from server.cli import main; main()", "onboard", "-", "--graph", str(tmp_path / "g")],
        input=json.dumps(HOSPITAL),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("1 providers, 2 facts recorded, as of ")


def test_twice_in_one_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "providers.jsonl"
    file.write_text(2 * (json.dumps(HOSPITAL) + "\n"))
    result = CliRunner().invoke(commands, ["onboard", str(file), "--graph", str(tmp_path / "g")])
    assert (result.exit_code, "line 1 too" in result.stderr) == (2, True)
