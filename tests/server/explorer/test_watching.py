"""Watching: providers by how far they are, registers by their freshness, and what changes while one looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from authority.moments import AMSTERDAM
from tests.server.asking import served
from tests.server.explorer.duinstad import load
from tests.server.explorer.visiting import visiting

ADVANCE = 'mutation { advanceProvider(ids: ["waterland"], to: ASSESSED) { userErrors { message } } }'
RECORD = "mutation($facts: [JSON!]!) { recordFacts(facts: $facts) { userErrors { message } } }"


async def test_a_provider_moves_on_while_one_looks(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open("#/live")
        await visit.page.locator(".column.APPLIED li", has_text="GGZ Waterland").wait_for()
        assert "GEZAGSREGISTER" in await visit.text(".live table")
        row = visit.page.locator("tbody tr", has_text="GEZAGSREGISTER")
        assert "stale" in await row.inner_text()
        done = await _changed(site, ADVANCE)
        assert done["advanceProvider"]["userErrors"] == []
        await visit.page.locator(".column.ASSESSED li", has_text="GGZ Waterland").wait_for()
        assert "Applied → Assessed" in (await visit.text(".feed")).replace("\n", " ")
        await visit.button("Pause").click()
        await visit.button("Resume").wait_for()


async def test_an_answer_changes_while_one_looks(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open("#/graph?rep=sanne&for=daan&service=zeeduin/record")
        await visit.page.locator(".answer .outcome").wait_for()
        assert await visit.text(".answer .outcome code") == "REGISTER_STALE"
        fact = {"fact": "register", "id": "GEZAGSREGISTER", "heard_from": _now(), "max_silence": "P3D"}
        done = await _changed(site, RECORD, {"facts": [fact]})
        assert done["recordFacts"]["userErrors"] == []
        await visit.page.locator(".answer .outcome code", has_text="PARENTAL_AUTHORITY").wait_for()


async def test_a_rehearsal_is_watched_by_its_own_clock(tmp_path: Path) -> None:
    """`machtigen rehearse` moves the server's clock; here it goes forty days on, and every register has been silent."""
    graph = str(tmp_path / "graph")
    load(graph, tmp_path)
    with served(graph, "--dev", "--clock", "rehearsal") as (url, _):
        later = datetime.now(UTC) + timedelta(days=40)
        async with httpx.AsyncClient() as client:
            await client.post(f"{url}/dev/clock", json={"now": datetime.now(UTC).isoformat()})
            async with visiting(url) as visit:
                await visit.open("#/live")
                await visit.page.locator("tbody tr", has_text="BRP").get_by_text("fresh").wait_for()
                await client.post(f"{url}/dev/clock", json={"now": later.isoformat()})
                await visit.page.locator("tbody tr", has_text="BRP").get_by_text("stale").wait_for()
                await visit.page.get_by_text("The service's clock").wait_for()
                assert "BRP fresh → stale" in (await visit.text(".feed")).replace("\n", " ")
                await visit.page.get_by_role("link", name="Graph").click()
                assert await visit.page.locator("#day").input_value() == later.astimezone(AMSTERDAM).date().isoformat()


def _now() -> str:
    return datetime.now(UTC).isoformat()


async def _changed(site: str, query: str, variables: dict[str, Any] | None = None) -> Any:
    """What a mutation gave, as an operator where callers are identified."""
    async with httpx.AsyncClient() as client:
        given = await client.get(f"{site}/dev/token", params={"role": "operator"})
        headers = {"authorization": f"Bearer {given.json()['access_token']}"} if given.status_code == 200 else {}
        asked = {"query": query, "variables": variables}
        return (await client.post(f"{site}/graphql", json=asked, headers=headers)).json()["data"]
