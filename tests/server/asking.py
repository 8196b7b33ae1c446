"""Ask over HTTP: the application by itself (ASGI), or `machtigen serve` in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx

from graph.ledger import Ledger
from server.application import application
from tests.resolvers.small import NOW
from tests.tokens import BY_WHAT_IS_ASKED, identity, key_file, serving

ROOT = Path(__file__).parent.parent.parent
MACHTIGEN = str(Path(sys.executable).parent / "machtigen")
SECONDS_MAX = 60


class _Kept:
    """A ledger that the application may close without closing it for the test."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    async def close(self) -> None:
        pass


@asynccontextmanager
async def in_process(ledger: Ledger, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application over this ledger, at the tests' now."""

    async def opened() -> Ledger:
        return _Kept(ledger)

    given: dict[str, Any] = {"clock": lambda: NOW, "identity": identity()} | settings
    app = application(opened, **given)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        url = "http://127.0.0.1:8000"
        async with httpx.AsyncClient(transport=transport, base_url=url, auth=BY_WHAT_IS_ASKED) as client:
            yield client


@contextmanager
def served(graph: str, *arguments: str, **variables: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`machtigen serve` on a free port, with these environment variables: its URL and process; stopped at the end.

    It takes the tests' own tokens (`tests.tokens`), with `--dev` too.
    """
    issuer = [] if "--dev" in arguments else serving()
    command = [MACHTIGEN, "serve", "--graph", graph, "--port", "0", *issuer, *arguments]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "MACHTIGEN_DEV_KEY": str(key_file())} | variables
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield _url(process), process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(SECONDS_MAX)
        if process.stdout is not None:
            process.stdout.close()


def _url(process: subprocess.Popen[str]) -> str:
    """From the line that it prints once it is ready."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if "/graphql" in line:
            return line.split()[-1].removesuffix("/graphql")
    raise AssertionError(f"it ended with status {process.wait(SECONDS_MAX)}: {''.join(said)}")


async def ask(client: httpx.AsyncClient, query: str, variables: dict[str, Any] | None = None) -> Any:
    """The data of an answer without errors."""
    response = await client.post("/graphql", json={"query": query, "variables": variables})
    assert response.status_code == 200, response.text
    body = response.json()
    assert "errors" not in body, body["errors"]
    return body["data"]
