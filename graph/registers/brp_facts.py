"""What the population register says, as facts: the same from its answers (`brp`) and its records (`brp_records`)."""

from __future__ import annotations

from collections.abc import Iterable


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
        "representative": f"brp/{person}/curator",
        "represented": person,
    }


def earliest(date: str | None) -> str:
    """The earliest day that a date of death with unknown parts can be: an authority must not outlive anybody."""
    year, month, day = (date or "0000-00-00").split("-")
    return f"{year if year != '0000' else '0001'}-{month if month != '00' else '01'}-{day if day != '00' else '01'}"
