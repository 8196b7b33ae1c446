"""The clients of the two protocols themselves, graphql-ws and graphql-sse from npm, against `machtigen serve`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.node_tools import NODE, installed
from tests.resolvers.small import QUESTION
from tests.server.asking import served
from tests.server.streaming import DECISION, record
from tests.server.test_running import small_world
from tests.tokens import token


@pytest.mark.parametrize("kind", ["sse", "ws"])
async def test_a_subscription_a_query_and_an_error(tmp_path: Path, kind: str) -> None:
    with served(await small_world(tmp_path / "g")) as (url, _):
        variables = json.dumps({"question": QUESTION})
        process = await asyncio.create_subprocess_exec(
            *(NODE, str(installed("live") / "follow.mjs"), kind, f"{url}/graphql"),
            *(token("CITIZEN", sub="mother"), DECISION, variables, "2"),
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None

        async def line() -> object:
            assert process.stdout is not None
            async with asyncio.timeout(30):
                return json.loads(await process.stdout.readline())

        first = await line()
        assert isinstance(first, dict)
        assert first["decisionChanged"]["decision"]["outcome"] == "PERMIT"
        block = {"fact": "block", "id": "k1", "provider": "h1", "represented": "child", "reason": "GOOD_CARE"}
        as_of = await record(url, block)
        second = await line()
        assert isinstance(second, dict)
        decision = {"outcome": "DENY", "reason": "BLOCKED", "asOf": as_of}
        assert second["decisionChanged"]["decision"] == decision
        assert await line() == {"provider": {"id": "h1"}}
        assert await line() == ["GRAPHQL_VALIDATION_FAILED"]
        assert await process.wait() == 0
