"""A service of one's own for a load test: a graph with an invented population, served by another process."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import click

from server.cli.own_tokens import own_issuer

TOKENS: Final = "MACHTIGEN_LOAD_TOKENS"
"""Tells the generators where their tokens are had."""
_STOP_SECONDS_MAX: Final = 30.0


class Own(NamedTuple):
    """Its URL and first process, and where tokens for it are had."""

    url: str
    pid: int
    tokens: str


@contextmanager
def own_service(graph: str | None, people: int, seed: int, workers: int) -> Iterator[Own]:
    """A graph that is not there yet is filled first, one without a name is thrown away after.

    While it lasts, TOKENS is in this process's environment.
    """
    with ExitStack() as stack:
        if graph is None:
            graph = str(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loadtest-"))) / "graph")
        if "://" not in graph and not Path(graph).exists():
            _fill(graph, people, seed)
        from loadtests.wire import listed  # noqa: PLC0415 - an extra

        issuer = stack.enter_context(own_issuer())
        documents = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="documents-"))) / "documents.json"
        documents.write_bytes(listed())
        known = ("--documents", str(documents), "--any-document")
        url, pid = stack.enter_context(_served(graph, workers, (*issuer.serving, *known)))
        os.environ[TOKENS] = issuer.url
        stack.callback(os.environ.pop, TOKENS, None)
        yield Own(url, pid, issuer.url)


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
    if made.stdout is not None:
        made.stdout.close()
    if made.wait() or taken.returncode:
        raise click.ClickException(f"the population could not be loaded into {graph}")


@contextmanager
def _served(graph: str, workers: int, more: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    command = _machtigen("serve", "--graph", graph, "--port", "0", "--workers", str(workers), *more)
    # codes of mandates are hashed with a key; whoever has one set keeps it
    environment = {"MACHTIGEN_CODE_KEY": secrets.token_hex(32)} | os.environ
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603
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
