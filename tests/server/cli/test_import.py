"""`machtigen import`: what it takes in, and what it says of bad input: file, line, field, found, expected; status 2."""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from authority.moments import instant
from graph.embedded import EmbeddedGraph
from graph.errors import LedgerUnavailable
from tests.resolvers.small import FACTS
from tests.server.asking import MACHTIGEN, SECONDS_MAX
from tests.server.cli.commands import Told, here, machtigen, refused

Line = dict[str, Any]
PERSON: Line = {"fact": "person", "id": "p1", "born": "1980-01-01"}
TEXT = "".join(json.dumps(fact) + "\n" for fact in FACTS).encode()


def written(path: Path, *lines: Line | str) -> str:
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return str(path)


def held(graph: Path) -> list[Line]:
    """What a graph exports."""
    told = here("export", "--graph", str(graph))
    assert told.status == 0, told
    return [json.loads(line) for line in told.out.splitlines()]


def known_since(graph: Path) -> set[str]:
    return {line["recorded_at"] for line in held(graph)}


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "facts.jsonl": bytes,
    "facts.jsonl.gz": gzip.compress,
    "facts.jsonl.zst": zstandard.compress,
}


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("by", ["name", "standard input"])
def test_facts_in_and_a_second_time_no_change(tmp_path: Path, name: str, by: str) -> None:
    file, graph = tmp_path / name, tmp_path / "graph"
    file.write_bytes(PACKED[name](TEXT))
    what, stdin = (str(file), b"") if by == "name" else ("-", file.read_bytes())

    def imported() -> Told:
        return machtigen("import", what, "--graph", str(graph), "--recorded-at", "since-ever", stdin=stdin)

    first = imported()
    assert (first.status, first.err) == (0, "")
    assert first.out.startswith(f"{len(FACTS)} facts recorded, 0 unchanged, as of ")
    lines = held(graph)
    assert [line["id"] for line in lines] == [fact["id"] for fact in FACTS]
    again = imported()
    assert again.out.startswith(f"0 facts recorded, {len(FACTS)} unchanged, as of ")
    assert again.out.split()[-1] == first.out.split()[-1]
    assert held(graph) == lines


def test_without_recorded_at_it_is_the_moment_of_import(tmp_path: Path) -> None:
    graph, file = tmp_path / "graph", written(tmp_path / "f", PERSON)
    before = time.time_ns() // 1000
    here("import", file, "--graph", str(graph))
    (recorded,) = known_since(graph)
    assert before <= instant(recorded) <= time.time_ns() // 1000
    told = here("import", file, "--graph", str(graph), "--json")
    assert json.loads(told.out).items() >= {"read": 1, "recorded": 0, "unchanged": 1}.items()
    assert known_since(graph) == {recorded}


@pytest.mark.parametrize(
    ("given", "recorded"),
    [("since-ever", "0001-01-01T00:00:00Z"), ("2026-01-01T00:00:00.000001+01:00", "2025-12-31T23:00:00.000001Z")],
)
def test_recorded_at_stands_in_where_a_line_does_not_say(tmp_path: Path, given: str, recorded: str) -> None:
    said = "2020-05-05T05:05:05Z"
    file = written(tmp_path / "f", PERSON, {**PERSON, "id": "p2", "recorded_at": said})
    here("import", file, "--graph", str(tmp_path / "g"), "--recorded-at", given)
    assert {line["id"]: line["recorded_at"] for line in held(tmp_path / "g")} == {"p1": recorded, "p2": said}


@pytest.mark.parametrize("given", ["yesterday", "2026-01-01", "2026-01-01T00:00:00", ""])
def test_recorded_at_is_an_instant_with_offset(tmp_path: Path, given: str) -> None:
    graph = tmp_path / "g"
    told = here("import", written(tmp_path / "f", PERSON), "--graph", str(graph), "--recorded-at", given)
    assert told.status == 2
    assert "--recorded-at" in told.err
    assert "RFC 3339 with offset" in told.err
    assert not graph.exists()


SERVICE = {"fact": "service", "id": "h1/x", "provider": "h1", "domain": "TAX", "minimum_assurance": "LOW"}
EMPLOYMENT = {"fact": "employment", "id": "e1", "employee": "nobody-known", "organisation": "o1"}
AUTHORITY = {"fact": "authority", "id": "a1", "kind": "CURATELE", "representative": "p8", "represented": "p9"}
BAD: dict[str, tuple[Line | str, str]] = {
    "unknown field": (
        {**PERSON, "id": "p2", "colour": "red"},
        (
            "colour: found an unknown field, expected one of fact, id, register, recorded_at, retracted, "
            "under_investigation, born, died, name (UNKNOWN_FIELD)"
        ),
    ),
    "wrong type": ({**PERSON, "id": "p2", "born": 1980}, "born: found the number 1980, expected a date YYYY-MM-DD"),
    "missing field": ({"fact": "person", "id": "p2"}, "born: found nothing, expected "),
    "ends before it begins": (
        {**AUTHORITY, "valid_from": "2026-01-02", "valid_until": "2026-01-01"},
        (
            "valid_until: found 2026-01-01, expected an instant after valid_from (2026-01-02); "
            "what was never so is retracted (BAD_INTERVAL)"
        ),
    ),
    "ends as it begins": ({**AUTHORITY, "valid_from": "2026-01-02", "valid_until": "2026-01-02"}, "valid_until: found"),
    "reserved id": (
        {**PERSON, "id": "COURT"},
        'id: found "COURT", expected an id that is not reserved (RESERVED_ID)',
    ),
    "a number of the civil register": (
        {**PERSON, "id": "bsn:123"},
        'id: found "bsn:…", expected an id that does not begin with bsn:, which is reserved (RESERVED_ID)',
    ),
    "conflict": (
        {**PERSON, "born": "1981-01-01"},
        (
            'id: found other content than line 1 for person "p1" recorded since ever, '
            "expected one content for one recorded_at (CONFLICT)"
        ),
    ),
    "a person and an organisation": (
        {"fact": "organisation", "id": "p1", "kind": "OTHER"},
        (
            'id: found "p1", which is a person on line 1, '
            "expected an id of its own: people and organisations share one set (CONFLICT)"
        ),
    ),
    "service without provider": (
        SERVICE,
        'provider: found "h1", which nobody knows, expected a provider here or in the graph (UNKNOWN_REFERENCE)',
    ),
    "employment without organisation": (
        EMPLOYMENT,
        (
            'organisation: found "o1", which nobody knows, expected an organisation here or in the graph '
            "(UNKNOWN_REFERENCE)"
        ),
    ),
    "unknown register": (
        {**PERSON, "id": "p2", "register": "MINE"},
        (
            'register: found "MINE", which nobody knows, expected a register in table 3, this input or the graph '
            "(UNKNOWN_REFERENCE)"
        ),
    ),
    "no JSON": ("person p2", "found no JSON at character 1 (Expecting value), expected one JSON object in UTF-8"),
    "no object": ("[]", "found a list of 0, expected a JSON object (MALFORMED)"),
    "a field twice": ('{"fact":"person","id":"a","id":"b","born":"1980-01-01"}', "id: found the field twice, expected"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("by", ["name", "standard input"])
def test_bad_input_is_one_line_and_nothing_is_stored(tmp_path: Path, name: str, by: str) -> None:
    bad, said = BAD[name]
    file = written(tmp_path / "facts.jsonl", PERSON, "", bad, {**PERSON, "id": "good"})
    what, stdin, source = (file, b"", file) if by == "name" else ("-", Path(file).read_bytes(), "standard input")
    told = here("import", what, "--graph", str(tmp_path / "g"), "--recorded-at", "since-ever", stdin=stdin)
    assert refused(told).startswith(f"{source}:3: {said}")
    assert not list(tmp_path.glob("g*")), "not even an empty graph"


def test_what_is_refused_changes_nothing_in_a_graph_that_is_there(tmp_path: Path) -> None:
    graph = tmp_path / "g"
    assert here("import", written(tmp_path / "f", PERSON), "--graph", str(graph)).status == 0
    before = held(graph)
    refused(here("import", written(tmp_path / "f", {**PERSON, "id": "good"}, "[]"), "--graph", str(graph)))
    assert held(graph) == before


def test_keep_going_tells_all_with_a_count_and_stores_nothing(tmp_path: Path) -> None:
    file = written(tmp_path / "facts.jsonl", PERSON, *(bad for bad, _ in BAD.values()), {**PERSON, "id": "good"})
    graph = str(tmp_path / "g")
    told = machtigen("import", file, "--graph", graph, "--recorded-at", "since-ever", "--keep-going")
    assert (told.status, told.out) == (2, "")
    *lines, count = told.err.splitlines()
    places = [line.removeprefix(f"{file}:").partition(":")[0] for line in lines]
    assert places == sorted(places, key=int)
    for number, (name, (_, said)) in enumerate(BAD.items(), 2):
        assert any(line.startswith(f"{file}:{number}: {said}") for line in lines), name
    assert count == f"{len(lines)} problems; nothing was stored"
    assert not list(tmp_path.glob("g*")), "not even an empty graph"


def test_one_line_may_have_many_problems(tmp_path: Path) -> None:
    file = written(tmp_path / "f", {**PERSON, "id": "COURT", "born": "1980-02-30", "colour": "red"})
    told = here("import", file, "--graph", str(tmp_path / "g"), "--keep-going")
    *lines, count = told.err.splitlines()
    assert {line.split(": ")[1] for line in lines} >= {"born", "colour"}
    assert count == f"{len(lines)} problems; nothing was stored"


def test_what_the_graph_knows_may_be_referred_to(tmp_path: Path) -> None:
    graph = str(tmp_path / "g")
    provider = {"fact": "provider", "id": "h1", "sector": "GP", "status": "LIVE"}
    assert here("import", written(tmp_path / "f", provider), "--graph", graph).status == 0
    assert here("import", written(tmp_path / "f", SERVICE), "--graph", graph).status == 0
    shared = {"fact": "organisation", "id": "p1", "kind": "OTHER"}
    assert here("import", written(tmp_path / "f", PERSON), "--graph", graph).status == 0
    said = refused(here("import", written(tmp_path / "f", shared), "--graph", graph))
    assert 'id: found "p1", which is a person in the graph' in said


def test_the_order_of_lines_has_no_meaning(tmp_path: Path) -> None:
    file = written(tmp_path / "f", *reversed(FACTS))
    assert here("import", file, "--graph", str(tmp_path / "g")).status == 0
    assert len(held(tmp_path / "g")) == len(FACTS)


@pytest.mark.parametrize("name", ["facts.jsonl.gz", "facts.jsonl.zst"])
def test_a_packed_file_that_is_cut_off_stores_nothing(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(PACKED[name](TEXT)[:-9])
    said = refused(here("import", str(file), "--graph", str(tmp_path / "g")))
    assert said.startswith(f"{file}:")
    assert "found data that cannot be unpacked, expected whole and valid compressed data (MALFORMED)" in said
    assert not list(tmp_path.glob("g*")), "not even an empty graph"


def test_a_file_that_is_not_there_makes_no_graph(tmp_path: Path) -> None:
    graph = tmp_path / "g"
    said = refused(here("import", str(tmp_path / "no.jsonl"), "--graph", str(graph)))
    assert said == f"machtigen: {tmp_path / 'no.jsonl'}: cannot be read: No such file or directory"
    assert not graph.exists()


def test_the_first_import_makes_the_default_graph(tmp_path: Path) -> None:
    file = written(tmp_path / "f", PERSON)
    done = subprocess.run(
        [MACHTIGEN, "import", file], cwd=tmp_path, capture_output=True, check=True, timeout=SECONDS_MAX
    )
    assert done.stdout.startswith(b"1 fact recorded, 0 unchanged, as of ")
    assert [line["id"] for line in held(tmp_path / ".machtigen/graph")] == ["p1"]


def position(graph: Path) -> int:
    """How far the ledger is; 0 while it is being made."""

    async def head() -> int:
        ledger = EmbeddedGraph.open(str(graph), read_only=True)
        try:
            return (await ledger.head()).position
        finally:
            await ledger.close()

    try:
        return asyncio.run(head())
    except LedgerUnavailable:
        return 0


def test_killed_on_the_way_the_same_command_completes_it(tmp_path: Path) -> None:
    people = 60_000
    file, graph = written(tmp_path / "f", *({**PERSON, "id": f"p{n}"} for n in range(people))), tmp_path / "g"
    command = ["import", file, "--graph", str(graph), "--recorded-at", "since-ever"]
    process = subprocess.Popen([MACHTIGEN, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not position(graph):
        assert process.poll() is None
    process.kill()
    process.wait(SECONDS_MAX)
    stored = position(graph)
    assert 0 < stored < people
    assert [line["id"] for line in held(graph)] == [f"p{n}" for n in range(stored)]
    assert f"{people - stored:,} facts recorded, {stored:,} unchanged" in machtigen(*command).out
    whole = tmp_path / "whole"
    machtigen("import", file, "--graph", str(whole), "--recorded-at", "since-ever")
    assert machtigen("export", "--graph", str(graph)).out == machtigen("export", "--graph", str(whole)).out
