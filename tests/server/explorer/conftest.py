from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pytest

from server.demo.calendar import Calendar
from server.demo.families import families
from server.demo.town import town
from tests.server.asking import MACHTIGEN, served


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over Duinstad, the demo's town, without the crowd around it."""
    folder = tmp_path_factory.mktemp("explorer")
    graph = str(folder / "graph")
    if request.param == "neo4j":
        server = request.getfixturevalue("neo4j_server")
        server.wipe()
        graph = server.uri
    load(graph, folder)
    with served(graph, "--dev") as (url, _):
        yield url


def load(graph: str, folder: Path) -> None:
    calendar = Calendar(datetime.now(UTC))
    facts = folder / "facts.jsonl"
    facts.write_text("".join(json.dumps(line) + "\n" for line in chain(town(calendar), families(calendar))))
    command = [MACHTIGEN, "import", str(facts), "--graph", graph, "--recorded-at", "since-ever"]
    subprocess.run(command, check=True, capture_output=True, env=os.environ)
