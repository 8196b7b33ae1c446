"""Finding and walking: by id, neighbours counted first, places that stay, any day, a table, no names in links."""

from __future__ import annotations

from tests.server.explorer.visiting import visiting


async def test_walking_from_a_mother(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open()
        await visit.find("sanne")
        await visit.until(lambda: visit.shows("lotte"))
        before = await visit.shown()
        assert {"person daan", "authority sanne-daan", "authority sanne-lotte"} <= before.keys()
        # what lies around Lotte is counted before it is fetched
        await visit.page.get_by_role("combobox").first.fill("lotte")
        await visit.page.get_by_role("option", name="Lotte de Vries lotte").click()
        await visit.until(lambda: visit.shows("mark"))
        after = await visit.shown()
        for key, node in before.items():
            assert (after[key]["x"], after[key]["y"]) == (node["x"], node["y"]), key
        groups = visit.page.locator(".groups li")
        counts = {text.split("\n")[0]: text for text in await groups.all_inner_texts()}
        joint = next(text for name, text in counts.items() if name.startswith("Joint authority"))
        assert "2" in joint
        assert len({(node["x"], node["y"]) for node in after.values()}) == len(after)


async def test_a_register_is_asked_for_by_sort(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open()
        await visit.find("GEZAGSREGISTER")
        show = visit.page.get_by_role("button", name="Show: Sole authority, recorded in, 1")
        await show.click()
        await visit.until(lambda: visit.shows("sanne-daan"))

        async def silent() -> bool:
            return bool((await visit.shown())["register GEZAGSREGISTER"]["stale"])

        await visit.until(silent)
        assert "authority sanne-daan" in await visit.shown()
        assert await show.is_disabled()


async def test_a_family_is_seen_on_any_day(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open("#/graph?n=person:sanne&n=authority:sanne-daan&n=person:daan")

        async def state() -> str:
            return str((await visit.shown()).get("authority sanne-daan", {}).get("state", ""))

        async def has(wanted: str) -> bool:
            return await state() == wanted

        await visit.until(lambda: has("inForce"))
        await visit.button("Previous change").click()
        await visit.page.locator("#day").fill("2020-01-01")
        await visit.page.locator("#day").press("Enter")
        await visit.until(lambda: has("notYet"))
        slider = visit.page.get_by_role("slider", name="Valid at")
        assert "2020" in str(await slider.get_attribute("aria-valuetext"))
        await slider.focus()
        await slider.press("End")
        await visit.until(lambda: has("inForce"))
        assert "at=" in visit.page.url
        # as known before the ruling was recorded there is no such authority
        await visit.page.locator("#known").fill("2020-01-01")
        await visit.page.locator("#known").press("Enter")
        await visit.until(lambda: has("unknown"))


async def test_the_table_says_the_same(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open()
        await visit.find("sanne")
        await visit.until(lambda: visit.shows("lotte"))
        shown = set(await visit.shown())
        await visit.button("Table").click()
        rows = visit.page.locator("tbody tr")
        assert await rows.count() == len(shown)
        text = await visit.text("tbody")
        assert "holds → Joint authority" in text
        await visit.button("Sanne de Vries").click()
        assert await visit.text("#chosen") == "Sanne de Vries"
        await visit.page.get_by_role("button", name="Show all around it: Lotte de Vries").click()
        await visit.page.get_by_role("button", name="Mark de Vries", exact=True).wait_for()


async def test_an_address_has_ids_and_no_names(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open()
        await visit.find("sanne")
        await visit.until(lambda: visit.shows("lotte"))
        await visit.button("Share").click()
        await visit.page.get_by_text("Address copied").wait_for()
        address = await visit.copied()
        shown = set(await visit.shown())
    assert "Vries" not in address
    assert "purpose" not in address
    assert "4711" not in address
    async with visiting(site) as other:
        await other.open(address.partition("/explore")[2])
        await other.until(lambda: other.shows("lotte"))
        assert set(await other.shown()) == shown
        assert not [each for each in other.asked if "sanne" in each.partition("#")[0]]


async def test_what_was_typed_for_an_id_is_not_in_the_address_when_it_cannot_be_one(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open("#/graph?n=person:sanne&on=person:sanne&rep=sanne&service=zeeduin/record")
        for typed in ("Daan Willems", "000.000.000", "BSN:0", "00000000"):
            await visit.fill("Represented", typed)
            await visit.page.evaluate("navigator.clipboard.writeText('')")
            await visit.button("Share").click()
            assert "for=" not in await visit.until(visit.copied), typed
        await visit.fill("Represented", "daan")
        await visit.until(lambda: visit.page.evaluate("location.hash.includes('for=daan')"))


async def test_nothing_is_found_by_the_name_of_a_person(site: str) -> None:
    async with visiting(site) as visit:
        await visit.open()
        box = visit.page.get_by_role("combobox").first
        await box.fill("Vries")
        await visit.page.get_by_text("Nothing found.").first.wait_for()
        await box.fill("ziekenhuis zee")
        await visit.page.get_by_role("option", name="Ziekenhuis Zeeduin").wait_for()
        await box.fill("kompas bew")
        await visit.page.get_by_role("option", name="Kompas Bewindvoering kompas").wait_for()
