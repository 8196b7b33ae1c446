"""About whom sources contradict each other, whatever was stated, in whatever portions, and whenever somebody looks."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from authority.facts import Authority, Fact, Person
from authority.moments import DAY_US, day
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from graph.embedded import EmbeddedGraph
from graph.ledger import Change
from graph.registers.contradictions import Contradiction, contradictions
from graph.registers.standing import around
from graph.registers.store import ConnectorStore
from graph.registers.watchlist import Watchlist, watchlist_in
from tests import generated

NOW = day("2026-06-15")


def sole(name: str, register: str, child: str = "c", holder: str = "p", **more: object) -> Authority:
    made = Authority(
        id=name, register=register, kind="PARENTAL_SOLE", representative=holder, represented=child, recorded_at=NOW
    )
    return replace(made, **more)


def listed(watchlist: Watchlist) -> list[str]:
    found = watchlist.page(("", ""), 1_000)
    assert len(found) == watchlist.count()
    return [each.sentence for each in found]


async def test_what_begins_later_is_noticed_when_it_begins_though_nothing_ran(
    ledger: EmbeddedGraph, store: ConnectorStore
) -> None:
    watchlist = Watchlist(store)
    later = sole("g", "COURT", holder="q", valid_from=day("2026-07-01"), valid_until=day("2026-08-01"))
    await ledger.append([sole("b", "BRP"), later])
    await watchlist.follow(ledger, NOW)
    assert listed(watchlist) == []
    sentence = "sources disagree about c since 2026-07-01: BRP says PARENTAL_SOLE of p; COURT says PARENTAL_SOLE of q"
    await watchlist.follow(ledger, day("2026-07-03"))
    assert listed(watchlist) == [sentence]
    (notice,) = store.notices()
    assert (notice.source, notice.sentence, notice.noticed_at) == ("between sources", sentence, day("2026-07-01"))
    await watchlist.follow(ledger, day("2026-08-01"))
    assert listed(watchlist) == [], "it ended by itself"
    assert store.notices() == [notice], "and stays to be looked at"


async def test_what_began_and_ended_between_two_readings_is_a_notice(
    ledger: EmbeddedGraph, store: ConnectorStore
) -> None:
    watchlist = Watchlist(store)
    later = sole("g", "COURT", holder="q", valid_from=day("2026-07-01"), valid_until=day("2026-08-01"))
    await ledger.append([sole("b", "BRP"), later])
    await watchlist.follow(ledger, NOW)
    await watchlist.follow(ledger, day("2026-09-01"))
    assert listed(watchlist) == []
    assert [notice.noticed_at for notice in store.notices()] == [day("2026-07-01")]


async def test_the_same_is_no_news_and_stated_anew_it_is(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    watchlist = Watchlist(store)
    await ledger.append([sole("b", "BRP"), sole("g", "COURT", holder="q")])
    for _ in range(2):
        await watchlist.follow(ledger, NOW)
        await Watchlist(store).follow(ledger, NOW + 1)
    (notice,) = store.notices()
    assert store.seen(notice.number)
    await ledger.append([sole("g", "COURT", holder="q", recorded_at=NOW + 2, retracted=True)])
    await watchlist.follow(ledger, NOW + 2)
    assert listed(watchlist) == []
    await ledger.append([sole("g", "COURT", holder="q", recorded_at=NOW + DAY_US)])
    await watchlist.follow(ledger, NOW + DAY_US)
    assert len(listed(watchlist)) == 1
    assert [each.status for each in store.notices()] == ["NEW", "SEEN"]


async def test_a_statement_that_moves_to_somebody_else_leaves_the_first_one(
    ledger: EmbeddedGraph, store: ConnectorStore
) -> None:
    watchlist = Watchlist(store)
    await ledger.append([sole("b", "BRP"), sole("g", "COURT", holder="q"), sole("b2", "BRP", "d", "r")])
    await watchlist.follow(ledger, NOW)
    assert [each.person for each in watchlist.page(("", ""), 9)] == ["c"]
    await ledger.append([sole("g", "COURT", "d", "q", recorded_at=NOW + 1)])
    await watchlist.follow(ledger, NOW + 1)
    assert [each.person for each in watchlist.page(("", ""), 9)] == ["d"]


async def test_who_turns_out_to_be_of_age_is_no_longer_on_it(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    watchlist = Watchlist(store)
    await ledger.append([sole("b", "BRP"), sole("g", "COURT", holder="q")])
    await watchlist.follow(ledger, NOW)
    assert watchlist.count() == 1
    await ledger.append([Person(id="c", register="BRP", born="1990-01-01", recorded_at=NOW)])
    await watchlist.follow(ledger, NOW)
    assert watchlist.count() == 0


async def test_a_bounded_reading_says_how_far_it_got(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    facts = [sole(f"{r}{n}", r, f"c{n:04d}", f"{r}p") for n in range(1_500) for r in ("BRP", "COURT")]
    await ledger.append(facts)
    watchlist = Watchlist(store)
    reach = await watchlist.follow(ledger, NOW, facts_max=1, people_max=1)
    assert (reach.behind, reach.complete) == (1_000, False)
    assert 0 < watchlist.count() < 1_000
    while not (reach := await watchlist.follow(ledger, NOW, facts_max=1, people_max=500)).complete:
        pass
    assert (reach.behind, reach.token, watchlist.count()) == (0, str(await ledger.head()), 1_500)
    first = watchlist.page(("", ""), 100)
    assert watchlist.page((first[-1].person, first[-1].sentence), 100)[0].person == "c0100"


async def test_a_replica_that_is_behind_loses_nothing(ledger: EmbeddedGraph, store: ConnectorStore) -> None:
    class Behind:
        """Tells the record's head; what it has itself ends earlier."""

        def __init__(self, position: int) -> None:
            self.position = position

        def __getattr__(self, name: str) -> object:
            return getattr(ledger, name)

        async def changes(self, after: int, limit: int) -> AsyncIterator[Change]:
            async for change in ledger.changes(after, limit):
                if change.position <= self.reads:
                    yield change

        async def neighbourhoods(self, questions: Sequence[Question]) -> list[Neighbourhood]:
            return await ledger.neighbourhoods(questions, self.position)

        reads = 2

    await ledger.append([sole("b", "BRP"), sole("g", "COURT", holder="q")])
    watchlist = Watchlist(store)
    behind = Behind(1)
    reach = await watchlist.follow(behind, NOW)  # type: ignore[arg-type]  # it passes everything else on
    assert (reach.behind, reach.complete, watchlist.count()) == (0, False, 0)
    await ledger.append([sole("x", "BRP", "d")])
    behind.position = 2
    reach = await watchlist.follow(behind, NOW)  # type: ignore[arg-type]
    assert (reach.behind, reach.complete, watchlist.count()) == (1, False, 1)
    assert (await watchlist.follow(ledger, NOW)).complete


async def test_another_ledger_is_followed_from_its_beginning(store: ConnectorStore, tmp_path: Path) -> None:
    watchlist = Watchlist(store)
    for name, count in (("one", 1), ("two", 0), ("three", 1)):
        other = EmbeddedGraph.open(tmp_path / name)
        await other.append([sole("b", "BRP"), *[sole("g", "COURT", holder="q")] * count])
        await watchlist.follow(other, NOW)
        assert watchlist.count() == count
        await other.close()


def test_a_store_that_cannot_be_had_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with watchlist_in(tmp_path / "file" / "store") as watchlist:
        assert watchlist.count() == 0


async def everything(ledger: EmbeddedGraph, now: int) -> list[Contradiction]:
    """Of everybody, without a list."""
    people = sorted(generated.PEOPLE)
    near = await around(ledger, people, now)
    found = [each for person, one in zip(people, near, strict=True) for each in contradictions(one, person, now)]
    return sorted(set(found), key=lambda each: (each.person, each.sentence))


_TIMES = sorted({*generated.DAYS, generated.NOW, *(each + 1 for each in generated.DAYS)})
_FACTS = st.one_of(generated.authorities(), generated.authorities(), generated.blocks(), generated.persons())


@settings(max_examples=150, deadline=None)
@given(
    portions=st.lists(st.tuples(st.lists(_FACTS, max_size=12), st.sampled_from((None, *_TIMES))), max_size=5),
    now=st.sampled_from(_TIMES),
    few=st.booleans(),
)
def test_the_list_is_what_looking_at_everybody_would_find(
    portions: list[tuple[list[Fact], int | None]], now: int, few: bool
) -> None:
    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            ledger, store = EmbeddedGraph.open(Path(folder) / "graph"), ConnectorStore(Path(folder) / "store")
            try:
                for facts, looked_at in portions:
                    await ledger.append(facts)
                    if looked_at is not None:
                        await Watchlist(store).follow(ledger, looked_at, people_max=1 if few else None)
                watchlist = Watchlist(store)
                assert (await watchlist.follow(ledger, now)).complete
                expected = await everything(ledger, now)
                assert watchlist.page(("", ""), 1_000) == expected
                noticed = {notice.sentence for notice in store.notices()}
                assert {each.sentence for each in expected} <= noticed
            finally:
                store.close()
                await ledger.close()

    asyncio.run(run())
