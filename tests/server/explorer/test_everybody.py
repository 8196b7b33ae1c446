"""For everybody: by keyboard alone, by name, in enough contrast, in two languages and themes, on a phone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import Request

from tests.node_tools import installed
from tests.server.asking import served
from tests.server.explorer.duinstad import load
from tests.server.explorer.visiting import DESK, PHONE, Visit, visiting
from tests.tokens import token

FAMILY = "n=person:sanne&n=authority:sanne-daan&n=person:daan&n=person:lotte&n=authority:sanne-lotte"
QUESTION = "rep=sanne&for=daan&service=zeeduin/record"
SECOND = "rep1=sanne&for1=lotte&service1=zeeduin/treatment"
VIEWS = {
    "graph": f"#/graph?{FAMILY}&on=person:sanne",
    "answer": f"#/graph?{FAMILY}&{QUESTION}",
    "comparison": f"#/graph?{FAMILY}&{QUESTION}&{SECOND}",
    "table": f"#/graph?{FAMILY}&table=1&on=authority:sanne-daan",
    "live": "#/live",
    "playground": "#/playground",
}
READY = {
    "graph": ".groups",
    "answer": ".answer",
    "comparison": ".answer",
    "table": ".groups",
    "live": "table",
    "playground": ".cases li",
}


async def violations(visit: Visit) -> list[str]:
    found: str = await visit.page.evaluate("async () => JSON.stringify(await window.axe.run(document))")
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in json.loads(found)["violations"]]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_axe_finds_nothing(site: str, size: tuple[int, int], dark: bool) -> None:
    async with visiting(site, size=size, dark=dark) as visit:
        await visit.page.add_init_script(path=installed("axe") / "node_modules/axe-core/axe.min.js")
        await visit.page.goto(f"{site}/explore")
        await visit.page.get_by_label("Purpose").wait_for()
        found = {"purpose": await violations(visit)}
        await visit.open()
        found["empty"] = await violations(visit)
        for name, address in VIEWS.items():
            await visit.page.goto("about:blank")
            await visit.open(address)
            await visit.page.locator(READY[name]).first.wait_for()
            found[name] = await violations(visit)
            width = await visit.page.evaluate("() => document.documentElement.scrollWidth")
            assert width <= size[0], f"{name} is wider than the screen"
    assert {name: each for name, each in found.items() if each} == {}


async def test_by_keyboard_alone(site: str) -> None:
    async with visiting(site) as visit:
        page = visit.page
        await page.goto(f"{site}/explore")
        await page.get_by_label("Purpose").wait_for()
        await page.keyboard.type("ticket 4711")
        await page.keyboard.press("Enter")
        await page.get_by_role("combobox").first.focus()
        await page.keyboard.type("sanne")
        await page.keyboard.press("Enter")
        await visit.until(lambda: visit.shows("lotte"))
        await _tab_to(visit, "application")
        for _ in range(4):
            await page.keyboard.press("ArrowUp")
            if await visit.text("#chosen") != "Sanne de Vries":
                break
        assert "Authority" in await visit.text(".told")
        await page.keyboard.press("Escape")
        await page.get_by_role("tab", name="Selected").focus()
        await page.keyboard.press("ArrowRight")
        assert await page.get_by_role("tab", name="Question").get_attribute("aria-selected") == "true"
        for label, text in (("Representative", "sanne"), ("Represented", "lotte"), ("Service", "zeeduin/record")):
            await page.get_by_label(label, exact=True).focus()
            await page.keyboard.type(text)
        await page.keyboard.press("Enter")
        await page.locator(".answer .outcome").wait_for()


async def _tab_to(visit: Visit, role: str) -> None:
    for _ in range(30):
        await visit.page.keyboard.press("Tab")
        here = await visit.page.evaluate("() => document.activeElement?.getAttribute('role')")
        if here == role:
            return
    raise AssertionError(f"the keyboard does not come to the {role}")


async def test_in_both_languages(site: str) -> None:
    async with visiting(site, locale="nl-NL") as visit:
        await visit.page.goto(f"{site}/explore")
        await visit.page.get_by_label("Doel").fill("melding 4711")
        await visit.page.keyboard.press("Enter")
        assert await visit.page.evaluate("() => document.documentElement.lang") == "nl"
        await visit.open(f"#/graph?{QUESTION}")
        await visit.page.get_by_text("Een register dat hiervoor nodig is").wait_for()
        await visit.button("EN, English").click()
        assert await visit.page.evaluate("() => document.documentElement.lang") == "en"
        await visit.page.get_by_text("Indeterminate").first.wait_for()


async def test_nobody_looks_without_a_purpose_and_every_question_has_it(site: str) -> None:
    async with visiting(site) as visit:
        purposes: list[str | None] = []

        def noted(request: Request) -> None:
            if "/graphql" in request.url and request.method == "POST":
                purposes.append(request.headers.get("machtigen-purpose"))

        visit.page.on("request", noted)
        await visit.page.goto(f"{site}/explore{VIEWS['answer']}")
        await visit.page.get_by_label("Purpose").fill("a")
        await visit.page.keyboard.press("Enter")
        assert "at least three characters" in await visit.text("#purpose-hint")
        assert purposes == []
        await visit.page.keyboard.press("Escape")
        assert await visit.page.get_by_label("Purpose").is_visible()
        await visit.page.get_by_label("Purpose").fill("ticket 4711")
        await visit.page.keyboard.press("Enter")
        await visit.page.locator(".answer").wait_for()
        assert purposes
        assert set(purposes) == {"ticket 4711"}


async def test_whoever_has_no_token_is_asked_for_one(tmp_path: Path) -> None:
    """A service that does not give tokens itself: only one with the role EXPLORER sees anything."""
    graph = str(tmp_path / "graph")
    load(graph, tmp_path)
    with served(graph) as (url, _):
        async with visiting(url, quiet=False) as visit:
            await visit.open(VIEWS["answer"])
            await visit.page.get_by_label("Token").fill(token("provider", party="zeeduin"))
            await visit.page.keyboard.press("Enter")
            await visit.page.get_by_text("not for your role").first.wait_for()
            assert await visit.page.locator(".answer").count() == 0
        async with visiting(url, quiet=False) as visit:
            await visit.open(VIEWS["answer"])
            await visit.page.get_by_label("Token").fill(token("explorer"))
            await visit.page.keyboard.press("Enter")
            await visit.page.locator(".answer .outcome").wait_for()
            kept = await visit.page.evaluate("() => JSON.stringify({ ...sessionStorage, ...localStorage })")
            assert "eyJ" not in kept
