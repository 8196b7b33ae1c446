from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.asking import served
from tests.server.explorer.duinstad import load


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over Duinstad."""
    folder = tmp_path_factory.mktemp("explorer")
    graph = str(folder / "graph")
    if request.param == "neo4j":
        server = request.getfixturevalue("neo4j_server")
        server.wipe()
        graph = server.uri
    load(graph, folder)
    with served(graph, "--dev") as (url, _):
        yield url
