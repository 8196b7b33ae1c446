"""What holds for every command: help with examples, and output that nobody reads, or that cannot be written."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from server.cli import COMMANDS, commands
from server.cli.audit import command as audit
from server.cli.neo4j import command as neo4j
from tests.server.asking import MACHTIGEN, SECONDS_MAX
from tests.server.cli.commands import FULL, machtigen, refused

GROUPS = {"neo4j": neo4j, "audit": audit}
NAMES = [*([name] for name in COMMANDS), *([group, name] for group, each in GROUPS.items() for name in each.commands)]


@pytest.mark.parametrize("name", NAMES, ids=" ".join)
def test_help(name: list[str]) -> None:
    told = CliRunner().invoke(commands, [*name, "--help"], prog_name="machtigen")
    assert told.exit_code == 0
    assert "\b" not in told.output
    assert "\\b" not in told.output
    _, _, examples = told.output.partition("\n  Example")
    shown = [line for line in examples.splitlines()[1:] if line.startswith("    machtigen ")]
    assert any(shlex.split(line)[1 : 1 + len(name)] == name for line in shown)
    assert all(len(line) <= 100 for line in told.output.splitlines())


@pytest.mark.parametrize("name", NAMES, ids=" ".join)
def test_every_option_is_explained(name: list[str]) -> None:
    command: click.Command = commands
    for word in name:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    assert not [o.name for o in command.params if isinstance(o, click.Option) and not o.help]


def test_the_list_of_commands() -> None:
    told = machtigen("--help")
    assert told.status == 0
    assert [line.split()[0] for line in told.out.partition("Commands:\n")[2].splitlines() if line[2:3].strip()] == list(
        COMMANDS
    )


def test_a_command_that_is_not_there() -> None:
    told = machtigen("exprot")
    assert told.status == 2
    assert "No such command 'exprot'" in told.err


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A graph whose export does not fit into a pipe."""
    path = tmp_path_factory.mktemp("graph") / "graph"
    person = {"fact": "person", "born": "1980-01-01", "name": "x" * 300}
    lines = "".join(json.dumps({**person, "id": f"p{n}"}) + "\n" for n in range(3_000))
    assert machtigen("import", "-", "--graph", str(path), stdin=lines.encode()).status == 0
    return str(path)


PRINTING = ["export --graph {}", "stats --graph {}", "verify --graph {}", "--help", "import --help"]


@pytest.mark.parametrize("command", PRINTING)
def test_a_reader_who_has_seen_enough(graph: str, command: str) -> None:
    """As with `| head -1`: quiet, and the status that the shell knows of other tools."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [MACHTIGEN, *command.format(graph).split()], stdout=writing, stderr=subprocess.PIPE, text=True
    )
    os.close(writing)
    if command.startswith("export"):
        assert os.read(reading, 1) == b"{"
    os.close(reading)
    _, said = process.communicate(timeout=SECONDS_MAX)
    assert (process.returncode, said) == (141, "")


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize("command", PRINTING)
def test_output_that_cannot_be_written(graph: str, command: str) -> None:
    with FULL.open("wb") as full:
        arguments = [MACHTIGEN, *command.format(graph).split()]
        done = subprocess.run(arguments, stdout=full, stderr=subprocess.PIPE, timeout=SECONDS_MAX, check=False)
    assert (done.returncode, done.stderr) == (2, b"machtigen: No space left on device\n")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
@pytest.mark.parametrize("command", ["export --graph {}", "import - --graph {}"])
def test_a_stream_that_is_closed(graph: str, command: str, closed: str) -> None:
    line = f"{shlex.join([MACHTIGEN, *command.format(graph).split()])} {closed}"
    shell = ["/bin/sh", "-c", line]
    done = subprocess.run(shell, input=b"", capture_output=True, timeout=SECONDS_MAX, check=False)
    assert done.returncode == 0
    assert done.stderr == b""
    assert machtigen("verify", "--graph", graph).status == 0


def test_a_graph_that_is_not_there(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    for command in ("export", "verify", "stats"):
        assert refused(machtigen(command, "--graph", missing)).startswith(f"machtigen: {missing}: no such graph; ")
