"""GraphiQL in a real browser, from our own files alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Page, async_playwright

from graph.embedded import EmbeddedGraph
from tests.chromium import chromium
from tests.resolvers.small import FACTS, fill
from tests.server.asking import SECONDS_MAX, served

RENAMED = {"child": "p1", "mother": "p2"}
"""The small world's people under the names that the examples ask about."""


async def run_tab(page: Page, number: int) -> str:
    """Execute the example in this tab; what the answer pane shows."""
    await page.locator(".graphiql-tab").nth(number).locator("button").first.click()
    await asyncio.sleep(0.5)  # GraphiQL looks for the document's operation a moment after it is shown
    async with page.expect_response("**/graphql"):
        await page.get_by_role("button", name="Execute query").click()
    pane = page.locator(".result-window .CodeMirror")
    async with asyncio.timeout(SECONDS_MAX):
        # the page's own policy forbids the script with which Playwright would wait for this
        shown = ""
        while "{" not in shown:
            shown = str(await pane.evaluate("pane => pane.CodeMirror.getValue()"))
            await asyncio.sleep(0.05)
    return shown


async def test_the_examples_are_answered(tmp_path: Path) -> None:
    graph = EmbeddedGraph.open(str(tmp_path / "graph"))
    await fill(graph, [{k: RENAMED.get(v, v) if isinstance(v, str) else v for k, v in fact.items()} for fact in FACTS])
    await graph.close()
    with served(str(tmp_path / "graph"), "--dev") as (url, _):
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
            )
            page = await browser.new_page(locale="nl-NL")
            complaints: list[str] = []
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            await page.goto(f"{url}/graphql")
            await page.wait_for_selector(".graphiql-tab")
            answers = [await run_tab(page, number) for number in range(4)]
            await browser.close()
    assert '"outcome": "PERMIT"' in answers[0]
    assert "U hebt het ouderlijk gezag over dit kind." in answers[0]
    assert '"reason": "STEP_UP_REQUIRED"' in answers[1]
    assert '"id": "p1"' in answers[2]
    assert '"checks"' in answers[3]
    assert complaints == []
    assert not [each for each in asked if not each.startswith((url, "data:", "blob:"))]
