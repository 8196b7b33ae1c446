"""GraphQL over HTTP to the letter: the audits of npm's `graphql-http` against the running service."""

from __future__ import annotations

import json
from pathlib import Path

from tests.node_tools import node
from tests.server.asking import served
from tests.server.test_running import small_world

AUDITS = 61
ASK_FOR_THE_SCHEMA = {"2EA1", "28B9", "D6D5", "6A70"}
"""What they ask is `__type`, which a server without --dev does not tell."""


def failed(url: str) -> dict[str, str]:
    """The audits that this server fails, with the reason."""
    results = [json.loads(line) for line in node("graphql-http", "audit.mjs", f"{url}/graphql").splitlines()]
    assert len(results) == AUDITS
    return {each["id"]: f"{each['name']}: {each['reason']}" for each in results if each["status"] != "ok"}


async def test_every_audit_passes(tmp_path: Path) -> None:
    with served(await small_world(tmp_path / "g"), "--dev") as (url, _):
        assert failed(url) == {}


async def test_without_dev_only_those_fail_that_ask_for_the_schema(tmp_path: Path) -> None:
    with served(await small_world(tmp_path / "g")) as (url, _):
        assert failed(url).keys() == ASK_FOR_THE_SCHEMA
