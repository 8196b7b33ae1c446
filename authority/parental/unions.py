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

    A row of its own states the end and the start stays behind in history, often without saying to which union; so
    an end belongs to the nearest start before it. Two starts of one partner without an end between them are one
    union that changed its form (a partnership turned into a marriage).
    """
    found: list[Union] = []
    end: tuple[str, str | None] | None = None
    for row in rows:
        if row.end is not None and (end is None or row.bsn is not None):
            end = (row.end, row.bsn)
        if row.start is None:
            continue
        partner = row.bsn or (end[1] if end is not None else None)
        newer = found[-1] if found else None
        if end is None and newer is not None and partner == newer.partner:
            found[-1] = newer._replace(start=row.start, row=row)
        else:
            found.append(Union(partner, row.start, end[0] if end is not None else None, row))
        end = None
    return found
