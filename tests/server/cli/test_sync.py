"""`machtigen sync`: the examples taken in, and the operator's view."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from graph.pseudonyms import passes_eleven_test
from graph.turn import Turn
from server.cli import main
from server.connectors import turn_path
from tests.graph.registers.town import EXAMPLES


class Result(NamedTuple):
    """What a command left behind."""

    exit_code: int
    stdout: str
    stderr: str


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The whole command, with the examples in a folder of its own."""
    shutil.copytree(EXAMPLES, tmp_path / "registers", dirs_exist_ok=True)
    monkeypatch.setenv("MACHTIGEN_GRAPH", str(tmp_path / "graph"))
    monkeypatch.setenv("MACHTIGEN_REGISTERS", str(tmp_path / "registers" / "registers.toml"))
    monkeypatch.setenv("MACHTIGEN_BSN_KEY_1", "6b" * 32)

    def invoked(*words: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["machtigen", "sync", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Result(int(str(ended.value.code or 0)), said.out, said.err)

    return invoked


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code in (0, 1), result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def by_source(result: Result) -> Mapping[str, dict[str, Any]]:
    return {line["source"]: line for line in lines(result)}


def test_no_example_holds_a_number_that_somebody_may_bear() -> None:
    words = [word for file in EXAMPLES.rglob("*.*") for word in file.read_text(encoding="utf-8").split()]
    pieces = {piece.strip('",;:') for word in words for piece in word.replace(";", " ").replace('"', " ").split()}
    assert not [piece for piece in pieces if passes_eleven_test(piece)]
    assert any(len(piece) == 9 and piece.isdigit() for piece in pieces)


def test_the_examples_are_taken_in_and_the_second_time_nothing_changes(run: Run) -> None:
    first = by_source(run("--all", "--dev", "--json"))
    assert {name: line["refused"] for name, line in first.items()} == dict.fromkeys(first, 0)
    assert {name: line["recorded"] for name, line in first.items()} == {
        "provider": 7,
        "handelsregister": 3,
        "brp": 16,
        "gezagsregister": 3,
        "court": 1,
        "digid-machtigen": 2,
        "next-of-kin": 1,
        "estate": 1,
        "eherkenning": 6,
    }
    again = by_source(run("--all", "--dev", "--json"))
    assert {line["recorded"] for line in again.values()} == {0}


def test_invented_numbers_are_refused_outside_dev(run: Run) -> None:
    refused = run("--all")
    assert refused.exit_code == 2
    assert "source 'brp': eleven_test: numbers that fail the eleven test are taken with --dev only" in refused.stderr


def test_the_health_of_every_source(run: Run, tmp_path: Path) -> None:
    before = by_source(run("--list", "--dev", "--json"))["digid-machtigen"]
    assert (before["heard_from"], before["silent_s"], before["stale"], before["watermark"]) == (None, None, False, "")
    old = tmp_path / "registers" / "digid-machtigen" / "2026-11-24T10.jsonl"
    os.utime(old, (1_700_000_000, 1_700_000_000))
    (tmp_path / "registers" / "court").rename(tmp_path / "gone")
    assert run("--all", "--dev").exit_code == 1
    after = by_source(run("--list", "--dev", "--json"))
    digid, court = after["digid-machtigen"], after["court"]
    assert (digid["heard_from"], digid["max_silence_s"], digid["stale"]) == ("2023-11-14T22:13:20Z", 7_200, True)
    assert digid["next_try"] is not None
    assert json.loads(digid["watermark"])["lines"] == 2
    assert (court["failures"], court["breaker"], court["stale"]) == (1, "CLOSED", True)
    assert court["last_error"] == "court: the folder cannot be read (No such file or directory)"
    table = run("--list", "--dev", "court", "estate").stdout
    assert "stale; 1 failures, closed" in table
    assert "digid" not in table


def test_a_row_is_shown_mended_replayed_and_dropped(run: Run, tmp_path: Path) -> None:
    rows = "E-8;aaaa;01-01-1990;90000009;UMC-DOSSIER;01-01-2024;\nE-9;bbbb;;90000001;UMC-DOSSIER;01-01-2024;\n"
    file = tmp_path / "registers" / "eherkenning" / "2026-11-25.csv"
    header = (tmp_path / "registers" / "eherkenning" / "2026-11-24.csv").read_text().splitlines(keepends=True)[0]
    file.write_text(header + rows)
    assert run("handelsregister", "eherkenning", "--dev").exit_code == 1

    waiting = {row["place"]: row for row in lines(run("--quarantine", "eherkenning", "--json"))}
    unknown, empty = waiting["2026-11-25.csv:2"], waiting["2026-11-25.csv:3"]
    assert "organisation" in unknown["problem"]
    assert empty["problem"] == "column 'Geboortedatum' is empty"
    assert lines(run("--quarantine", "court", "--json")) == []
    assert "2026-11-25.csv:3" in run("--quarantine").stdout
    shown = run("--show", str(unknown["number"]))
    assert "aaaa" in shown.stdout

    # nobody knows the organisation still; then it is another one that was meant
    number = str(unknown["number"])
    still = run("--replay", number)
    assert (still.exit_code, still.stderr.count("\n")) == (2, 1)
    mended = json.dumps(json.loads(unknown["raw"]) | {"organisation": "90000001"})
    taken = lines(run("--replay", number, "--mended", mended, "--json"))
    assert taken == [{"number": unknown["number"], "status": "TAKEN", "fact": "employment", "id": "eherkenning/E-8"}]
    assert run("--replay", number).exit_code == 2

    assert run("--drop", str(empty["number"])).stdout == f"row {empty['number']} is left for good\n"
    assert run("--drop", str(empty["number"])).exit_code == 2
    assert {row["status"] for row in lines(run("--quarantine", "--json"))} == {"TAKEN", "DROPPED"}
    assert run("--quarantine").stdout == "nothing waits in the quarantine\n"


def test_a_notice_is_listed_until_somebody_has_seen_it(run: Run, tmp_path: Path) -> None:
    ruling = "C/16/2026/9;900000001;voogdij;;90000002;;01-11-2026;;nee\n"
    folder = tmp_path / "registers" / "gezagsregister"
    (folder / "2026-11-24.csv").write_text(
        (folder / "2026-11-23.csv").read_text().splitlines(keepends=True)[0] + ruling
    )
    assert run("--all", "--dev").exit_code == 0
    (notice,) = lines(run("--notices", "--json"))
    assert "BRP says PARENTAL_JOINT; GEZAGSREGISTER says GUARDIANSHIP" in notice["sentence"]
    assert notice["status"] == "NEW"
    assert notice["sentence"] in run("--notices").stdout
    assert lines(run("--seen", str(notice["number"]), "--json")) == [{"number": notice["number"], "status": "SEEN"}]
    assert run("--notices").stdout == "no notices\n"
    # it is said again, and is no news
    assert run("brp", "gezagsregister", "--dev").exit_code == 0
    assert [n["status"] for n in lines(run("--notices", "--json"))] == ["SEEN"]
    assert run("--seen", "99").exit_code == 2


def test_beside_a_server_it_is_refused_and_another_sync_is_waited_for(run: Run, tmp_path: Path) -> None:
    path = turn_path(tmp_path / "graph.connectors.sqlite")
    server = Turn(path, "serve")
    assert server.take()
    refused = run("--all", "--dev")
    assert refused.exit_code == 2
    assert f"a server (process {os.getpid()}) asks these registers already" in refused.stderr
    assert lines(run("--list", "--json", "--dev"))[0]["last_success"] is None, "looking is free, and nothing was taken"
    server.give_up()
    other = Turn(path, "sync")
    assert other.take()
    ended = threading.Timer(1.0, other.give_up)
    ended.start()
    done = run("provider", "--dev")
    ended.join()
    assert (done.exit_code, done.stderr) == (0, f"waiting for process {os.getpid()}, which takes in what there is\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "say which sources"),
        (("--list", "--drop", "1"), "say which sources"),
        (("brp", "--replay", "1"), "say which sources"),
        (("--all", "brp"), "leave the names out"),
        (("--all", "--mended", "{}"), "--mended goes with --replay"),
        (("--drop", "7"), "no row 7 in the quarantine"),
        (("--show", "7"), "no row 7 in the quarantine"),
        (("nobody", "--dev"), "no source 'nobody'; there are provider, handelsregister"),
    ],
)
def test_what_makes_no_sense(run: Run, words: tuple[str, ...], said: str) -> None:
    refused = run(*words)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
