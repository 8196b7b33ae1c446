"""The copy follows, answers while it is recent, and is never believed beyond that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from authority.facts import Authority, Fact, Person, Provider, Service
from authority.question import Question
from graph.embedded import EmbeddedGraph
from graph.errors import LedgerUnavailable
from graph.replica import Heard, Replica, following, open_replica
from graph.replica import replica as replicas
from resolvers.decisions import decide_all
from resolvers.reading import NEWEST, Reading

NOW = 1_780_000_000_000_000


def mandate(*, ended: bool = False, recorded_at: int = NOW) -> Authority:
    return Authority(
        id="m1",
        register="DIGID_MACHTIGEN",
        kind="VOLUNTARY_MANDATE",
        representative="daughter",
        represented="mother",
        services=("h1/record",),
        valid_from=0,
        valid_until=1 if ended else None,
        recorded_at=recorded_at,
    )


WORLD: list[Fact] = [
    Provider(id="h1", register="PROVIDER", sector="HOSPITAL", status="LIVE"),
    Service(id="h1/record", register="PROVIDER", provider="h1", domain="CARE_RECORD", minimum_assurance="LOW"),
    Person(id="mother", register="BRP", born="1950-01-01"),
    Person(id="daughter", register="BRP", born="1980-01-01"),
    mandate(),
]
QUESTION = Question(
    representative="daughter", represented="mother", provider="h1", service="record", assurance="HIGH", at=NOW
)


class Cut:
    """A record that can be cut off."""

    def __init__(self, record: EmbeddedGraph) -> None:
        self._record, self.off = record, False

    def __getattr__(self, name: str) -> Any:
        if self.off and name != "close":
            raise LedgerUnavailable("cut off")
        return getattr(self._record, name)


@pytest.fixture
async def record(tmp_path: Path) -> AsyncIterator[EmbeddedGraph]:
    graph = EmbeddedGraph.open(tmp_path / "record")
    await graph.append(WORLD)
    yield graph
    await graph.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - what another task does
            await asyncio.sleep(0.005)


async def outcome(ledger: Replica, reading: Reading = NEWEST) -> str:
    (answer,) = await decide_all(ledger, [QUESTION], reading)
    return f"{answer.decision.outcome} {answer.decision.reason}"


async def opened(record: EmbeddedGraph, folder: Path, **how: Any) -> tuple[Replica, Cut]:
    cut = Cut(record)
    made = await open_replica(cut, folder, **how)
    return made, cut


async def test_the_copy_has_the_records_positions_and_chain(record: EmbeddedGraph, tmp_path: Path) -> None:
    made, _ = await opened(record, tmp_path / "replica")
    await until(lambda: made.behind() < 1)
    assert await made.copy.chained() == await record.chained()
    assert [each async for each in made.copy.changes()] == [each async for each in record.changes()]
    await made.stop()


async def test_it_answers_without_its_record_for_so_long_and_then_not(record: EmbeddedGraph, tmp_path: Path) -> None:
    made, cut = await opened(record, tmp_path / "replica", lag_max=0.3)
    await until(lambda: made.behind() < 0.3)
    cut.off = True
    assert await outcome(made) == "PERMIT VOLUNTARY_MANDATE"
    await until(lambda: made.behind() > 0.3)
    assert await outcome(made) == "INDETERMINATE LEDGER_BEHIND"
    cut.off = False
    await until(lambda: made.behind() < 0.3)
    assert await outcome(made) == "PERMIT VOLUNTARY_MANDATE"
    await made.stop()


async def test_a_withdrawal_elsewhere_is_honoured_at_once_with_its_token(
    record: EmbeddedGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "EVERY_S", 60)  # the copy would not notice by itself
    made, cut = await opened(record, tmp_path / "replica", lag_max=60)
    await until(lambda: made.behind() < 60)
    withdrawn = await record.append([mandate(ended=True, recorded_at=NOW + 1)])
    assert await outcome(made) == "PERMIT VOLUNTARY_MANDATE"
    assert (await outcome(made, Reading(at_least=str(withdrawn.token)))).startswith("DENY")
    assert (await outcome(made, Reading("LATEST"))).startswith("DENY")
    cut.off = True
    monkeypatch.setattr(replicas, "_WAIT_S", 0.01)
    beyond = await record.append([mandate(ended=True, recorded_at=NOW + 2)])
    assert await outcome(made, Reading(at_least=str(beyond.token))) == "INDETERMINATE LEDGER_BEHIND"
    assert await outcome(made, Reading("LATEST")) == "INDETERMINATE LEDGER_BEHIND"
    await made.stop()


async def test_what_this_process_wrote_it_sees(record: EmbeddedGraph, tmp_path: Path) -> None:
    made, _ = await opened(record, tmp_path / "replica")
    await until(lambda: made.behind() < 1)
    for turn in range(1, 30):
        await made.append([mandate(ended=bool(turn % 2), recorded_at=NOW + turn)])
        assert (await outcome(made)).startswith("DENY" if turn % 2 else "PERMIT")
    await made.stop()


async def test_two_servers_and_a_token(record: EmbeddedGraph, tmp_path: Path) -> None:
    """Read-your-writes across two servers, each with its own copy, writing and asking at the same time."""
    one, _ = await opened(record, tmp_path / "one")
    other, _ = await opened(record, tmp_path / "other")
    for turn in range(1, 200):
        writer, asker = (one, other) if turn % 3 else (other, one)
        ended = bool(turn % 2)
        done = await writer.append([mandate(ended=ended, recorded_at=NOW + turn)])
        answers = await asyncio.gather(*(outcome(asker, Reading(at_least=str(done.token))) for _ in range(5)))
        assert all(answer.startswith("DENY" if ended else "PERMIT") for answer in answers), (turn, answers)
    await one.stop()
    await other.stop()


async def test_it_goes_on_where_it_was(record: EmbeddedGraph, tmp_path: Path) -> None:
    made, _ = await opened(record, tmp_path / "replica")
    await until(lambda: made.behind() < 1)
    await made.stop()
    await record.append([mandate(ended=True, recorded_at=NOW + 1)])
    made, _ = await opened(record, tmp_path / "replica")
    assert await made.head() == await record.head()
    assert (await outcome(made)).startswith("DENY")
    await made.stop()


async def test_what_is_no_copy_never_answers(
    record: EmbeddedGraph, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = (await record.head()).ledger
    (tmp_path / "replica").mkdir()
    forged = EmbeddedGraph.open(tmp_path / "replica" / f"{ledger}.graph", ledger_id=ledger)
    await forged.append([*WORLD[:-1], mandate(ended=True)])
    await forged.close()
    made, _ = await opened(record, tmp_path / "replica")
    await until(lambda: "no copy of its record" in caplog.text)
    assert made.behind() == float("inf")
    assert await outcome(made) == "PERMIT VOLUNTARY_MANDATE", "by the record's word"
    await made.stop()


async def test_a_copy_that_is_ahead_of_its_record_never_answers(
    record: EmbeddedGraph, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = (await record.head()).ledger
    (tmp_path / "replica").mkdir()
    ahead = EmbeddedGraph.open(tmp_path / "replica" / f"{ledger}.graph", ledger_id=ledger)
    await ahead.append([*WORLD, mandate(ended=True, recorded_at=NOW + 1)])
    await ahead.close()
    made, _ = await opened(record, tmp_path / "replica")
    await until(lambda: "no copy of its record" in caplog.text)
    assert await outcome(made) == "PERMIT VOLUNTARY_MANDATE"
    await made.stop()


def test_what_was_heard_before_the_machine_started_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Heard(tmp_path / "heard")
    before.set(Heard.now())
    assert before.behind() < 5
    before.close()
    monkeypatch.setattr("graph.replica.heard._boot", lambda: 7)
    after = Heard(tmp_path / "heard")
    assert after.behind() == float("inf")
    after.close()
