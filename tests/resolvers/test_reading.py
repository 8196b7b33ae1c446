from __future__ import annotations

import pytest

from graph.embedded import EmbeddedGraph
from graph.errors import BadInput, BadToken, LedgerBehind
from graph.ledger import Token
from resolvers.reading import Reading, position


async def test_any_and_latest_are_the_newest_position(ledger: EmbeddedGraph) -> None:
    assert await position(ledger, Reading()) is None
    assert await position(ledger, Reading("LATEST")) is None


async def test_at_least_a_reached_token_is_the_newest_position(ledger: EmbeddedGraph) -> None:
    head = str(await ledger.head())
    assert await position(ledger, Reading("AT_LEAST", head)) is None
    assert await position(ledger, Reading("ANY", head)) is None


@pytest.mark.parametrize("freshness", ["ANY", "AT_LEAST", "LATEST"])
async def test_a_token_not_reached_is_honoured_whatever_the_freshness(ledger: EmbeddedGraph, freshness: str) -> None:
    head = await ledger.head()
    ahead = str(Token(head.ledger, head.position + 1))
    with pytest.raises(LedgerBehind):
        await position(ledger, Reading(freshness, ahead))  # type: ignore[arg-type]


async def test_as_of_is_that_position(ledger: EmbeddedGraph) -> None:
    head = await ledger.head()
    assert await position(ledger, Reading(as_of=str(Token(head.ledger, 3)))) == 3
    with pytest.raises(LedgerBehind):
        await position(ledger, Reading(as_of=str(Token(head.ledger, head.position + 1))))


@pytest.mark.parametrize("token", ["", "nonsense", "elsewhere.3", "x.-1"])
async def test_a_foreign_token_is_refused(ledger: EmbeddedGraph, token: str) -> None:
    with pytest.raises(BadToken):
        await position(ledger, Reading(as_of=token))
    with pytest.raises(BadToken):
        await position(ledger, Reading("AT_LEAST", token))


async def test_arguments_that_contradict_each_other(ledger: EmbeddedGraph) -> None:
    head = str(await ledger.head())
    for reading, field in (
        (Reading("AT_LEAST"), "at_least"),
        (Reading("ANY", head, head), "as_of"),
        (Reading("LATEST", None, head), "as_of"),
    ):
        with pytest.raises(BadInput) as refused:
            await position(ledger, reading)
        assert refused.value.problems[0].field == field
