"""A visit to the explorer in a real Chromium: what somebody does there, and what went wrong meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright

from tests.chromium import chromium
from tests.server.asking import SECONDS_MAX

T = TypeVar("T")
DESK, PHONE = (1280, 860), (390, 844)


class Visit:
    """One page. `complaints`: what the browser said was wrong; `asked`: every address that it asked for."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.complaints: list[str] = []
        self.asked: list[str] = []
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def _said(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    async def open(self, address: str = "") -> None:
        """The page at this address; whoever asks why is told."""
        await self.page.goto(f"{self.url}/explore{address}")
        purpose = self.page.get_by_label("Purpose")
        if await purpose.count():
            await purpose.fill("ticket 4711")
            await purpose.press("Enter")

    async def find(self, text: str) -> None:
        """Type it in the search box and take the first that is found."""
        box = self.page.get_by_role("combobox").first
        await box.fill(text)
        await box.press("Enter")
        await self.until(lambda: self.shows(text))

    async def shows(self, text: str) -> bool:
        return any(key.endswith(f" {text}") for key in await self.shown())

    async def shown(self) -> dict[str, dict[str, Any]]:
        """What is drawn, with its place and data."""
        found: dict[str, dict[str, Any]] = await self.page.evaluate(
            """() => Object.fromEntries((window.machtigenGraph?.nodes() ?? []).map((node) =>
              [node.id(), { ...node.data(), ...node.position(), classes: node.classes() }]))"""
        )
        return found

    async def drawn_answers(self) -> dict[str, str]:
        """By the person for whom, the outcome that is drawn between them and who asks."""
        found: dict[str, str] = await self.page.evaluate(
            """() => Object.fromEntries((window.machtigenGraph?.edges("[outcome]") ?? []).map((edge) =>
              [edge.target().id(), edge.data("outcome")]))"""
        )
        return found

    async def click_answer(self, key: str) -> None:
        """On the line that is drawn to somebody."""
        x, y = await self.page.evaluate(
            """(key) => { const graph = window.machtigenGraph; const box = graph.container().getBoundingClientRect();
              const line = graph.edges("[outcome]").filter((edge) => edge.target().id() === key)[0];
              const { x, y } = line.renderedMidpoint();
              return [box.x + x, box.y + y]; }""",
            key,
        )
        await self.page.mouse.click(x, y)

    async def fill(self, label: str, text: str) -> None:
        await self.page.get_by_label(label, exact=True).fill(text)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def copied(self) -> str:
        """The clipboard."""
        text: str = await self.page.evaluate("() => navigator.clipboard.readText()")
        return text

    async def until(self, found: Callable[[], Any]) -> Any:
        """What this gives once it gives something. The page's policy forbids Playwright's own way of waiting."""
        end = time.monotonic() + SECONDS_MAX / 3
        while time.monotonic() < end:
            if result := await found():
                return result
            await asyncio.sleep(0.05)
        raise AssertionError("it did not come")

    async def text(self, selector: str) -> str:
        """What stands in the first of these, once there is one."""
        return await self.page.locator(selector).first.inner_text()


@asynccontextmanager
async def visiting(
    url: str, *, size: tuple[int, int] = DESK, locale: str = "en-GB", dark: bool = False, quiet: bool = True
) -> AsyncIterator[Visit]:
    """A page of a browser of its own. In the end nothing may have been complained of, or asked of anybody else."""
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        context = await browser.new_context(
            locale=locale,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        visit = Visit(await context.new_page(), url)
        yield visit
        await browser.close()
    if quiet:
        assert visit.complaints == []
    assert not [each for each in visit.asked if not each.startswith((url, "data:", "blob:"))]
