"""`machtigen export`: what it writes imports again, into either kind of graph, and comes out as the same bytes."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from tests.neo4j_server import Neo4jServer
from tests.resolvers.small import FACTS
from tests.server.asking import MACHTIGEN, SECONDS_MAX
from tests.server.cli.commands import here, machtigen, refused

CASES = Path(__file__).parent.parent.parent / "cases"
EARLY, LATE = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00.000001Z"


def case_facts() -> bytes:
    """Every fact of the open cases that share one graph, and versions of some: corrected, taken back, in doubt."""
    lines: list[str] = []
    for name in ("decisions.jsonl", "decisions_timed.jsonl"):
        for line in (CASES / name).read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            if "group" not in case:
                lines += [json.dumps(fact) for fact in case["facts"]]
    person = {"fact": "person", "id": "Zoë".replace("ë", "e"), "born": "2010-06-00", "name": 'Zoë 🙂 \\ "x" \u2028'}
    lines += [json.dumps({**person, "recorded_at": EARLY}), json.dumps({**person, "recorded_at": LATE, "died": LATE})]
    lines.append(json.dumps({**person, "recorded_at": "2026-03-01T00:00:00Z", "retracted": True}))
    return ("\n".join(lines) + "\n").encode()


@pytest.fixture
def filled(tmp_path: Path) -> str:
    graph = str(tmp_path / "filled")
    lines = "".join(json.dumps(fact) + "\n" for fact in FACTS)
    assert here("import", "-", "--graph", graph, "--recorded-at", "since-ever", stdin=lines.encode()).status == 0
    return graph


def piped(source: str, target: str) -> str:
    """`machtigen export --graph SOURCE | machtigen import - --graph TARGET`: what the second one says."""
    with subprocess.Popen([MACHTIGEN, "export", "--graph", source], stdout=subprocess.PIPE) as export:
        command = [MACHTIGEN, "import", "-", "--graph", target]
        done = subprocess.run(command, stdin=export.stdout, capture_output=True, timeout=SECONDS_MAX, check=True)
    assert export.returncode == 0
    return done.stdout.decode()


def test_into_the_other_kind_of_graph_and_out_again(tmp_path: Path, neo4j_server: Neo4jServer) -> None:
    neo4j_server.wipe()
    first, second, third = str(tmp_path / "first"), neo4j_server.uri, str(tmp_path / "third")
    facts = case_facts()
    assert here("import", "-", "--graph", first, "--recorded-at", "since-ever", stdin=facts).status == 0
    out = here("export", "--graph", first).out
    count = f"{out.count(chr(10)):,}"
    for source, target in ((first, second), (second, third)):
        assert piped(source, target).startswith(f"{count} facts recorded, 0 unchanged, as of ")
        assert here("export", "--graph", target).out == out
    assert piped(third, second).startswith(f"0 facts recorded, {count} unchanged, as of ")
    again = here("import", "-", "--graph", second, "--recorded-at", "since-ever", stdin=facts)
    assert again.out.startswith("0 facts recorded, ")
    assert here("export", "--graph", second).out == out
    heads = {json.loads(here("verify", "--graph", graph, "--json").out)["head"] for graph in (first, second, third)}
    assert len(heads) == 1


UNPACKED: dict[str, Callable[[bytes], bytes]] = {
    "facts.jsonl": bytes,
    "facts.jsonl.gz": gzip.decompress,
    "facts.jsonl.zst": lambda packed: zstandard.ZstdDecompressor().decompressobj().decompress(packed),
}


@pytest.mark.parametrize("name", UNPACKED)
def test_into_a_file(tmp_path: Path, filled: str, name: str) -> None:
    file = tmp_path / name
    told = here("export", "--graph", filled, "-o", str(file))
    assert (told.status, told.out) == (0, "")
    assert told.err.startswith(f"{len(FACTS)} facts written, as of ")
    packed = file.read_bytes()
    assert UNPACKED[name](packed).decode() == here("export", "--graph", filled).out
    assert here("export", "--graph", filled, "-o", str(file)).status == 0
    assert file.read_bytes() == packed
    assert here("import", str(file), "--graph", str(tmp_path / "copy")).out.startswith(f"{len(FACTS)} facts recorded")


def test_a_file_keeps_its_content_where_another_cannot_be_written(tmp_path: Path, filled: str) -> None:
    missing = tmp_path / "no/facts.jsonl"
    assert str(missing) in refused(here("export", "--graph", filled, "-o", str(missing)))
    assert "directory" in refused(here("export", "--graph", filled, "-o", str(tmp_path)))
    file = tmp_path / "facts.jsonl"
    file.write_text("what was there")
    assert refused(here("export", "--graph", str(tmp_path / "no"), "-o", str(file)))
    assert file.read_text() == "what was there"
    assert {path.name for path in tmp_path.iterdir()} == {"filled", "filled-lock", "facts.jsonl"}


def test_of_one_instant_only_what_holds_is_written(tmp_path: Path) -> None:
    """Two contents of the very same instant cannot stand in one input; the later position holds."""
    graph = str(tmp_path / "g")
    for born in ("1980-01-01", "1981-01-01"):
        line = json.dumps({"fact": "person", "id": "p1", "born": born, "recorded_at": EARLY})
        assert here("import", "-", "--graph", graph, stdin=line.encode()).out.startswith("1 fact recorded")
    told = machtigen("export", "--graph", graph)
    assert [json.loads(line)["born"] for line in told.out.splitlines()] == ["1981-01-01"]
    assert told.err == "1 version left out: another of the very same instant replaced it\n"
