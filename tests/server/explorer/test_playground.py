"""The playground: a case file edited in the page, decided on the server, and told line by line."""

from __future__ import annotations

import json

from tests.server.explorer.visiting import visiting


async def test_a_case_file_is_edited(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open("#/playground")
        await visit.page.get_by_text("all as expected").wait_for()
        assert await visit.page.locator(".cases li").count() == 5
        area = visit.page.get_by_label("Case file")
        text = await area.input_value()
        await area.fill(text.replace("expect: {outcome: PERMIT", "expect: {outcome: DENY", 1))
        await visit.page.locator(".cases li.failed").wait_for()
        assert "outcome: expected DENY, found PERMIT" in await visit.text(".cases li.failed")
        await area.fill(text.replace("kind: PARENTAL_SOLE", "kind: PARENTAL"))
        problem = visit.page.locator(".problems li")
        await problem.wait_for()
        assert "kind: found" in await problem.inner_text()
        await problem.get_by_role("button").click()
        start = await area.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
        assert start.strip() == "- fact: authority"
        await visit.button("Example").click()
        await visit.page.get_by_text("all as expected").wait_for()


async def test_a_file_is_opened_and_saved(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open("#/playground")
        await visit.page.get_by_text("all as expected").wait_for()
        asked = {"representative": "a", "represented": "a", "provider": "h", "service": "r", "assurance": "LOW"}
        case = json.dumps({"question": asked}).encode()
        files = {"name": "x.jsonl", "mimeType": "text/plain", "buffer": case}
        await visit.page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
        await visit.page.get_by_text("SERVICE_NOT_OFFERED").wait_for()
        async with visit.page.expect_download() as saved:
            await visit.button("Save").click()
        assert (await (await saved.value).path()).read_bytes() == case
