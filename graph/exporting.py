"""Facts out, in the ledger's order, as lines that import again (`machtigen export`).

Of versions recorded at the very same instant with different content only the last ever holds, at any `known_at`; the
others are left out, for one input may not hold both (facts.md chapter 1). So an export of an import of an export is
the same bytes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import msgspec

from graph.ledger import Change, Ledger, Token
from graph.sightings import Sightings

_TELL_EVERY_POSITIONS = 5_000


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """How many facts were written, how many left out because another of the same instant replaced them."""

    facts: int
    left_out: int
    as_of: str


class _Version(msgspec.Struct, frozen=True):
    """What of a canonical line says which version it is."""

    fact: str
    id: str
    recorded_at: str


_version = msgspec.json.Decoder(_Version).decode


async def export_facts(
    ledger: Ledger, write: Callable[[bytes], object], *, progress: Callable[[int, int], None] | None = None
) -> Exported:
    """Write every fact that the ledger holds now, a line each; `progress` is told positions done, of how many."""
    head = await ledger.head()
    replaced = await _replaced(ledger, head)
    written = 0
    async for change in _changes(ledger, head):
        if change.line and change.position not in replaced:
            write(change.line + b"\n")
            written += 1
        if progress is not None and change.position % _TELL_EVERY_POSITIONS == 0:
            progress(change.position, head.position)
    if progress is not None:
        progress(head.position, head.position)
    return Exported(facts=written, left_out=len(replaced), as_of=str(head))


async def _changes(ledger: Ledger, head: Token) -> AsyncIterator[Change]:
    if head.position:
        async for change in ledger.changes(0, head.position):
            yield change


async def _replaced(ledger: Ledger, head: Token) -> set[int]:
    """Positions of versions that another of the same instant, later in the ledger, replaced."""
    sightings = Sightings()
    try:
        async for change in _changes(ledger, head):
            if change.line:
                version = _version(change.line)
                key = hash((version.fact, version.id, version.recorded_at))
                sightings.add(key, change.position, change.position)
        replaced: set[int] = set()
        for positions in sightings.repeated():
            last: dict[_Version, int] = {}
            for position in positions:
                async for change in ledger.changes(position - 1, 1):
                    version = _version(change.line)
                    if version in last:
                        replaced.add(last[version])
                    last[version] = position
        return replaced
    finally:
        sightings.close()
