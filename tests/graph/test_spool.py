"""The spool: what goes in comes out, in order, as often as asked, in memory or on disk."""

from __future__ import annotations

from authority.facts import Person
from graph.spool import Spool, packed


def test_facts_come_back_in_order_and_again() -> None:
    facts = [(n, Person(id=f"p{n}", register="BRP", born="2000-01-01", recorded_at=n)) for n in range(2_500)]
    spool = Spool()
    for line, fact in facts[:1_700]:
        spool.add(line, packed(fact))
    assert list(spool) == facts[:1_700]
    for line, fact in facts[1_700:]:
        spool.add(line, packed(fact))
    assert spool.count == len(facts)
    assert list(spool) == list(spool) == facts
    spool.close()


def test_beyond_memory_it_is_a_file() -> None:
    name = "x" * 100_000
    spool = Spool()
    for n in range(1_001):
        spool.add(n, packed(Person(id=f"p{n}", register="BRP", born="2000-01-01", name=name)))
    assert [line for line, _ in spool] == list(range(1_001))
    assert all(isinstance(fact, Person) and fact.name == name for _, fact in spool)
    spool.close()
