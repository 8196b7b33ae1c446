"""Locust's own page, as its users know it: a closed loop started and stopped there, and arrivals with `--rate`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.loadtests.country import PEOPLE, country
from tests.loadtests.generators import LOCUST, LOCUSTFILE, free_port, started

SECONDS_MAX = 90.0


def until(page: httpx.Client, what: str, enough: int) -> dict[str, Any]:
    """The page's statistics once there are so many requests."""
    deadline = time.monotonic() + SECONDS_MAX
    found: dict[str, Any] = {}
    while time.monotonic() < deadline:
        try:
            found = page.get("/stats/requests").json()
        except httpx.TransportError:
            time.sleep(0.5)
            continue
        total = next((row for row in found["stats"] if row["name"] == "Aggregated"), {"num_requests": 0})
        if total["num_requests"] >= enough:
            return found
        time.sleep(0.5)
    raise AssertionError(f"{what}: {found}")


@pytest.mark.parametrize("arrivals", [(), ("--rate", "20", "--seconds", "60")], ids=["closed loop", "arrivals"])
def test_it_is_started_and_stopped_there(tmp_path: Path, arrivals: tuple[str, ...]) -> None:
    port = free_port()
    with country(tmp_path) as own:
        command = [LOCUST, "-f", LOCUSTFILE, "--host", own.url, "--people", str(PEOPLE), *arrivals]
        with (
            started([*command, "--web-host", "127.0.0.1", "--web-port", str(port)]),
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20.0) as page,
        ):
            until(page, "the page did not come up", 0)
            begun = page.post("/swarm", data={"user_count": "20", "spawn_rate": "20", "host": own.url})
            assert begun.status_code == 200, begun.text
            assert begun.json()["success"] is True
            found = until(page, "nobody did anything", 30)
            assert found["fail_ratio"] == 0.0, found
            assert found["user_count"] == 20
            assert any(row["name"] == "Helpers.ask" for row in found["stats"])
            assert page.post("/stop").json()["success"] is True
