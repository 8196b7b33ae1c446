"""Writers that end at any moment, answers that get lost, readers in between: nothing half, nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from msgspec.structs import replace

from authority.facts import Fact, Person, Register
from authority.question import Question
from graph.errors import LedgerUnavailable
from graph.ledger import View
from graph.neo4j_graph import Neo4jGraph, appending
from graph.neo4j_graph.connection import Connection
from tests.neo4j_server import Neo4jServer


def person(person_id: str, name: str | None = None, recorded_at: int = 0) -> Person:
    return Person(id=person_id, register="BRP", born="1980-01-01", name=name, recorded_at=recorded_at)


QUESTION = Question(
    representative="p1", represented="p1", provider="h1", service="record", assurance="HIGH", at=1_800_000_000_000_000
)


class Ended(Exception):
    """As if the process had been killed."""


async def killed_before_the_head_moves(graph: Neo4jGraph, facts: list[Fact], patch: pytest.MonkeyPatch) -> None:
    run = appending._run

    async def until_then(tx: Any, name: str, **parameters: Any) -> Any:
        if name == "move_head":
            raise Ended
        return await run(tx, name, **parameters)

    with patch.context() as now:
        now.setattr(appending, "_run", until_then)
        with pytest.raises(Ended):
            await graph.append(facts)


async def test_a_writer_killed_between_its_transactions_shows_nothing(
    neo4j_graph: Neo4jGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    await neo4j_graph.append([person("p0")])
    facts: list[Fact] = [person("p1"), Register(id="BRP", register="BRP", name="new")]
    await killed_before_the_head_moves(neo4j_graph, facts, monkeypatch)
    assert (await neo4j_graph.head()).position == 1
    assert await neo4j_graph.find("person", ["p1"]) == {}
    assert await neo4j_graph.ids("person") == ["p0"]
    assert await neo4j_graph.history("person", "p1") == []
    assert dict(await neo4j_graph.registers()) == {}
    around = await neo4j_graph.neighbourhood(QUESTION)
    assert (around.people, dict(around.registers)) == ({}, {})
    assert [change.position async for change in neo4j_graph.changes()] == [1]
    assert (await neo4j_graph.verify()).problems == ()


async def test_the_next_writer_goes_on_after_it(neo4j_graph: Neo4jGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    await neo4j_graph.append([person("p0")])
    assert dict((await neo4j_graph.neighbourhood(QUESTION)).registers) == {}, "and is kept"
    register = Register(id="BRP", register="BRP", name="new")
    await killed_before_the_head_moves(neo4j_graph, [person("p1"), register], monkeypatch)
    appended = await neo4j_graph.append([person("p2")])
    assert (appended.token.position, appended.recorded) == (4, 1)
    around = await neo4j_graph.neighbourhood(QUESTION)
    assert around.people == {"p1": person("p1")}
    assert dict(around.registers) == {"BRP": register}
    assert (await neo4j_graph.verify()).problems == ()


async def test_the_same_append_again_completes_it(neo4j_graph: Neo4jGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    await killed_before_the_head_moves(neo4j_graph, [person("p1"), person("p2")], monkeypatch)
    assert (await neo4j_graph.append([person("p1"), person("p2")])).recorded == 0
    assert await neo4j_graph.ids("person") == ["p1", "p2"]
    assert (await neo4j_graph.verify()).problems == ()


async def test_an_acknowledgement_that_gets_lost_is_found_out(
    neo4j_graph: Neo4jGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver repeats a transaction whose commit it did not hear of."""
    write = Connection.write

    async def twice(self: Connection, work: Callable[[Any], Awaitable[Any]]) -> Any:
        await write(self, work)
        return await write(self, work)

    monkeypatch.setattr(Connection, "write", twice)
    appended = await neo4j_graph.append([person("p1"), person("p2")])
    assert (appended.token.position, appended.recorded) == (2, 2)
    assert (await neo4j_graph.verify()).problems == ()


async def test_readers_never_find_half_a_batch(neo4j_graph: Neo4jGraph, neo4j_server: Neo4jServer) -> None:
    """Neo4j shows a commit piece by piece; readers go by the ledger's position."""
    ids = [f"p{n}" for n in range(40)]
    reading = await neo4j_server.graph()
    done, seen = asyncio.Event(), 0

    async def write() -> None:
        for version in range(60):
            await neo4j_graph.append([person(each, str(version), recorded_at=version) for each in ids])
        done.set()

    async def read() -> None:
        nonlocal seen
        questions = [replace(QUESTION, representative=each, represented=each) for each in ids]
        while not done.is_set():
            found = await reading.find("person", ids)
            assert len({fact.name for fact in found.values() if isinstance(fact, Person)}) <= 1
            assert len(found) in (0, len(ids))
            arounds = await reading.neighbourhoods(questions)
            assert (
                len({around.people[each].name for each, around in zip(ids, arounds, strict=True) if around.people}) <= 1
            )
            seen += 1

    await asyncio.gather(write(), read())
    assert seen >= 5
    await reading.close()


async def test_writers_of_two_processes_leave_no_gap(neo4j_graph: Neo4jGraph, neo4j_server: Neo4jServer) -> None:
    other = await neo4j_server.graph()

    async def write(graph: Neo4jGraph, name: str) -> list[int]:
        return [(await graph.append([person(f"{name}{n}")])).token.position for n in range(20)]

    positions = await asyncio.gather(write(neo4j_graph, "a"), write(other, "b"))
    assert sorted(positions[0] + positions[1]) == list(range(1, 41))
    assert await neo4j_graph.head() == await other.head()
    assert (await other.verify()).problems == ()
    await other.close()


async def test_what_is_acknowledged_is_read_by_another_connection_at_once(
    neo4j_graph: Neo4jGraph, neo4j_server: Neo4jServer
) -> None:
    other = await neo4j_server.graph()
    for n in range(20):
        await neo4j_graph.append([person("p1", str(n), recorded_at=n)])
        around = await other.neighbourhood(QUESTION)
        assert around.people["p1"].name == str(n)
    await other.close()


async def test_registers_are_kept_until_one_changes(neo4j_graph: Neo4jGraph) -> None:
    first = Register(id="BRP", register="BRP", name="first", recorded_at=1)
    await neo4j_graph.append([first])
    kept = (await neo4j_graph.neighbourhood(QUESTION)).registers
    assert (await neo4j_graph.neighbourhood(QUESTION)).registers is kept
    second = replace(first, name="second", recorded_at=2)
    await neo4j_graph.append([second])
    assert dict((await neo4j_graph.neighbourhood(QUESTION)).registers) == {"BRP": second}
    assert dict((await neo4j_graph.neighbourhood(QUESTION, as_of=1)).registers) == {"BRP": first}
    assert dict((await neo4j_graph.neighbourhood(replace(QUESTION, known_at=1))).registers) == {"BRP": first}
    assert dict(await neo4j_graph.registers(View(known_at=0))) == {}


async def test_a_large_batch_is_one_transaction(neo4j_graph: Neo4jGraph) -> None:
    facts = [person(f"p{n:05}") for n in range(12_000)]
    appended = await neo4j_graph.append(facts)
    assert (appended.token.position, appended.recorded) == (12_000, 12_000)
    assert (await neo4j_graph.append(facts[5_000:11_000])).recorded == 0


async def test_opened_for_reading_only_it_records_nothing(neo4j_graph: Neo4jGraph, neo4j_server: Neo4jServer) -> None:
    await neo4j_graph.append([person("p1")])
    reading = await Neo4jGraph.connect(
        neo4j_server.uri, username=neo4j_server.username, password=neo4j_server.password, read_only=True
    )
    assert await reading.ids("person") == ["p1"]
    with pytest.raises(LedgerUnavailable, match="for reading only"):
        await reading.append([person("p2")])
    await reading.close()


@pytest.mark.parametrize(
    ("tampering", "problem"),
    [
        ("MATCH (f:Fact {position: 2}) SET f.line = replace(f.line, '1980', '1990')", "position 2: its content is not"),
        ("MATCH (f:Fact {position: 2}) SET f.link = f.hash", "position 2: does not follow"),
        ("MATCH (f:Fact {position: 2}) SET f.id = 'p9'", "position 2: found by something else"),
        ("MATCH (f:Fact {position: 2}) SET f.about = 'p9'", "position 2: found by something else"),
        ("MATCH (f:Fact {position: 2}) SET f.recorded_at = 99", "position 2: found by something else"),
        ("MATCH (f:Fact {position: 2}) DELETE f", "position 2: missing"),
        ("MATCH (f:Fact {position: 3}) DELETE f", "position 3: missing"),
        ("MATCH (l:Ledger) SET l.link = $zero", "the head is not the last position's"),
    ],
)
async def test_verify_tells_what_was_tampered_with(neo4j_graph: Neo4jGraph, tampering: str, problem: str) -> None:
    await neo4j_graph.append([person("p1"), person("p2"), person("p3")])
    assert (await neo4j_graph.verify()).problems == ()
    await neo4j_graph._connection.run_alone(tampering, zero="00" * 32)
    assert problem in "\n".join((await neo4j_graph.verify()).problems)
