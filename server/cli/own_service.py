"""A service of one's own for a load test: a graph with an invented population, served by another process."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import click

_STOP_SECONDS_MAX: Final = 30.0


@contextmanager
def own_service(graph: str | None, people: int, seed: int, workers: int) -> Iterator[tuple[str, int]]:
    """Its URL and process; a graph that is not there yet is filled first, one without a name is thrown away after."""
    with ExitStack() as stack:
        if graph is None:
            graph = str(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loadtest-"))) / "graph")
        if "://" not in graph and not Path(graph).exists():
            _fill(graph, people, seed)
        yield stack.enter_context(_served(graph, workers))


def _machtigen(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from server.cli import main; main()", *arguments]


def _fill(graph: str, people: int, seed: int) -> None:
    made = subprocess.Popen(  # noqa: S603 - our own commands
        _machtigen("population", "--people", str(people), "--seed", str(seed), "--no-names", "--out", "-"),
        stdout=subprocess.PIPE,
    )
    taken = subprocess.run(  # noqa: S603
        _machtigen("import", "--graph", graph, "-"), stdin=made.stdout, stdout=subprocess.DEVNULL, check=False
    )
    if made.wait() or taken.returncode:
        raise click.ClickException(f"the population could not be loaded into {graph}")


@contextmanager
def _served(graph: str, workers: int) -> Iterator[tuple[str, int]]:
    command = _machtigen("serve", "--graph", graph, "--port", "0", "--workers", str(workers))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "/graphql" in line:
                yield line.split()[-1].removesuffix("/graphql"), process.pid
                return
        raise click.ClickException("machtigen serve ended before it was ready")
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
