"""What the population register says, as facts: the same from its answers (`brp`) and its records (`brp_records`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from authority.facts import Authority
from authority.moments import moment_text


def authority_fact(
    kind: str, minor: str, holder: str | None, *, doubt: bool, candidates: Iterable[str] = ()
) -> dict[str, object]:
    """One statement over a minor; its id is made of what it says, so that saying it again is no change."""
    fact: dict[str, object] = {
        "fact": "authority",
        "id": f"brp/{minor}/{kind}" + (f"/{holder}" if holder is not None else ""),
        "kind": kind,
        "representative": holder,
        "represented": minor,
        "under_investigation": doubt,
    }
    named = sorted(set(candidates))
    if named:
        fact["candidates"] = named
    return fact


def curatele_fact(person: str) -> dict[str, object]:
    """The register's indicator names no curator: the measure counts, and opens nothing (domain.md chapter 3)."""
    return {
        "fact": "authority",
        "id": f"brp/{person}/CURATELE",
        "kind": "CURATELE",
        "representative": unnamed_curator(person),
        "represented": person,
    }


def unnamed_curator(person: str) -> str:
    """In the place of the curator whom the register's indicator does not name."""
    return f"brp/{person}/curator"


def stated_again(authority: Authority) -> dict[str, object]:
    """An authority of this register as it would say it anew, without an end."""
    fact: dict[str, object] = {
        "fact": "authority",
        "id": authority.id,
        "kind": authority.kind,
        "representative": authority.representative,
        "represented": authority.represented,
        "under_investigation": authority.under_investigation,
    }
    if authority.candidates:
        fact["candidates"] = list(authority.candidates)
    return fact


def ended_fact(fact: Mapping[str, object], today: int) -> dict[str, object]:
    """What the register says no longer: it ends on this day (its first microsecond), the past stays as it was."""
    return {**fact, "valid_until": moment_text(today)}


def doubted_fact(fact: Mapping[str, object]) -> dict[str, object]:
    """What the register may say no longer."""
    return {**fact, "under_investigation": True}


def earliest(date: str | None) -> str:
    """The earliest day that a date of death with unknown parts can be: an authority must not outlive anybody."""
    year, month, day = (date or "0000-00-00").split("-")
    return f"{year if year != '0000' else '0001'}-{month if month != '00' else '01'}-{day if day != '00' else '01'}"
