"""Who is meant by a number: looked up under the new key, then under the old one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from authority.facts import Person
from graph.embedded import EmbeddedGraph
from graph.pseudonyms import NoKey, NotABsn, Pseudonyms
from graph.registers import identities
from graph.registers.identities import identified

OLD = Pseudonyms({1: b"o" * 32}, eleven_test=False)
BOTH = Pseudonyms({1: b"o" * 32, 2: b"n" * 32}, eleven_test=False)
NEW = Pseudonyms({2: b"n" * 32}, eleven_test=False)
KNOWN, STRANGER = "900000001", "900000002"


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[EmbeddedGraph]:
    graph = EmbeddedGraph.open(tmp_path / "graph")
    await graph.append([Person(id=OLD.id_of(KNOWN), register="BRP", born="1990-01-01")])
    yield graph
    await graph.close()


async def test_who_is_known_keeps_the_id_and_a_stranger_gets_one_of_the_newest_key(ledger: EmbeddedGraph) -> None:
    identify = await identified(ledger, BOTH, [KNOWN, STRANGER])
    assert identify(KNOWN) == OLD.id_of(KNOWN)
    assert identify(STRANGER) == NEW.id_of(STRANGER)


async def test_who_is_known_under_both_keys_is_looked_up_under_the_new_one_first(ledger: EmbeddedGraph) -> None:
    await ledger.append([Person(id=NEW.id_of(KNOWN), register="BRP", born="1990-01-01")])
    assert (await identified(ledger, BOTH, [KNOWN]))(KNOWN) == NEW.id_of(KNOWN)


async def test_once_the_old_key_is_taken_away_nobody_is_who_they_were(ledger: EmbeddedGraph) -> None:
    assert (await identified(ledger, NEW, [KNOWN]))(KNOWN) != OLD.id_of(KNOWN)


async def test_many_are_looked_up_in_pieces(ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "_LOOKED_UP_AT_ONCE", 3)
    numbers = [f"9000000{n:02d}" for n in range(20)]
    identify = await identified(ledger, BOTH, numbers)
    assert [identify(n) for n in numbers if n != KNOWN] == [NEW.id_of(n) for n in numbers if n != KNOWN]
    assert identify(KNOWN) == OLD.id_of(KNOWN)


async def test_what_is_no_number_is_nobody_and_takes_no_other_with_it(ledger: EmbeddedGraph) -> None:
    identify = await identified(ledger, BOTH, ["12", KNOWN])
    assert identify(KNOWN) == OLD.id_of(KNOWN)
    for text in ("12", STRANGER):
        with pytest.raises(NotABsn):
            identify(text)


async def test_numbers_without_a_key(ledger: EmbeddedGraph) -> None:
    with pytest.raises(NoKey):
        await identified(ledger, None, [KNOWN])
    with pytest.raises(NotABsn):
        (await identified(ledger, None, []))(KNOWN)
