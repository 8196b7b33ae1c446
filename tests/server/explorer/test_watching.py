"""Watching: providers by how far they are, registers by their freshness, and what changes while one looks."""

from __future__ import annotations

import httpx

from tests.server.explorer.visiting import visiting

ADVANCE = 'mutation { advanceProvider(ids: ["waterland"], to: ASSESSED) { userErrors { message } } }'


async def test_a_provider_moves_on_while_one_looks(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open("#/live")
        await visit.page.locator(".column.APPLIED li", has_text="GGZ Waterland").wait_for()
        assert "GEZAGSREGISTER" in await visit.text(".live table")
        row = visit.page.locator("tbody tr", has_text="GEZAGSREGISTER")
        assert "stale" in await row.inner_text()
        await _advance(site)
        await visit.page.locator(".column.ASSESSED li", has_text="GGZ Waterland").wait_for()
        assert "Applied → Assessed" in (await visit.text(".feed")).replace("\n", " ")
        await visit.button("Pause").click()
        await visit.button("Resume").wait_for()


async def _advance(site: str) -> None:
    async with httpx.AsyncClient() as client:
        given = await client.get(f"{site}/dev/token", params={"role": "operator"})
        # where callers are identified the server gives a token
        token = given.json()["access_token"] if given.status_code == 200 else ""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        done = (await client.post(f"{site}/graphql", json={"query": ADVANCE}, headers=headers)).json()
    assert done["data"]["advanceProvider"]["userErrors"] == []
