"""A page is taken whole or not at all, whatever crashes, and whatever the source gives."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from authority.facts import Authority, Fact
from authority.moments import day
from authority.registers import Registers
from graph.embedded import EmbeddedGraph
from graph.errors import BadInput
from graph.registers import scheduler as scheduling
from graph.registers.connector import Page, Row, SourceFailed
from graph.registers.health import Health
from graph.registers.polling import Taken, Terms, poll_once, replay
from graph.registers.scheduler import Scheduler, Source
from graph.registers.store import ConnectorStore
from graph.registers.watchlist import Watchlist
from tests.numbers import VALID

NOW = day("2026-11-24")
TERMS = Terms(every=60_000_000, max_silence=3_600_000_000, delay=1_000_000)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


class Pages:
    """A source with these pages, in order; the watermark is how many were given."""

    def __init__(self, name: str, pages: Sequence[Sequence[dict[str, object]]], register: str = "GEZAGSREGISTER"):
        self.name, self.register, self.pages = name, register, pages

    async def poll(self, since: str) -> Page:
        at = int(since or "0")
        if at >= len(self.pages):
            return Page([], str(at))
        rows = [Row(f"page {at}", fact, json.dumps(fact)) for fact in self.pages[at]]
        return Page(rows, str(at + 1), more=at + 1 < len(self.pages))


def guardianship(number: int, child: str = "c", **more: object) -> dict[str, object]:
    return {
        "fact": "authority",
        "id": f"g{number}",
        "kind": "GUARDIANSHIP",
        "representative": f"p{number}",
        "represented": child,
    } | more


async def poll(source: object, ledger: EmbeddedGraph, store: ConnectorStore, now: int = NOW) -> Taken:
    return await poll_once(source, TERMS, ledger, store, now=now, chance=lambda: 0.0)  # type: ignore[arg-type]


async def test_the_register_is_heard_once_the_last_page_is_taken(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    source = Pages("court", [[guardianship(1)], [guardianship(2)]])
    assert await poll(source, ledger, store) == Taken("court", 1, 0, more=True)
    assert (await ledger.registers())["GEZAGSREGISTER"].heard_from is None
    assert await poll(source, ledger, store) == Taken("court", 1, 0)
    register = (await ledger.registers())["GEZAGSREGISTER"]
    assert (register.heard_from, register.max_silence, register.delay) == (NOW, TERMS.max_silence, TERMS.delay)
    assert store.health("court").next_try == NOW + TERMS.every


async def test_a_register_is_heard_from_when_its_round_began(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    source = Pages("court", [[guardianship(1)], [guardianship(2)], [guardianship(3)]])
    for minutes in range(3):
        await poll(source, ledger, store, NOW + minutes * 60_000_000)
    assert (await ledger.registers())["GEZAGSREGISTER"].heard_from == NOW
    await poll(source, ledger, store, NOW + 180_000_000)
    assert (await ledger.registers())["GEZAGSREGISTER"].heard_from == NOW + 180_000_000


async def test_a_source_that_never_answered_is_stale_from_the_beginning(
    ledger: EmbeddedGraph, store: ConnectorStore
) -> None:
    class Down(Pages):
        async def poll(self, since: str) -> Page:
            raise SourceFailed("court: cannot be reached")

    await poll(Down("court", []), ledger, store)
    assert Registers(await ledger.registers()).stale_at(NOW) == ("GEZAGSREGISTER",)
    # what is agreed anew holds at once, also while it is down
    longer = Terms(every=1, max_silence=None)
    await poll_once(Down("court", []), longer, ledger, store, now=NOW + 1, chance=lambda: 0.0)
    assert Registers(await ledger.registers()).stale_at(NOW + 1) == ()


async def test_a_source_that_says_itself_when_it_spoke(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    class Dated(Pages):
        heard_at: int | None = None

        async def poll(self, since: str) -> Page:
            return Page([], since, heard_at=self.heard_at)

    source = Dated("court", [])
    for at, expected in ((None, None), (NOW - 5, NOW - 5), (None, NOW - 5), (NOW + 99, NOW)):
        source.heard_at = at
        assert (await poll(source, ledger, store)).recorded == 0
        assert (await ledger.registers())["GEZAGSREGISTER"].heard_from == expected


async def test_rows_that_break_facts_md_wait_in_quarantine_and_the_others_are_taken(
    ledger: EmbeddedGraph, store: ConnectorStore
) -> None:
    wrong = guardianship(2, valid_from="2024-02-30")
    foreign = guardianship(3, register="BRP")
    unknown: dict[str, object] = {"fact": "employment", "id": "e1", "employee": "p1", "organisation": "nobody"}
    source = Pages("court", [[guardianship(1), wrong, foreign, unknown]])
    assert await poll(source, ledger, store) == Taken("court", 1, 3)
    waiting = store.quarantine()
    assert [row.source for row in waiting] == ["court"] * 3
    assert "valid_from" in waiting[0].problem
    # the same page again puts nothing there twice
    store.took("court", "", Health(), [], [], NOW)
    await poll(source, ledger, store)
    assert len(store.quarantine()) == 3


async def test_a_quarantined_row_is_mended_and_replayed(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    await poll(Pages("court", [[guardianship(2, valid_from="2024-02-30")]]), ledger, store)
    (row,) = store.quarantine()
    with pytest.raises(BadInput):
        await replay(row.number, ledger, store, now=NOW)
    with pytest.raises(BadInput, match="page 0"):
        await replay(row.number, ledger, store, now=NOW, mended='{"fact": "authority"}')
    mended = json.dumps(guardianship(2, valid_from="2024-02-29"))
    await replay(row.number, ledger, store, now=NOW, mended=mended)
    assert store.quarantine() == []
    assert [a.status for a in store.quarantine(status=None)] == ["TAKEN"]
    assert set(await ledger.find("authority", ["g2"])) == {"g2"}


async def test_a_replayed_row_is_the_word_of_its_own_source(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    wrong, foreign = guardianship(2, valid_from="2024-02-30"), guardianship(3, register="BRP")
    terms = Terms(every=1, serves=("GUARDIANSHIP",))
    source = Pages("north", [[wrong, foreign]], "COURT_NORTH")
    await poll_once(source, terms, ledger, store, now=NOW, chance=lambda: 0.0)
    first, second = store.quarantine()
    taken = await replay(first.number, ledger, store, now=NOW, mended=first.raw.replace("02-30", "02-28"))
    assert taken.register == "COURT_NORTH"
    with pytest.raises(BadInput, match="register"):
        await replay(second.number, ledger, store, now=NOW)
    assert store.quarantine() == [second]


async def test_a_source_that_never_moves(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    class Stuck(Pages):
        async def poll(self, since: str) -> Page:
            return Page([], since, more=True)

    taken = await poll(Stuck("court", []), ledger, store)
    assert taken.failed == "court: says there is more, yet gives the same page again"


async def test_a_source_that_does_not_answer(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    class Silent(Pages):
        async def poll(self, since: str) -> Page:
            await asyncio.sleep(3600)
            raise AssertionError

    terms = Terms(every=1, timeout=10_000)
    source = Silent("court", [])
    taken = await poll_once(source, terms, ledger, store, now=NOW, chance=lambda: 0.0)
    assert taken.failed == "court: no answer within 0.01 s"
    assert store.health("court").failures == 1


async def test_a_connector_that_stumbles_fails_alone_and_names_nobody(
    ledger: EmbeddedGraph, store: ConnectorStore
) -> None:
    class Stumbles(Pages):
        async def poll(self, since: str) -> Page:
            raise KeyError("900000001")

    taken = await poll(Stumbles("court", []), ledger, store)
    assert taken.failed == "court: KeyError while reading it"


async def test_a_number_where_an_id_should_be_is_not_stored(
    ledger: EmbeddedGraph, store: ConnectorStore, tmp_path: Path
) -> None:
    await poll(Pages("court", [[guardianship(1) | {"representative": "bsn:900000001"}]]), ledger, store)
    (row,) = store.quarantine()
    assert "bsn:…" in row.raw
    with pytest.raises(BadInput):
        await replay(row.number, ledger, store, now=NOW, mended=row.raw.replace("bsn:…", "bsn:900000001"))
    assert not any(b"900000001" in path.read_bytes() for path in files_in(tmp_path))


async def test_a_number_anywhere_in_a_row_is_left_out_and_only_a_mended_row_is_taken(
    ledger: EmbeddedGraph, store: ConnectorStore, tmp_path: Path
) -> None:
    row = guardianship(1) | {"goods": [f"see {VALID[0]}"], "valid_from": VALID[0], "services": ["x/123456781"]}
    await poll(Pages("court", [[row]]), ledger, store)
    (kept,) = store.quarantine()
    assert "see bsn:…" in kept.raw
    assert "x/123456781" in kept.raw, "no number of anybody"
    assert "bsn:…" in kept.problem
    with pytest.raises(BadInput, match="where a number was left out"):
        await replay(kept.number, ledger, store, now=NOW)
    assert not any(VALID[0].encode() in path.read_bytes() for path in files_in(tmp_path))
    await replay(kept.number, ledger, store, now=NOW, mended=json.dumps(guardianship(1)))
    assert set(await ledger.find("authority", ["g1"])) == {"g1"}


async def test_one_source_that_fails_takes_no_other_with_it(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    class Down(Pages):
        async def poll(self, since: str) -> Page:
            raise SourceFailed("down: cannot be reached")

    scheduler = Scheduler(
        [Source(Down("down", []), TERMS), Source(Pages("court", [[guardianship(1)]]), TERMS)], ledger, store
    )
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.0):
            await scheduler.run()
    assert set(await ledger.find("authority", ["g1"])) == {"g1"}
    assert store.health("down").failures >= 1


async def test_the_first_rounds_begin_in_the_order_of_the_file(
    ledger: EmbeddedGraph, store: ConnectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Pages):
        """Gives a page in a moment, and says what the next source refers to in the second."""

        async def poll(self, since: str) -> Page:
            await asyncio.sleep(0.1)
            return await super().poll(since)

    class Hangs(Pages):
        async def poll(self, since: str) -> Page:
            await asyncio.sleep(3600)
            raise AssertionError

    office: dict[str, object] = {"fact": "organisation", "id": "o1", "kind": "OTHER"}
    clerk: dict[str, object] = {"fact": "employment", "id": "e1", "employee": "p1", "organisation": "o1"}
    offices = Slow("offices", [[], [office]], "HANDELSREGISTER")
    sources = [
        Source(offices, TERMS),
        Source(Hangs("hangs", []), TERMS),
        Source(Pages("clerks", [[clerk]], "EHERKENNING"), TERMS),
    ]
    monkeypatch.setattr(scheduling, "_FIRST_ROUND_S", 0.5)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2.0):
            await Scheduler(sources, ledger, store, clock=lambda: NOW).run()
    assert store.quarantine() == []
    assert set(await ledger.find("employment", ["e1"])) == {"e1"}


async def test_what_nobody_thought_of_ends_neither_the_others_nor_the_server(
    ledger: EmbeddedGraph, store: ConnectorStore
) -> None:
    class Fails:
        """A ledger that fails in a way that is none of ours, for one register."""

        def __getattr__(self, name: str) -> object:
            return getattr(ledger, name)

        async def append(self, facts: Sequence[Fact]) -> object:
            if any(fact.register == "CCBR" for fact in facts):
                raise OSError("somebody's name")
            return await ledger.append(facts)

    scheduler = Scheduler(
        [Source(Pages("bad", [[]], "CCBR"), TERMS), Source(Pages("court", [[guardianship(1)]]), TERMS)],
        Fails(),  # type: ignore[arg-type]  # it passes everything else on
        store,
    )
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await scheduler.run()
    assert set(await ledger.find("authority", ["g1"])) == {"g1"}
    assert store.health("bad").last_error == "bad: OSError while taking it in"
    assert store.health("bad").failures == 1


async def test_two_sources_that_contradict_each_other_are_shown(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    parental = guardianship(1) | {"id": "b1", "kind": "PARENTAL_SOLE"}
    await poll(Pages("brp", [[parental]], "BRP"), ledger, store)
    await Watchlist(store).follow(ledger, NOW)
    assert store.notices() == []
    await poll(Pages("court", [[guardianship(2)]]), ledger, store)
    await Watchlist(store).follow(ledger, NOW)
    (notice,) = store.notices()
    assert notice.sentence == (
        "sources disagree about c since 2026-11-24: BRP says PARENTAL_SOLE; GEZAGSREGISTER says GUARDIANSHIP"
    )


async def test_a_source_speaks_for_its_own_register_alone(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    await poll(Pages("court", [[guardianship(1)]]), ledger, store)
    heard: dict[str, object] = {"fact": "register", "id": "BRP", "heard_from": "2026-11-24T00:00:00Z"}
    own: dict[str, object] = {"fact": "register", "id": "PROVIDER", "heard_from": "2030-01-01T00:00:00Z"}
    overwritten = guardianship(1, representative="stranger", providers=["h1"])
    ability: dict[str, object] = {"fact": "ability", "id": "a1", "person": "c", "able": False}
    source = Pages("provider", [[heard, own, overwritten, ability]], register="PROVIDER")
    assert await poll(source, ledger, store) == Taken("provider", 1, 3)
    registers = await ledger.registers()
    assert "BRP" not in registers
    assert registers["PROVIDER"].heard_from == NOW
    (held,) = (await ledger.find("authority", ["g1"])).values()
    assert isinstance(held, Authority)
    assert held.representative == "p1"
    problems = [row.problem for row in store.quarantine("provider")]
    assert "an id of its own" in " ".join(problems)


@pytest.mark.parametrize("wrong", [{"register": "BRP"}, {"id": "brp/c"}])
async def test_a_mended_row_stays_its_sources_word(
    ledger: EmbeddedGraph, store: ConnectorStore, wrong: dict[str, object]
) -> None:
    of_brp: dict[str, object] = {
        "fact": "authority",
        "id": "brp/c",
        "kind": "PARENTAL_SOLE",
        "representative": "m",
        "represented": "c",
    }
    await poll(Pages("brp", [[of_brp]], register="BRP"), ledger, store)
    await poll(Pages("court", [[guardianship(2, valid_from="2024-02-30")]]), ledger, store)
    (row,) = store.quarantine()
    mended = json.dumps({**guardianship(2), "register": "GEZAGSREGISTER", **wrong})
    with pytest.raises(BadInput):
        await replay(row.number, ledger, store, now=NOW, mended=mended)
    assert len(store.quarantine()) == 1
    assert "g2" not in await ledger.find("authority", ["g2"])


async def test_a_file_of_which_nothing_is_understood_is_not_heard(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    class Filed(Pages):
        async def poll(self, since: str) -> Page:
            page = await super().poll(since)
            return Page(page.rows, page.watermark, heard_at=None if page.more else NOW + int(page.watermark))

    nonsense: list[dict[str, object]] = [{"html": "503"}]
    source = Filed("court", [[guardianship(1)]])
    await poll(source, ledger, store, NOW + 10)
    source.pages = [*source.pages, nonsense]
    for again in range(3):  # also when it is asked again and nothing has come
        await poll(source, ledger, store, NOW + 20 + again)
        assert (await ledger.registers())["GEZAGSREGISTER"].heard_from == NOW + 1
    source.pages = [*source.pages, [guardianship(2)]]
    await poll(source, ledger, store, NOW + 30)
    assert (await ledger.registers())["GEZAGSREGISTER"].heard_from == NOW + 3
