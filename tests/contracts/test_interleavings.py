"""Sources polled in any order, failing and crashing between any two steps: in the end the same is known.

Every connector is its own world of statements over the same few people. One reads a real folder, whose file changes in
no way, and whose watermark says most. Time is a number that the events move.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authority.facts import Authority, Fact
from authority.moments import day
from graph.ledger import Appended, Ledger
from graph.registers.connector import Connector, Page, Row, SourceFailed
from graph.registers.drop import Drop
from graph.registers.polling import Terms, poll_once
from graph.registers.scheduler import Scheduler, Source
from graph.registers.store import ConnectorStore
from graph.registers.watchlist import Watchlist
from resolvers.facts import record
from tests.contracts.homes import EmbeddedHome, Home

NOON = day("2026-11-27") + 12 * 3_600_000_000
TERMS = Terms(every=60_000_000, max_silence=3_600_000_000)
Rows = list[dict[str, Any]]


class Crash(BaseException):
    """The process ends here. Nothing that is ours may catch it."""


class Steps:
    """Counts what happens, and ends the process at some of it."""

    def __init__(self, crashes: set[int]) -> None:
        self._crashes, self.count = crashes, 0

    def __call__(self) -> None:
        self.count += 1
        if self.count in self._crashes:
            raise Crash


class FragileLedger:
    """Before and after each write something may end."""

    def __init__(self, inner: Ledger, step: Steps) -> None:
        self._inner, self._step = inner, step

    async def append(self, facts: Sequence[Fact]) -> Appended:
        self._step()
        appended = await self._inner.append(facts)
        self._step()
        return appended

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class FragileStore:
    """The same for what the connectors remember."""

    def __init__(self, inner: ConnectorStore, step: Steps) -> None:
        self._inner, self._step = inner, step

    def took(self, *page: Any, **about: Any) -> None:
        self._around(lambda: self._inner.took(*page, **about))

    def failed(self, *health: Any) -> None:
        self._around(lambda: self._inner.failed(*health))

    def _around(self, write: Callable[[], None]) -> None:
        self._step()
        write()
        self._step()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class Pages:
    """A source with these pages; the watermark is how many were given. `step` may end the process while it answers."""

    def __init__(self, name: str, register: str, pages: Sequence[Rows], step: Steps) -> None:
        self.name, self.register, self._pages, self._step = name, register, pages, step
        self.fails = False

    async def poll(self, since: str) -> Page:
        self._step()
        if self.fails:
            raise SourceFailed(f"{self.name}: down")
        at = int(since or "0")
        rows = [Row(f"page {at}.{n}", fact, json.dumps(fact)) for n, fact in enumerate(self._at(at))]
        self._step()
        return Page(rows, str(min(at + 1, len(self._pages))), more=at + 1 < len(self._pages))

    def _at(self, page: int) -> Rows:
        return self._pages[page] if page < len(self._pages) else []


class World(NamedTuple):
    """By source, what it states. `file`: the lines of the folder's two files."""

    pages: dict[str, list[Rows]]
    files: tuple[Rows, Rows]


class Event(NamedTuple):
    """A source is polled, so long after the event before it or, by a clock set back, before it; `down`: no answer."""

    source: str
    after: int
    down: bool


REGISTERS = {"brp": "BRP", "gezag": "GEZAGSREGISTER", "ccbr": "CCBR", "court": "COURT"}


@st.composite
def _rows(draw: st.DrawFn, source: str) -> Rows:
    """Each statement once a page, as a page of a source that is right has it; some cannot be understood."""
    found: Rows = []
    for number in draw(st.lists(st.integers(1, 4), unique=True, max_size=4)):
        row: dict[str, Any] = {
            "fact": "authority",
            "id": f"{source}/{number}",
            "kind": draw(st.sampled_from(("PARENTAL_SOLE", "PARENTAL_JOINT", "BEWIND", "CURATELE"))),
            "representative": draw(st.sampled_from(("p1", "p2"))),
            "represented": draw(st.sampled_from(("c1", "c2"))),
        }
        more: dict[str, Any] = draw(
            st.sampled_from(
                (
                    {},
                    {},
                    {"valid_until": "2027-01-01"},
                    {"retracted": True},
                    {"valid_from": "2024-02-30"},
                    {"register": "ESTATE"},
                )
            )
        )
        found.append(row | more)
    return found


_worlds = st.builds(
    World,
    st.fixed_dictionaries({name: st.lists(_rows(name), max_size=4) for name in ("brp", "gezag", "ccbr")}),
    st.tuples(_rows("court"), _rows("court")),
)
_down = st.sampled_from((False,) * 4 + (True,))
_events = st.lists(
    st.builds(Event, st.sampled_from(sorted(REGISTERS)), st.integers(-3_000_000, 5_000_000), _down), max_size=25
)


async def _known(home: Home, world: World, events: Sequence[Event], crashes: set[int]) -> dict[str, object]:
    """What is known after these events, each crash followed by a new beginning, and then a poll of each to its end."""
    ledger = await home.empty()
    step = Steps(crashes)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "court").mkdir()
        for number, lines in enumerate(world.files):
            text = "".join(json.dumps(line) + "\n" for line in lines)
            (folder / "court" / f"{number}.jsonl").write_text(text)
        store = ConnectorStore(folder / "store")
        clock = NOON
        sources = {each: Pages(each, REGISTERS[each], pages, step) for each, pages in world.pages.items()}
        for source, after, down in events:
            clock += after
            if source in sources:
                sources[source].fails = down
            fragile: Any = FragileLedger(ledger, step)
            connector: Any = sources.get(source) or _drop(folder / "court", fragile)
            try:
                remembers: Any = FragileStore(store, step)
                await poll_once(connector, TERMS, fragile, remembers, now=clock, chance=lambda: 0.5)
            except Crash:
                store.close()
                store = ConnectorStore(folder / "store")
                ledger = await home.again() if isinstance(home, EmbeddedHome) else ledger
        calm = Steps(set())
        whole: list[Connector] = [Pages(each, REGISTERS[each], pages, calm) for each, pages in world.pages.items()]
        for each in (*whole, _drop(folder / "court", ledger)):
            taken = await Scheduler([], ledger, store, clock=lambda: clock + 1).sync(Source(each, TERMS))
            assert taken.failed is None
        found = await _told(ledger, store, clock + 2)
        store.close()
        return found


def _drop(folder: Path, ledger: Ledger) -> Drop:
    return Drop(name="court", register="COURT", folder=folder, file_format="jsonl", mappings=[], ledger=ledger)


async def _told(ledger: Ledger, store: ConnectorStore, now: int) -> dict[str, object]:
    """All that must be the same: every statement's versions in their order, but for when they were recorded."""
    found: dict[str, object] = {}
    for each in await ledger.ids("authority", limit=1_000):
        versions = [fact for _, fact in await ledger.history("authority", each)]
        assert [fact.recorded_at for fact in versions] == sorted(fact.recorded_at for fact in versions)
        found[each] = [msgspec.structs.replace(fact, recorded_at=0) for fact in versions]
    registers = await ledger.registers()
    found["registers"] = {name: (fact.max_silence, fact.heard_from is not None) for name, fact in registers.items()}
    found["quarantine"] = sorted((row.source, row.place, row.raw, row.problem) for row in store.quarantine())
    found["watermarks"] = {name: store.watermark(name).partition('"size"')[0] for name in REGISTERS}
    watchlist = Watchlist(store)
    assert (await watchlist.follow(ledger, now)).complete
    found["contradictions"] = [each.sentence for each in watchlist.page(("", ""), 1_000)]
    found["counts"] = await ledger.authorities_stated()
    assert (await ledger.verify()).problems == ()
    return found


async def _same(home: Home, world: World, events: list[Event], crashes: set[int]) -> None:
    assert await _known(home, world, events, crashes) == await _known(home, world, [], set())


_FIXTURES_STAY = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_INTERLEAVINGS = given(world=_worlds, events=_events, crashes=st.sets(st.integers(1, 150), max_size=10))


@pytest.mark.parametrize("home", ["embedded"], indirect=True)
@settings(_FIXTURES_STAY, max_examples=120)
@_INTERLEAVINGS
async def test_any_interleaving_with_crashes_between_any_two_steps_gives_the_same_ledger(
    home: Home, world: World, events: list[Event], crashes: set[int]
) -> None:
    await _same(home, world, events, crashes)


@pytest.mark.parametrize("home", ["neo4j"], indirect=True)
@settings(_FIXTURES_STAY, max_examples=6)
@_INTERLEAVINGS
async def test_the_same_on_neo4j(home: Home, world: World, events: list[Event], crashes: set[int]) -> None:
    await _same(home, world, events, crashes)


async def test_a_word_that_takes_back_holds_though_the_clock_was_set_back(ledger: Ledger, tmp_path: Path) -> None:
    store = ConnectorStore(tmp_path / "store")
    mandate: dict[str, Any] = {"fact": "authority", "id": "brp/1", "kind": "PARENTAL_SOLE", "representative": "p1"}
    pages = [[mandate | {"represented": "c1"} | more] for more in ({}, {"retracted": True}, {}, {"retracted": True})]
    source = Pages("brp", "BRP", pages, Steps(set()))
    for hours in (4, 3, 3, 0):
        taken = await poll_once(source, TERMS, ledger, store, now=NOON + hours * 3_600_000_000, chance=lambda: 0.5)
        assert taken.recorded == 1
    store.close()
    assert await ledger.find("authority", ["brp/1"]) == {}
    for now, status in ((NOON, "ACTIVE"), (NOON - 1, "WITHDRAWN"), (NOON - 2, "WITHDRAWN")):
        done = await record(ledger, [mandate | {"id": "m", "represented": "c1", "status": status}], now=now)
        assert not done.problems
    versions = [fact for _, fact in await ledger.history("authority", "m")]
    assert [fact.status for fact in versions if isinstance(fact, Authority)] == ["ACTIVE", "WITHDRAWN"]
    assert [fact.recorded_at - NOON for fact in versions] == [0, 1]
