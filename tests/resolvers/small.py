"""A small world for the tests of resolvers, schema and server: a child, its parents, an office, a hospital."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from authority.moments import SINCE_EVER, instant
from authority.question import Question
from graph.admission import admit
from graph.intake import fact_of, question_of
from graph.ledger import Ledger
from graph.pseudonyms import passes_eleven_test

NOW = instant("2026-11-24T12:00:00Z")
A_NUMBER = next(text for text in map(str, range(999_990_000, 999_999_999)) if passes_eleven_test(text))
"""Passes the eleven test. Nobody's: of the range that test numbers are from, made here and not written down."""

FACTS: list[dict[str, Any]] = [
    {"fact": "provider", "id": "h1", "sector": "HOSPITAL", "status": "LIVE", "live_from": "2020-09-01"},
    {"fact": "provider", "id": "t1", "sector": "TAX", "status": "LIVE", "name": "Tax office"},
    {
        "fact": "service",
        "id": "h1/record",
        "provider": "h1",
        "domain": "CARE_RECORD",
        "minimum_assurance": "SUBSTANTIAL",
    },
    {"fact": "service", "id": "t1/return", "provider": "t1", "domain": "TAX", "minimum_assurance": "LOW"},
    {"fact": "person", "id": "child", "born": "2018-03-01", "name": "Noor"},
    {"fact": "person", "id": "mother", "born": "1985-03-01"},
    {"fact": "person", "id": "father", "born": "1984-03-01"},
    {"fact": "person", "id": "client", "born": "1950-05-05"},
    {"fact": "person", "id": "clerk", "born": "1990-01-01"},
    {"fact": "person", "id": "temp", "born": "1995-01-01"},
    {"fact": "organisation", "id": "office", "kind": "ADMINISTRATION_OFFICE", "name": "Office"},
    {"fact": "employment", "id": "e1", "employee": "clerk", "organisation": "office"},
    {"fact": "employment", "id": "e2", "employee": "temp", "organisation": "office"},
    {"fact": "authority", "id": "a1", "kind": "PARENTAL_JOINT", "representative": "mother", "represented": "child"},
    {"fact": "authority", "id": "a2", "kind": "PARENTAL_JOINT", "representative": "father", "represented": "child"},
    {"fact": "authority", "id": "b1", "kind": "BEWIND", "representative": "office", "represented": "client"},
    {
        "fact": "authority",
        "id": "m1",
        "kind": "VOLUNTARY_MANDATE",
        "representative": "mother",
        "represented": "father",
        "services": ["h1/record"],
        "valid_from": "2020-01-01",
    },
]

QUESTION: dict[str, Any] = {
    "representative": "mother",
    "represented": "child",
    "provider": "h1",
    "service": "record",
    "assurance": "SUBSTANTIAL",
}


def asked(**changed: Any) -> Question:
    """QUESTION as the law has it, with some of it changed; at NOW."""
    return question_of({**QUESTION, **changed}, now=NOW)


async def fill(ledger: Ledger, facts: Iterable[dict[str, Any]] = FACTS, *, recorded_at: int = SINCE_EVER) -> None:
    """Record these by the door that every fact comes in by; known since ever where they do not say."""
    read = [(line, *fact_of(fact, recorded_at=recorded_at)) for line, fact in enumerate(facts, 1)]
    await ledger.append(await admit(ledger, read))
