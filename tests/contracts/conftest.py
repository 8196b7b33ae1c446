"""Every case of this folder runs on every kind of graph."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.ledger import Ledger
from tests.contracts.homes import EmbeddedHome, Home


@pytest.fixture(params=["embedded"])
async def home(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Home]:
    made: Home = EmbeddedHome(tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def ledger(home: Home) -> Ledger:
    """An empty one."""
    return await home.empty()
