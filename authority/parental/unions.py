"""Marriages and registered partnerships (unions) as stretches of time, from rows that each state a start or an end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from authority.parental.brp import UnionRow


class Union(NamedTuple):
    """`[start, end)`; `end` None: still running. `partner` None: one without a BSN."""

    partner: str | None
    start: str
    end: str | None
    row: UnionRow
    """The row that states the start, and with it who the partner is."""

    def standing_on(self, day: str) -> bool:
        """As the register compares: a date with unknown parts is a number like any other."""
        return self.start <= day and (self.end is None or day < self.end)


def unions(rows: Sequence[UnionRow]) -> list[Union]:
    """The unions that these rows make together, newest first. `rows` come newest first (`Record.union_rows`).

    A row of its own states the end, and the start stays behind in history, sometimes of a partner whose BSN was not
    known yet; so an end belongs to the nearest start before it that may be of that partner. Two starts of one partner
    without an end between them are one union that changed its form (a partnership turned into a marriage).
    """
    found: list[Union] = []
    ends: dict[str | None, str] = {}
    for row in rows:
        if row.end is not None and not (row.bsn is None and row.end in ends.values()):
            ends[row.bsn] = row.end
        if row.start is None:
            continue
        partner = row.bsn
        if partner is None and ends:
            partner = next((bsn for bsn in reversed(ends) if bsn is not None), None)
        end = ends.pop(partner) if partner in ends else ends.pop(None, None)
        newer = found[-1] if found else None
        if end is None and newer is not None and partner == newer.partner:
            found[-1] = newer._replace(start=row.start, row=row)
        else:
            found.append(Union(partner, row.start, end, row))
    return found
