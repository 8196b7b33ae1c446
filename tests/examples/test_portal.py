"""The example portal in a real Chromium, over the demo's town: log in, choose, decide, withdraw, and see it change."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import httpx
import pytest

from server.explorer import POLICY
from tests.node_tools import installed
from tests.server.asking import served
from tests.server.explorer.duinstad import load
from tests.server.explorer.visiting import DESK, PHONE, Visit, visiting
from tests.server.test_running import small_world


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("portal")
    load(str(folder / "graph"), folder)
    with served(str(folder / "graph"), "--dev") as (url, _):
        yield url


@asynccontextmanager
async def portal(
    site: str, locale: str = "nl-NL", size: tuple[int, int] = DESK, *, quiet: bool = True
) -> AsyncIterator[Visit]:
    async with visiting(site, locale=locale, size=size, quiet=quiet) as visit:
        await visit.page.add_init_script(path=installed("axe") / "node_modules/axe-core/axe.min.js")
        await visit.page.goto(f"{site}/examples/portal")
        await visit.page.get_by_role("radio").first.wait_for()
        yield visit


async def choose(visit: Visit, *labels: str) -> None:
    """Choose these on the step that is shown, and go on."""
    step = await visit.text("h2")
    for label in labels:
        await visit.page.get_by_text(label, exact=True).click()
    await visit.page.locator("form button[type=submit]").click()

    async def elsewhere() -> bool:
        return await visit.text("h2") != step

    await visit.until(elsewhere)


async def until_outcome(visit: Visit, text: str) -> str:
    """Once the decision shows this outcome: all that it says."""

    async def shown() -> bool:
        outcome = visit.page.locator("#decision .outcome")
        return await outcome.count() == 1 and await outcome.inner_text() == text

    await visit.until(shown)
    return await visit.text("#decision")


async def test_a_mandate_is_withdrawn_and_the_page_shows_it(site: str) -> None:
    async with portal(site) as visit, portal(site, "en-GB") as other:
        await choose(visit, "Ingrid van Dijk")
        await choose(visit, "Dossier inzien, ziekenhuis Zeeduin")
        await choose(visit, "Ria van Dijk")
        assert await visit.text("h2") == "U handelt voor Ria van Dijk"
        said = await until_outcome(visit, "U mag dit")
        assert "Deze persoon heeft u gemachtigd voor deze dienst." in said
        assert "vrijwillige machtiging" in said
        for label in ("Ingrid van Dijk", "See a record, Zeeduin hospital", "Ria van Dijk"):
            await choose(other, label)
        await until_outcome(other, "You may do this")

        await visit.button("Machtiging intrekken").click()
        assert "De machtiging is ingetrokken." in await until_outcome(visit, "U mag dit niet")
        assert "The mandate has been withdrawn." in await until_outcome(other, "You may not do this")
        assert await visit.page.locator("#history li").count() == 2
        assert await visit.page.get_by_role("button", name="Machtiging intrekken").count() == 0

        await visit.button("Terug").click()
        await visit.page.get_by_label("Voor mijzelf").wait_for()
        assert await visit.page.get_by_label("Ria van Dijk").count() == 0
        assert visit.page.url == f"{site}/examples/portal"  # it says nothing of whom it was about


async def test_what_is_not_settled_is_told_as_such(site: str) -> None:
    async with portal(site) as visit:
        await choose(visit, "Sanne de Vries")
        await choose(visit, "Instemmen met een behandeling, ziekenhuis Zeeduin")
        assert await visit.page.get_by_label("Lotte de Vries").count() == 1
        assert await visit.page.get_by_label("Daan de Vries").count() == 0
        await choose(visit, "Lotte de Vries")
        said = await until_outcome(visit, "Er is nog toestemming nodig")
        assert "gezamenlijk ouderlijk gezag" in said
        assert "mark" in said


async def test_for_an_organisation(site: str) -> None:
    async with portal(site, "en-GB") as visit:
        await choose(visit, "Karin")
        await choose(visit, "Manage a policy, Zonnepolis")
        await visit.page.get_by_role("radio").first.wait_for()
        await choose(visit)
        assert "bewind" in await until_outcome(visit, "You may do this")


async def test_not_surely_enough_logged_in(site: str) -> None:
    async with portal(site, "en-GB") as visit:
        await choose(visit, "Sanne de Vries", "With a name and a password")
        await choose(visit, "See a record, Zeeduin hospital")
        assert await visit.page.get_by_text("You can act for nobody else here.").count() == 1
        await choose(visit, "For myself")
        assert "Log in at a higher level of assurance." in await until_outcome(visit, "You may not do this")


async def test_what_goes_wrong_is_told_and_can_be_tried_again(site: str) -> None:
    async with visiting(site, locale="en-GB", quiet=False) as visit:
        await visit.page.route("**/dev/token*", lambda route: route.fulfill(status=503))
        await visit.page.goto(f"{site}/examples/portal")
        await visit.button("Log in").click()
        await visit.page.get_by_role("alert").wait_for()
        assert "503" in await visit.text("[role=alert]")
        await visit.page.unroute("**/dev/token*")
        await choose(visit)
        assert await visit.text("h2") == "What do you want to do?"


async def test_the_connection_comes_back_by_itself(site: str) -> None:
    async with visiting(site, locale="en-GB", quiet=False) as visit:
        await visit.page.goto(f"{site}/examples/portal")
        for label in ("Ingrid van Dijk", "See a record, Zeeduin hospital", "Ria van Dijk"):
            await choose(visit, label)
        await until_outcome(visit, "You may do this")
        await visit.page.context.set_offline(True)
        async with httpx.AsyncClient() as client:
            token = (await client.get(f"{site}/dev/token?role=citizen&sub=ria&assurance=substantial")).json()
            withdraw = 'mutation { withdrawMandate(id: "ingrid-ria") { userErrors { code } } }'
            done = await client.post(
                f"{site}/graphql",
                json={"query": withdraw},
                headers={"authorization": f"Bearer {token['access_token']}"},
            )
        assert done.json() == {"data": {"withdrawMandate": {"userErrors": []}}}
        await visit.page.context.set_offline(False)
        await until_outcome(visit, "You may not do this")
        assert await visit.page.locator("#history li").count() == 2


class Cable:
    """Between a browser and the service; it can be cut and mended."""

    def __init__(self, site: str) -> None:
        address = urlsplit(site)
        self._host, self._port = address.hostname, address.port
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._joined, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for end in list(self._ends):
            end.transport.abort()

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        self._ends |= {writer, far_writer}
        try:
            await asyncio.gather(self._passed(reader, far_writer), self._passed(far_reader, writer))
        finally:
            self._ends -= {writer, far_writer}
            writer.close()
            far_writer.close()

    @staticmethod
    async def _passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while said := await reader.read(65_536):
                writer.write(said)
                await writer.drain()
            writer.write_eof()


async def test_nothing_is_permitted_while_the_connection_is_lost(site: str) -> None:
    cable = Cable(site)
    await cable.mend()
    async with portal(f"http://127.0.0.1:{cable.port}", "en-GB", quiet=False) as visit:
        for label in ("Ingrid van Dijk", "See a record, Zeeduin hospital", "Ria van Dijk"):
            await choose(visit, label)
        await until_outcome(visit, "You may do this")
        await cable.cut()
        lost = visit.page.locator("#decision .broken")
        await lost.wait_for()
        assert "the answer is not known now" in await lost.inner_text()
        assert "You may do this" not in await visit.page.locator("#decision").inner_text()
        await cable.mend()
        await until_outcome(visit, "You may do this")
    await cable.cut()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_axe_finds_nothing_on_any_step(site: str, size: tuple[int, int]) -> None:
    async with portal(site, size=size) as visit:
        found = {}
        for label in ("Ingrid van Dijk", "Dossier inzien, ziekenhuis Zeeduin", "Ria van Dijk", ""):
            ran: str = await visit.page.evaluate("async () => JSON.stringify(await window.axe.run(document))")
            step = await visit.text("h2")
            found[step] = [f"{each['id']}: {each['nodes'][0]['html']}" for each in json.loads(ran)["violations"]]
            assert await visit.page.evaluate("() => document.documentElement.scrollWidth") <= size[0]
            if label:
                await choose(visit, label)
                if label == "Ria van Dijk":
                    await until_outcome(visit, "U mag dit")
        assert len(found) == 4
        assert {step: each for step, each in found.items() if each} == {}


async def test_by_keyboard_alone(site: str) -> None:
    async with portal(site, "en-GB") as visit:
        keys = visit.page.keyboard

        async def focused() -> str:
            told: str = await visit.page.evaluate(
                "() => document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText"
            )
            return told.split("\n", maxsplit=1)[0]

        for _ in range(2):  # the language, then the chosen person
            await keys.press("Tab")
        assert await focused() == "Ingrid van Dijk"
        await keys.press("ArrowDown")
        assert await focused() == "Sanne de Vries"
        await keys.press("Enter")
        for heading in ("What do you want to do?", "See a record, Zeeduin hospital: for whom?"):
            await visit.page.get_by_role("heading", name=heading).wait_for()
            assert await focused() == heading
            await keys.press("Tab")
            await keys.press("Enter")
        await until_outcome(visit, "You may do this")
        assert (await focused()).startswith("You are acting for")


async def test_it_has_the_explorers_policy_and_is_there_with_dev_alone(
    site: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with httpx.AsyncClient() as client:
        page = await client.get(f"{site}/examples/portal")
        assert page.headers.get_list("content-security-policy") == [POLICY]
        with served(await small_world(tmp_path_factory.mktemp("bare") / "g")) as (url, _):
            for path in ("", "/assets/portal.js"):
                assert (await client.get(f"{site}/examples/portal{path}")).status_code == 200
                assert (await client.get(f"{url}/examples/portal{path}")).status_code == 404
