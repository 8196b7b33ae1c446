from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from graph.embedded import EmbeddedGraph
from resolvers.caller import Caller
from resolvers.decisions import decide_all
from resolvers.telling import Change, Given
from server.audit.exporting import COLUMNS
from server.audit.records import Asking, Trace, records_of
from server.audit.trail import Trail
from tests.resolvers.small import NOW, asked, fill
from tests.server.audit.trails import RESOURCE, Clock
from tests.server.cli.commands import Told, here, refused

TRACES = ["a" * 32, "b" * 32, "c" * 32]
HOSPITAL = Caller(role="PROVIDER", party="h1")
PORTAL = Caller(role="CITIZEN", subject="father")
MINUTE = 60_000_000


@pytest.fixture
async def graph(tmp_path: Path) -> str:
    """A graph, with three requests recorded beside it: two decisions, one, and a change."""
    path = str(tmp_path / "graph")
    ledger = EmbeddedGraph.open(path)
    await fill(ledger)
    answers = await decide_all(ledger, [asked(), asked(representative="stranger")])
    own = await decide_all(ledger, [asked(representative="father", provider="t1", service="return")])
    token = str(await ledger.head())
    await ledger.close()
    trail = Trail(Path(f"{path}.audit"), Clock(), RESOURCE)
    change = Change("recordFacts", token, ("block/k1", "person/child"), (), "PAPER", "=C/10/1")
    recorded(trail, [Given(answers)], 0, HOSPITAL, "decisions")
    recorded(trail, [Given(own)], 1, PORTAL, "decision")
    recorded(trail, [change], 2, HOSPITAL, "recordFacts")
    trail.rotate()
    return path


def recorded(trail: Trail, told: list[Any], number: int, caller: Caller, operation: str) -> None:
    trail.append(records_of(told, Asking(Trace(TRACES[number]), caller, operation, NOW + number * MINUTE)))


def search(graph: str, *wanted: str) -> list[dict[str, Any]]:
    told = here("audit", "search", "--graph", graph, "--json", *wanted)
    assert (told.status, told.err) == (0, "")
    return [json.loads(line) for line in told.out.splitlines()]


def traces(graph: str, *wanted: str) -> list[str]:
    return [each["trace_id"][0] for each in search(graph, *wanted)]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ([], "aabc"),
        (["--person", "mother"], "a"),
        (["--person", "child"], "aabc"),
        (["--person", "chil"], ""),
        (["--person", "father"], "b"),
        (["--provider", "h1"], "aac"),
        (["--provider", "t1"], "b"),
        (["--outcome", "PERMIT"], "ab"),
        (["--outcome", "DENY"], "a"),
        (["--caller", "PROVIDER"], "aac"),
        (["--caller", "father"], "b"),
        (["--operation", "recordFacts"], "c"),
        (["--trace", TRACES[1]], "b"),
        (["--since", "2026-11-24T13:01:00+01:00"], "bc"),
        (["--until", "2026-11-24T12:01:00Z"], "aa"),
        (["--since", "2026-11-24T12:01:00Z", "--until", "2026-11-24T12:02:00Z", "--person", "child"], "b"),
    ],
)
def test_search(graph: str, wanted: list[str], found: str) -> None:
    assert "".join(traces(graph, *wanted)) == found


def test_search_for_a_person_to_read(graph: str) -> None:
    told = here("audit", "search", "--graph", graph)
    lines = told.out.splitlines()
    assert lines[0].startswith(
        "2026-11-24T12:00:00Z  PROVIDER h1  decisions  mother → child h1/record  PERMIT PARENTAL_"
    )
    assert lines[3].startswith("2026-11-24T12:02:00Z  PROVIDER h1  recordFacts  block/k1 person/child  PAPER =C/10/1  ")
    assert lines[3].endswith("-000001.jsonl:4")


def test_a_moment_that_is_none_is_refused(graph: str) -> None:
    assert "--since" in here("audit", "search", "--graph", graph, "--since", "yesterday").err


def test_export_has_the_shape_of_the_standard(graph: str, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    told = here("audit", "export", "--graph", graph, "-o", str(out), "--person", "mother")
    assert (told.status, told.err) == (0, "1 records written\n")
    (record,) = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert list(record) == [
        "trace_id",
        "span_id",
        "event_name",
        "timestamp",
        "status",
        "attributes",
        "body",
        "resource",
    ]
    assert record["resource"]["service.name"] == "machtigen"
    assert record["resource"]["machtigen.audit.record"] == 1


def test_export_for_a_spreadsheet(graph: str) -> None:
    told = here("audit", "export", "--graph", graph, "--format", "csv")
    header, *rows = csv.reader(io.StringIO(told.out))
    assert tuple(header) == COLUMNS
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert [each["outcome"] for each in found] == ["PERMIT", "DENY", "PERMIT", ""]
    assert (found[0]["grounds"], found[0]["represented"], found[0]["caller_party"]) == ("a1", "child", "h1")
    assert (found[3]["facts"], found[3]["evidence"]) == ("block/k1 person/child", "'=C/10/1")


def verify(graph: str, *arguments: str) -> Told:
    return here("audit", "verify", "--graph", graph, *arguments)


def test_verify(graph: str) -> None:
    told = verify(graph, "--replay")
    assert (told.status, told.err) == (0, "")
    counts, head, replayed, passed_over = told.out.splitlines()
    assert (counts, replayed) == ("4 records in 1 segments, 0 of them open", "3 answers the same, 0 not")
    assert passed_over == "1 not replayed: not a decision"
    assert verify(graph, "--kept", head.split()[1]).status == 0
    wrong = verify(graph, "--kept", "0" * 63 + "1")
    assert (wrong.status, "removed or changed" in wrong.err) == (1, True)


def test_verify_names_what_was_changed(graph: str) -> None:
    (path,) = Path(f"{graph}.audit").glob("2*.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"DENY"', b'"PERMIT"', 1))
    told = verify(graph, "--replay")
    assert told.status == 1
    assert f"{path.name}:2: changed: it does not fit its seal (trace {TRACES[0]}" in told.err
    assert told.err.endswith("nothing was replayed: the records themselves are not sound\n")
    report = json.loads(verify(graph, "--json").out)
    assert [each["record"] for each in report["problems"]] == [2]


def test_replay(graph: str) -> None:
    told = here("audit", "replay", "--graph", graph, "--provider", "h1", "--json")
    assert (told.status, json.loads(told.out)) == (
        0,
        {"same": 2, "differs": [], "not_replayed": {"not a decision": 1}},
    )
    (path,) = Path(f"{graph}.audit").glob("2*.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"a1"', b'"a2"'))
    assert here("audit", "replay", "--graph", graph).status == 1


@pytest.mark.parametrize("name", ["verify", "search", "export"])
def test_where_there_are_no_records(tmp_path: Path, name: str) -> None:
    told = here("audit", name, "--audit", str(tmp_path / "nowhere"))
    assert "nowhere" in refused(told)
