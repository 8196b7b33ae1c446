"""GraphQL over HTTP to the letter: the audits of npm's `graphql-http` against the running service."""

from __future__ import annotations

import json
from pathlib import Path

from tests.node_tools import node
from tests.server.asking import served
from tests.server.test_running import small_world

AUDITS = 61


async def test_every_audit_passes(tmp_path: Path) -> None:
    with served(await small_world(tmp_path / "g")) as (url, _):
        said = node("graphql-http", "audit.mjs", f"{url}/graphql")
    results = [json.loads(line) for line in said.splitlines()]
    failed = [f"{each['id']} {each['name']}: {each['reason']}" for each in results if each["status"] != "ok"]
    assert not failed
    assert len(results) == AUDITS
