"""The curatele and bewind register: no number, so a match is a doubt unless there is but one it can be."""

from __future__ import annotations

import json

import httpx
import pytest

from graph.registers.ccbr import Ccbr
from graph.registers.connector import Page, SourceFailed
from graph.registers.known import KnownPerson, folded
from graph.registers.store import ConnectorStore

ENTRY = {
    "number": "C-17",
    "measure": "CURATELE",
    "surname": "De Vries",
    "birth_date": "1950-04-05",
    "started_on": "2020-01-01",
    "representative": "Bewindhuis",
    "place": "Utrecht",
}


def known(store: ConnectorStore, *people: tuple[str, str, str]) -> None:
    store.know([KnownPerson(folded(surname), born, who, surname) for surname, born, who in people])


def register(store: ConnectorStore, answer: object, *, everybody_known: bool = True, status: int = 200) -> Ccbr:
    def answered(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)
        entries = answer
        if isinstance(answer, list):
            entries = {"entries": [e for e in answer if asked["birth_date"] == e["birth_date"]]}
        return httpx.Response(status, json=entries)

    return Ccbr(
        name="ccbr",
        url="http://127.0.0.1/search",
        key=None,
        client=httpx.AsyncClient(transport=httpx.MockTransport(answered)),
        people=store.known_people,
        representatives={"Bewindhuis, Utrecht": "kvk-1"},
        everybody_known=everybody_known,
    )


async def poll(source: Ccbr, since: str = "") -> Page:
    return await source.poll(since)


async def test_one_whom_it_can_be(store: ConnectorStore) -> None:
    known(store, ("de Vries", "1950-04-05", "p1"), ("Jansen", "1960-01-01", "p2"))
    page = await poll(register(store, [ENTRY]))
    (row,) = page.rows
    assert row.fact["represented"] == "p1"
    assert row.fact["representative"] == "kvk-1"
    assert row.fact["under_investigation"] is False
    assert page.notices == []


async def test_two_whom_it_can_be_are_each_in_doubt_and_an_operator_is_told(store: ConnectorStore) -> None:
    known(store, ("de Vries", "1950-04-05", "p1"), ("De  Vriés", "1950-04-05", "p2"))
    page = await poll(register(store, [ENTRY]))
    assert [(r.fact["represented"], r.fact["under_investigation"]) for r in page.rows] == [("p1", True), ("p2", True)]
    assert len({r.fact["id"] for r in page.rows}) == 2
    assert page.notices == ["entry C-17 could be any of p1, p2: each has it under investigation"]


async def test_where_not_everybody_is_known_one_match_may_be_a_stranger(store: ConnectorStore) -> None:
    known(store, ("de Vries", "1950-04-05", "p1"))
    page = await poll(register(store, [ENTRY], everybody_known=False))
    assert [r.fact["under_investigation"] for r in page.rows] == [True]


async def test_a_representative_whom_nobody_named_opens_nothing(store: ConnectorStore) -> None:
    known(store, ("de Vries", "1950-04-05", "p1"))
    page = await poll(register(store, [ENTRY | {"representative": "A. Onbekend"}]))
    assert [r.fact["representative"] for r in page.rows] == ["ccbr/C-17/representative"]
    assert page.notices == ["entry C-17: the representative is nobody that the configuration names"]


async def test_absence_states_nothing(store: ConnectorStore) -> None:
    known(store, ("de Vries", "1950-04-05", "p1"))
    assert list((await poll(register(store, []))).rows) == []


async def test_rounds(store: ConnectorStore) -> None:
    known(store, *((f"naam {n:03d}", "1950-04-05", f"p{n}") for n in range(60)))
    source = register(store, [])
    since, pages = "", 0
    while True:
        page = await poll(source, since)
        pages, since = pages + 1, page.watermark
        if not page.more:
            break
    assert (pages, since) == (3, "")


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ({"entries": [ENTRY | {"surname": "Bakker"}]}, 200, "somebody else"),
        ({"entries": [ENTRY | {"measure": "MENTORSCHAP"}]}, 200, "not as agreed"),
        ({"entries": [ENTRY] * 101}, 200, "more than 100"),
        ({}, 200, "not as agreed"),
        ({}, 502, "answered 502"),
    ],
)
async def test_nonsense(store: ConnectorStore, answer: object, status: int, words: str) -> None:
    known(store, ("de Vries", "1950-04-05", "p1"))
    with pytest.raises(SourceFailed, match=words) as failed:
        await poll(register(store, answer, status=status))
    assert "vries" not in str(failed.value).casefold()
