from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from graph.errors import LedgerUnavailable
from tests.server.asking import in_process

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def test_health(client: httpx.AsyncClient, ledger: EmbeddedGraph) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready", "asOf": str(await ledger.head())})


async def test_not_ready_while_the_ledger_does_not_answer(
    client: httpx.AsyncClient, ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone() -> Any:
        raise LedgerUnavailable("gone")

    monkeypatch.setattr(ledger, "head", gone)
    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/healthz")).status_code == 200


@pytest.fixture
async def developer(ledger: EmbeddedGraph) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server with --dev."""
    async with in_process(ledger, dev=True) as made:
        yield made


async def test_a_browser_gets_the_page_and_its_files_are_here(developer: httpx.AsyncClient) -> None:
    page = await developer.get("/graphql", headers={"accept": BROWSER})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    files = [part.split('"')[0] for part in page.text.replace("href=", "src=").split('src="')[1:]]
    assert len(files) == 7
    for name in files:
        assert name.startswith("/graphql/assets/")
        assert (await developer.get(name)).status_code == 200
    assert "://" not in page.text


async def test_the_page_is_for_developers_alone(client: httpx.AsyncClient) -> None:
    page = await client.get("/graphql", headers={"accept": BROWSER})
    assert page.status_code == 400
    assert "graphiql" not in page.text.lower()
    for path in ("/graphql/examples.json", "/graphql/assets/graphiql.js"):
        assert (await client.get(path)).status_code == 404


async def test_the_examples_are_questions_that_the_schema_takes(developer: httpx.AsyncClient) -> None:
    examples = (await developer.get("/graphql/examples.json")).json()
    assert len(examples) == 4
    for example in examples:
        body = (await developer.post("/graphql", json=example)).json()
        assert "errors" not in body


async def test_the_examples_are_about_the_question_given(ledger: EmbeddedGraph) -> None:
    question = {
        "representative": "clerk",
        "organisation": "office",
        "represented": "client",
        "provider": "t1",
        "service": "t1/return",
        "assurance": "SUBSTANTIAL",
    }
    async with in_process(ledger, example=question, dev=True) as client:
        examples = (await client.get("/graphql/examples.json")).json()
        bodies = [(await client.post("/graphql", json=example)).json()["data"] for example in examples]
    assert bodies[0]["decision"]["outcome"] == "PERMIT"
    assert [each["outcome"] for each in bodies[1]["decisions"]] == ["PERMIT", "DENY", "PERMIT"]
    assert [each["person"]["id"] for each in bodies[2]["representedBy"]["nodes"]] == ["client"]
    assert bodies[3]["explain"]["decision"]["outcome"] == "PERMIT"


@pytest.mark.parametrize("path", ["/graphql", "/healthz", "/readyz", "/nothing", "/graphql/assets/page.js"])
async def test_headers_on_everything(developer: httpx.AsyncClient, path: str) -> None:
    headers = (await developer.get(path, headers={"accept": BROWSER})).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"].startswith("private, no-")
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe-eval" not in policy
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", "", "[::2]:80"])
async def test_another_host_name_is_refused(client: httpx.AsyncClient, host: str) -> None:
    response = await client.get("/healthz", headers={"host": host})
    assert response.status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "LOCALHOST", "[::1]:8000"])
async def test_our_own_host_names(client: httpx.AsyncClient, host: str) -> None:
    assert (await client.get("/healthz", headers={"host": host})).status_code == 200


def test_vendored_files_are_as_they_were_fetched() -> None:
    from hashlib import sha256

    assets = Path(__file__).parent.parent.parent / "server/web/graphiql/assets"
    for line in (assets / "SHA256SUMS").read_text().splitlines():
        wanted, name = line.split()
        assert sha256((assets / name).read_bytes()).hexdigest() == wanted
    licences = (assets / "LICENCES.txt").read_text()
    assert all(name in licences for name in ("graphiql 4", "react 18", "react-dom 18", "graphql 16", "Roboto", "Fira"))
