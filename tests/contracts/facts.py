"""A few facts to write cases with."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from authority.facts import Authority, Fact, Person, Provider, Service
from authority.moments import instant
from authority.question import Question

EARLY = instant("2026-01-01T09:00:00Z")
LATER = instant("2026-02-01T09:00:00Z")
LAST = instant("2026-03-01T09:00:00Z")
AT = instant("2026-06-15T10:00:00Z")


def person(name: str, **changes: Any) -> Person:
    return replace(Person(id=name, register="BRP", born="1980-01-01", recorded_at=EARLY), **changes)


def mandate(name: str, representative: str, represented: str, **changes: Any) -> Authority:
    made = Authority(
        id=name,
        register="DIGID_MACHTIGEN",
        kind="VOLUNTARY_MANDATE",
        representative=representative,
        represented=represented,
        services=("h1/record",),
        valid_from=instant("2025-01-01T00:00:00Z"),
        recorded_at=EARLY,
    )
    return replace(made, **changes)


def hospital() -> list[Fact]:
    return [
        Provider(id="h1", register="PROVIDER", sector="HOSPITAL", status="LIVE", recorded_at=EARLY),
        Service(
            id="h1/record",
            register="PROVIDER",
            provider="h1",
            domain="CARE_RECORD",
            minimum_assurance="SUBSTANTIAL",
            recorded_at=EARLY,
        ),
    ]


def may(representative: str, represented: str, **changes: Any) -> Question:
    asked = Question(
        representative=representative,
        represented=represented,
        provider="h1",
        service="record",
        assurance="HIGH",
        at=AT,
    )
    return replace(asked, **changes)
