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
        done = httpx.post(f"{site}/graphql", json={"query": ADVANCE}, headers=_operator(site)).json()
        assert done["data"]["advanceProvider"]["userErrors"] == []
        await visit.page.locator(".column.ASSESSED li", has_text="GGZ Waterland").wait_for()
        assert "Applied → Assessed" in (await visit.text(".feed")).replace("\n", " ")
        await visit.button("Pause").click()
        await visit.button("Resume").wait_for()


def _operator(site: str) -> dict[str, str]:
    """A token, where the server gives tokens."""
    given = httpx.get(f"{site}/dev/token", params={"role": "operator"})
    return {"authorization": f"Bearer {given.json()['access_token']}"} if given.status_code == 200 else {}
