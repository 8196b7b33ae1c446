"""Every command that opens a graph, and a graph that cannot be opened: one line that says why, and status 2."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import lmdb
import pytest

from tests.neo4j_server import Neo4jServer, free_ports
from tests.resolvers.small import FACTS, QUESTION
from tests.server.cli.commands import here, machtigen, refused
from tests.tokens import serving

COMMANDS = {
    "import": ["import", "-"],
    "export": ["export"],
    "verify": ["verify"],
    "stats": ["stats"],
    "explain": ["explain", "--question", json.dumps(QUESTION)],
    "serve": ["serve", "--port", "0", *serving()],
}
LINES = "".join(json.dumps(fact) + "\n" for fact in FACTS).encode()


def opened(command: str, graph: str) -> str:
    """What this command says of a graph that it should not open."""
    return refused(here(*COMMANDS[command], "--graph", graph, stdin=LINES))


def filled(path: Path) -> Path:
    assert here("import", "-", "--graph", str(path), "--recorded-at", "since-ever", stdin=LINES).status == 0
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_of_something_else(tmp_path: Path, command: str) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff" + bytes(9_000))
    assert opened(command, str(path)) == f"machtigen: {path}: not a Machtigen graph"
    assert path.read_bytes() == b"\xff\xd8\xff" + bytes(9_000)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_was_cut_short(tmp_path: Path, command: str) -> None:
    path = filled(tmp_path / "g")
    os.truncate(path, path.stat().st_size // 2)
    said = opened(command, str(path))
    assert said.startswith(f"machtigen: {path}: damaged")
    assert "restore it from a backup" in said


def test_a_content_that_somebody_changed(tmp_path: Path) -> None:
    path = filled(tmp_path / "g")
    whole = machtigen("verify", "--graph", str(path))
    assert (whole.status, whole.err) == (0, "")
    token, head = whole.out.split()
    assert token.endswith(f".{len(FACTS)}")
    report = json.loads(here("verify", "--graph", str(path), "--json").out)
    assert report == {"token": token, "head": head, "problems": []}
    with lmdb.open(str(path), subdir=False, max_dbs=8) as env:
        ledger = env.open_db(b"ledger", create=False)
        with env.begin(write=True, db=ledger) as txn:
            (third,) = [(key, entry) for key, entry in txn.cursor() if b'"id":"h1/record"' in entry]
            txn.put(third[0], third[1].replace(b"SUBSTANTIAL", b"LOW"))
    told = machtigen("verify", "--graph", str(path))
    assert told.status == 1
    assert any(line.startswith("position 3: its content") for line in told.err.splitlines())
    assert json.loads(here("verify", "--graph", str(path), "--json").out)["problems"] == told.err.splitlines()


def test_stats(tmp_path: Path) -> None:
    path = filled(tmp_path / "g")
    corrected = json.dumps({**FACTS[4], "born": "2018-03-02", "recorded_at": "2026-01-01T00:00:00Z"}).encode()
    assert here("import", "-", "--graph", str(path), stdin=corrected).status == 0
    told = machtigen("stats", "--graph", str(path), "--json")
    counts = json.loads(told.out)
    assert counts.pop("as_of").endswith(f".{len(FACTS) + 1}")
    assert counts == {"facts": len(FACTS) + 1} | {
        fact_type: sum(fact["fact"] == fact_type for fact in FACTS) for fact_type in counts if fact_type != "facts"
    }
    table = here("stats", "--graph", str(path)).out
    assert "facts, every version" in table
    assert "person" in table


@pytest.mark.parametrize("command", COMMANDS)
def test_a_neo4j_that_cannot_be_reached(command: str) -> None:
    (port,) = free_ports(1)
    address = f"bolt://127.0.0.1:{port}"
    assert opened(command, address).startswith(f"machtigen: {address}: no Neo4j can be reached")


def test_a_neo4j_that_cannot_be_reached_from_a_process_of_its_own() -> None:
    """The driver would print lines of its own."""
    (port,) = free_ports(1)
    for scheme in ("neo4j", "bolt"):
        address = f"{scheme}://127.0.0.1:{port}"
        assert refused(machtigen("stats", "--graph", address)).startswith(f"machtigen: {address}: no Neo4j can be")


def test_a_wrong_password(neo4j_server: Neo4jServer) -> None:
    variables = {"NEO4J_USERNAME": neo4j_server.username, "NEO4J_PASSWORD": "not-the-one"}
    told = machtigen("import", "-", "--graph", neo4j_server.uri, stdin=LINES, **variables)
    said = refused(told)
    assert said.startswith(f"machtigen: {neo4j_server.uri}: ")
    assert "refuses this user name or password" in said
    assert "NEO4J_PASSWORD" in said
    assert "not-the-one" not in said


def _text(text: str) -> bytes:
    return bytes([0x80 + len(text)]) + text.encode()


@contextmanager
def bolt_server(agent: str) -> Iterator[str]:
    """Speaks as much Bolt 5.4 as it takes to say which server it is; its address."""
    fields = {"server": agent, "connection_id": "bolt-1"}
    success = b"\xb1\x70" + bytes([0xA0 + len(fields)])
    success += b"".join(_text(name) + _text(value) for name, value in fields.items())
    answer = len(success).to_bytes(2, "big") + success + b"\x00\x00"

    def serve(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection, connection.makefile("rb") as heard, suppress(OSError):
                    heard.read(20)  # who it is, and the versions that it speaks
                    connection.sendall(b"\x00\x00\x04\x05")
                    while size := heard.read(2):
                        # a message is chunks, each with its size before it, and a size of 0 behind them
                        if not heard.read(int.from_bytes(size, "big")):
                            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        yield f"bolt://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("agent", ["Neo4j/4.4.40", "Neo4j/5.25.1"])
def test_a_server_of_a_version_too_old(agent: str) -> None:
    with bolt_server(agent) as address:
        said = refused(machtigen("stats", "--graph", address, NEO4J_PASSWORD="x"))
    assert said.startswith(f"machtigen: {address}: ")
    assert agent.removeprefix("Neo4j/") in said
    assert "5.26 or later is needed" in said


@pytest.mark.parametrize("address", ["postgres://127.0.0.1/machtigen", "http://127.0.0.1:7474"])
def test_no_such_kind_of_graph(address: str) -> None:
    scheme = address.partition("://")[0]
    assert opened("stats", address).startswith(
        f"machtigen: {scheme}://: no such kind of graph; a path, or one of neo4j"
    )


@pytest.mark.parametrize("command", ["start", "stop", "status"])
def test_the_local_neo4j_in_a_folder_that_is_none(tmp_path: Path, command: str) -> None:
    file = tmp_path / "file"
    file.write_text("something")
    assert refused(machtigen("neo4j", command, "--home", str(file))).startswith(f"machtigen: {file}")
    assert file.read_text() == "something"


def test_the_local_neo4j_that_does_not_run(tmp_path: Path) -> None:
    home = str(tmp_path / "neo4j")
    status = machtigen("neo4j", "status", "--home", home)
    assert status.status == 1
    assert status.out.startswith("Neo4j is not running; start it with: ")
    assert here("neo4j", "status", "--home", home, "--json") == (1, '{"running":false}\n', "")
    assert here("neo4j", "stop", "--home", home) == (0, "Neo4j was not running\n", "")
