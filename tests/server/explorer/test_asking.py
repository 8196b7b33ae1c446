"""Asking: the ticket of the one child that is not seen, the way to an answer, two side by side, and taking it along."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode

from server.demo.questions import FIRST, OTHERS
from tests.server.cli.commands import machtigen
from tests.server.explorer.visiting import Visit, visiting


async def ask(visit: Visit, representative: str, represented: str, service: str) -> None:
    await visit.page.get_by_role("tab", name="Question").click()
    await visit.fill("Representative", representative)
    await visit.fill("Represented", represented)
    await visit.fill("Service", service)
    await visit.button("Ask").click()
    await visit.page.locator(".answer .outcome").first.wait_for()


async def test_the_ticket(site: str) -> None:
    """A mother sees one child in the portal, not the other: why? Three clicks, and no word of Cypher."""
    async with visiting(site) as visit:
        await visit.open()
        await visit.find("sanne")
        await visit.button("Ask as representative").click()
        await visit.page.get_by_label("Service", exact=True).click()
        await visit.page.keyboard.type("zeeduin/record")

        async def answered() -> dict[str, str]:
            found = await visit.drawn_answers()
            return found if len(found) == 2 else {}

        assert await visit.until(answered) == {"person lotte": "PERMIT", "person daan": "INDETERMINATE"}
        await visit.click_answer("person daan")
        await visit.page.locator(".answer .outcome").wait_for()
        told = await visit.text(".answer")
        assert "REGISTER_STALE" in told
        assert "A register that this needs has been silent for too long." in told
        assert "GEZAGSREGISTER · last heard" in told
        assert "Once there is word again from GEZAGSREGISTER → ✓ Permitted PARENTAL_AUTHORITY" in told.replace(
            "\n", " "
        )

        async def lit() -> set[str]:
            return {key for key, node in (await visit.shown()).items() if "lit" in node["classes"]}

        async def all_lit() -> bool:
            way = {"person sanne", "authority sanne-daan", "person daan", "register GEZAGSREGISTER"}
            return await lit() == way

        await visit.until(all_lit)


async def test_how_it_came_about_is_told_with_the_law(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open()
        await ask(visit, "sanne", "lotte", "zeeduin/treatment")
        told = (await visit.text(".answer")).replace("\n", " ")
        assert "OTHER_HOLDER_MUST_CONSENT" in told
        assert "With consent of mark → ✓ Permitted" in told
        assert "BW 1:247" in told
        assert "Looked at, did not count" in told
        assert "Somebody else holds it." in told
        assert await visit.page.locator(".step.FOUND").count() >= 1
        assert all("facts.md" in law for law in await visit.page.locator(".law").all_inner_texts() if law)


async def test_two_questions_side_by_side(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open()
        await ask(visit, "sanne", "lotte", "zeeduin/record")
        await visit.button("Compare with another question").click()
        await visit.page.get_by_label("Represented", exact=True).nth(1).fill("daan")
        await visit.button("Ask").nth(1).click()
        await visit.page.locator(".answer .outcome").nth(1).wait_for()
        outcomes = await visit.page.locator(".answer .outcome h3").all_inner_texts()
        assert outcomes == ["Permitted", "Indeterminate"]
        left, right = [await each.bounding_box() for each in await visit.page.locator(".answer").all()]
        assert left is not None
        assert right is not None
        assert left["x"] + left["width"] <= right["x"]


async def test_taking_it_along(site: str, tmp_path: Path) -> None:
    async with visiting(site) as visit:
        await visit.open()
        await ask(visit, "sanne", "daan", "zeeduin/record")
        copies = {}
        for form in ("GraphQL", "curl", "CLI", "Test case"):
            await visit.page.get_by_role("button", name=form).click()
            await visit.page.get_by_role("button", name=f"{form} ✓").wait_for()
            copies[form] = await visit.copied()
    assert '"represented": "daan"' in copies["GraphQL"]
    assert copies["curl"].startswith("curl -s http://127.0.0.1:")
    question = copies["CLI"].partition("--question '")[2].rstrip("'")
    assert json.loads(question)["represented"] == "daan"
    assert not [text for text in copies.values() if "Vries" in text or "Willems" in text]
    path = tmp_path / "copied.cases.yaml"
    path.write_text(copies["Test case"])
    told = machtigen("test", str(path))
    assert (told.status, told.err) == (0, "")
    assert told.out.splitlines()[-1] == "1 cases: 1 as expected, 0 not"


async def test_every_story_can_be_taken_along_as_a_test(site: str, tmp_path: Path) -> None:
    """Straight from the address, as whoever gets a link to it."""
    fields = {"representative": "rep", "represented": "for", "service": "service", "assurance": "level"}
    files: list[Path] = []
    fields |= {"organisation": "org", "act": "act"}
    async with visiting(site) as visit:
        for number, asked in enumerate((*FIRST, *OTHERS)):
            said = {fields[field]: value for field, value in asked.question.items() if field in fields}
            await visit.page.goto("about:blank")
            await visit.open(f"#/graph?{urlencode(said)}")
            assert await visit.text(".answer .outcome code") == asked.reason, asked.story
            await visit.button("Test case").click()
            await visit.page.get_by_role("button", name="Test case ✓").wait_for()
            files.append(tmp_path / f"{number:02}.cases.yaml")
            files[-1].write_text(await visit.copied())
    told = machtigen("test", *map(str, files))
    assert told.status == 0, told
    for line, asked in zip(told.out.splitlines(), (*FIRST, *OTHERS), strict=False):
        assert line.endswith(f"{asked.outcome} {asked.reason}")


async def test_what_if(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open("#/graph?rep=sanne&for=daan&service=zeeduin/record")
        await visit.page.locator(".answer .outcome").wait_for()
        await visit.page.get_by_role("tab", name="What if").click()
        await visit.button("Register is heard from").click()
        await visit.button("Add").click()
        supposed = visit.page.locator(".answer.supposed")
        await supposed.wait_for()
        assert "PARENTAL_AUTHORITY" in await supposed.inner_text()
        assert "not recorded, not signed" in await supposed.inner_text()
        # a fact that is wrong is told, and the supposition before it stays
        await visit.page.get_by_label("One fact in JSON").fill('{"fact": "person", "id": "x"}')
        await visit.button("Add").click()
        assert "add[1].born" in await visit.text(".suppose [role=alert]")
        assert "PARENTAL_AUTHORITY" in await supposed.inner_text()
        # and one that is supposed away
        await visit.page.get_by_role("tab", name="Question").click()
        await visit.page.locator(".answer:not(.supposed) .ground.counts button").first.click()
        await visit.button("Suppose this were not so").click()
        await visit.page.locator(".suppose .answer.supposed code", has_text="NO_GROUND").first.wait_for()
        assert "without" in (await visit.shown())["authority sanne-daan"]["classes"]
        await visit.page.get_by_role("tab", name="Question").click()
        assert await visit.text(".answer:not(.supposed) .outcome code") == "REGISTER_STALE"
