"""Which version of each statement holds (facts.md chapter 1, *Versions*)."""

from __future__ import annotations

from collections.abc import Iterable

from authority.facts import Fact


def holding(versions: Iterable[Fact], known_at: int | None = None) -> list[Fact]:
    """The versions that hold at `known_at`, in the order in which their statements first came; retracted ones left out.

    `versions` come in ledger order. Of those recorded by `known_at` (None: all) the one with the greatest
    `recorded_at` holds; with equal instants the later position.
    """
    chosen: dict[tuple[type[Fact], str], Fact] = {}
    for version in versions:
        if known_at is not None and version.recorded_at > known_at:
            continue
        key = (type(version), version.id)
        held = chosen.get(key)
        if held is None or version.recorded_at >= held.recorded_at:
            chosen[key] = version
    return [version for version in chosen.values() if not version.retracted]
