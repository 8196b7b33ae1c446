"""`machtigen documents`, and `serve --documents`."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.resolvers.small import QUESTION
from tests.server.asking import SECONDS_MAX, served
from tests.server.cli.commands import machtigen
from tests.server.test_running import refused, small_world
from tests.tokens import BY_WHAT_IS_ASKED

DECISION = "query Decision($q: Question!) {\n  decision(question: $q) { outcome }\n}\n"


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    folder = tmp_path / "frontend"
    folder.mkdir()
    (folder / "decision.graphql").write_text(DECISION)
    (folder / "registers.graphql").write_text("query Registers { registers { ...F } }\nfragment F on Register { id }\n")
    return folder


def test_a_frontend_that_fits(frontend: Path) -> None:
    done = machtigen("documents", "check", str(frontend))
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].split() == ["operation", "where", "depth", "cost", "at", "most"]
    assert lines[1].split() == ["Decision", f"{frontend}/decision.graphql:1", "2", "1", "1"]
    assert lines[2].split() == ["Registers", f"{frontend}/registers.graphql:1", "2", "30", "30"]
    assert lines[3] == "2 operations, 0 problems"


def test_a_frontend_that_does_not(frontend: Path) -> None:
    (frontend / "wrong.graphql").write_text("query Wrong {\n  registers {\n    ids\n  }\n}\n")
    done = machtigen("documents", "check", str(frontend))
    assert done.status == 1
    assert done.err.startswith(f"{frontend}/wrong.graphql:3: Cannot query field 'ids'")
    assert done.out.splitlines()[-1] == "3 operations, 1 problem"
    listed = machtigen("documents", "manifest", str(frontend))
    assert (listed.status, listed.out) == (1, "")


def test_for_another_program(frontend: Path) -> None:
    said = json.loads(machtigen("documents", "check", str(frontend), "--role", "CITIZEN", "--json").out)
    assert said["budget"] == 2_000
    assert (said["problems"], said["deprecated"]) == ([], [])
    assert [(each["name"], each["cost"], each["depth"]) for each in said["operations"]] == [
        ("Decision", 1, 2),
        ("Registers", 30, 2),
    ]


def answer(url: str, body: dict[str, Any]) -> Any:
    return httpx.post(f"{url}/graphql", json=body, auth=BY_WHAT_IS_ASKED, timeout=SECONDS_MAX).json()


async def test_a_list_is_served_and_nothing_else(frontend: Path, tmp_path: Path) -> None:
    done = machtigen("documents", "manifest", str(frontend))
    assert done.status == 0
    (tmp_path / "list.json").write_text(done.out)
    names = {each["name"]: each["id"] for each in json.loads(done.out)["operations"]}
    assert names["Decision"] == sha256(DECISION.encode()).hexdigest()
    by_hash = {"documentId": names["Decision"], "variables": {"q": QUESTION}}
    other = {"query": "{ registers { id } }"}
    with served(await small_world(tmp_path / "g"), "--documents", str(tmp_path / "list.json")) as (url, _):
        assert answer(url, by_hash) == {"data": {"decision": {"outcome": "PERMIT"}}}
        assert answer(url, other)["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"
    with served(str(tmp_path / "g"), "--documents", str(frontend), "--dev") as (url, _):
        assert answer(url, by_hash) == {"data": {"decision": {"outcome": "PERMIT"}}}
        assert "data" in answer(url, other)


async def test_a_list_that_is_wrong_is_not_served(tmp_path: Path) -> None:
    graph = await small_world(tmp_path / "g")
    (tmp_path / "a.graphql").write_text("query A {\n  nothing\n}")
    said = refused("--graph", graph, "--port", "0", "--documents", str(tmp_path / "a.graphql"))
    assert said.startswith(f"{tmp_path}/a.graphql:2: Cannot query field 'nothing'")


def test_only_documents_without_any() -> None:
    done = machtigen("serve", "--only-documents")
    assert done.status == 2
    assert done.err.splitlines()[-1] == "Error: --only-documents needs a list of them: --documents FILE"


def test_a_site_that_is_none() -> None:
    done = machtigen("serve", "--cors-origin", "*")
    assert done.status == 2
    assert done.err.splitlines()[-1].startswith("Error: *: expected a site, such as https://portal.example")
