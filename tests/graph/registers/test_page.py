"""docs/registers.md, followed to the letter: what stands there works as it stands."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from authority.facts import Authority
from authority.moments import day
from graph.embedded import EmbeddedGraph
from graph.pseudonyms import Pseudonyms
from graph.registers import configuration
from graph.registers.configuration import sources_of
from graph.registers.parts import Parts
from graph.registers.scheduler import Scheduler
from graph.registers.store import ConnectorStore
from tests.graph.registers.serving import Handler, serving

PAGE = (Path(__file__).parents[3] / "docs" / "registers.md").read_text(encoding="utf-8")
KEY = "6b" * 32
NOW = day("2026-11-24")


def blocks(language: str) -> list[str]:
    return [block.split("\n", 1)[1] for block in PAGE.split("```")[1::2] if block.startswith(f"{language}\n")]


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    graph, store = EmbeddedGraph.open(tmp_path / "graph"), ConnectorStore(tmp_path / "store")
    async with httpx.AsyncClient() as client:
        environment = {"MACHTIGEN_BSN_KEY_1": KEY, "BRP_API_KEY": "secret"}
        yield Parts(graph, store, client, environment, tmp_path, lambda: NOW, dev=True)
    store.close()
    await graph.close()


async def test_the_first_source_of_the_page_is_understood(parts: Parts, tmp_path: Path) -> None:
    (tmp_path / "registers.toml").write_text(blocks("toml")[0])
    (source,) = sources_of(tmp_path / "registers.toml", parts)
    assert (source.connector.register, source.terms.max_silence) == ("BRP", 2 * 86_400 * 1_000_000)


async def test_a_source_of_files_as_the_page_writes_it(parts: Parts, tmp_path: Path) -> None:
    toml = blocks("toml")[1].replace('register = "COURT"', 'register = "COURT"\neleven_test = false')
    (tmp_path / "registers.toml").write_text(toml)
    (tmp_path / "court").mkdir()
    rows = "17;mentorschap;900000007;90000001;03-02-2024\n18;iets nieuws;900000008;90000001;03-02-2024\n"
    (tmp_path / "court" / "1.csv").write_text("Dossier;Maatregel;BSN;Kantoor;Ingang\n" + rows)
    (source,) = sources_of(tmp_path / "registers.toml", parts)
    taken = await Scheduler([], parts.ledger, parts.store, clock=parts.clock).sync(source)
    assert (taken.recorded, taken.refused) == (2, 0)
    found = await parts.ledger.holding_versions([("authority", "court/17"), ("authority", "court/18")])
    known, unknown = found["authority", "court/17"], found["authority", "court/18"]
    assert isinstance(known, Authority)
    assert isinstance(unknown, Authority)
    assert (known.kind, known.representative, known.valid_from) == ("MENTORSCHAP", "90000001", day("2024-02-03"))
    assert known.represented == Pseudonyms({1: bytes.fromhex(KEY)}, eleven_test=False).id_of("900000007")
    assert (unknown.kind, unknown.representative, unknown.candidates) == ("UNDETERMINED", None, ("90000001",))


def test_what_the_page_says_of_templates_is_what_there_is() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `{Column")]
    filters = {line.split("\\|")[1].split("}")[0].split(" ")[0] for line in rows if "\\|" in line.split(" | ")[0]}
    assert filters == {"bsn", "date", "day_after", "list", "yes"}


@pytest.fixture
def facts_by_line() -> Iterator[str]:
    """A real small HTTP server with 250 facts, the made-up kind of the page."""
    facts = [
        json.dumps({"fact": "authority", "id": f"e{n}", "kind": "HEIR", "representative": f"p{n}", "represented": "d"})
        for n in range(250)
    ]

    class Lines(Handler):
        def do_GET(self) -> None:  # noqa: N802 - http.server calls it so
            after = int(parse_qs(urlsplit(self.path).query)["after"][0])
            self.reply("".join(f"{line}\n" for line in facts[after : after + 100]).encode())

    with serving(Lines) as url:
        yield f"{url}/lines"


async def test_a_kind_of_its_own_as_the_page_writes_it(
    parts: Parts, tmp_path: Path, facts_by_line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("graph.registers.lines")
    monkeypatch.setitem(sys.modules, "graph.registers.lines", module)
    exec(compile(blocks("python")[0], "docs/registers.md", "exec"), module.__dict__)  # our own page
    monkeypatch.setattr(configuration, "KINDS", (*configuration.KINDS, "lines"))
    (tmp_path / "registers.toml").write_text(f'[[source]]\nname = "estate"\nkind = "lines"\nurl = "{facts_by_line}"\n')
    (source,) = sources_of(tmp_path / "registers.toml", parts)
    taken = await Scheduler([], parts.ledger, parts.store, clock=parts.clock).sync(source)
    assert (taken.failed, taken.recorded, parts.store.watermark("estate")) == (None, 250, "250")


def test_the_page_parses() -> None:
    assert len(blocks("toml")) == 2
    assert all(tomllib.loads(block) for block in blocks("toml"))
