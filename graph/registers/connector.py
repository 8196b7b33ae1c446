"""What every connector is: a name, the register whose word it brings, and `poll`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from authority.codes import FactType
from graph.errors import GraphError

Key = tuple[FactType, str]
"""Type and id of a fact."""


class SourceFailed(GraphError):
    """The source did not answer, answered nonsense, or gave a page that cannot be trusted. Nothing of it is taken.

    The sentence names the source and what was wrong; it never repeats what the source said about a person.
    """

    code = "SOURCE_FAILED"


class Row(msgspec.Struct, frozen=True, gc=False):
    """One fact as the source states it: a JSON object of facts.md chapter 2, and where in the source it stood.

    `raw` is what an operator sees if the row cannot be understood, and mends.
    """

    place: str
    fact: Mapping[str, object]
    raw: str


def last_words(rows: Sequence[Row]) -> list[Row]:
    """A source is read in its order: of two rows about one fact the later one holds."""
    last = {repr([row.fact.get(field) for field in ("fact", "id", "recorded_at")]): row for row in rows}
    kept = {id(row) for row in last.values()}
    return [row for row in rows if id(row) in kept]


class Refused(msgspec.Struct, frozen=True, gc=False):
    """A row that cannot be understood, for the quarantine. `about`: type and id of the facts that it would have stated.

    What we know of these is in doubt from now on: it may be just what the row takes back.
    """

    place: str
    raw: str
    problem: str
    about: Sequence[Key] = ()


class Page(msgspec.Struct, frozen=True, gc=False):
    """What one poll brought. `watermark` is where the next poll begins; it moves only once the page is stored.

    `more`: the source has a further page now. `notices`: what an operator should see (a match that could be two
    people, two sources that contradict each other). `heard_at`: when the source said this, in microseconds; None:
    nothing new was heard; left out: it answered just now, as a source that is asked does.
    """

    rows: Sequence[Row]
    watermark: str
    more: bool = False
    refused: Sequence[Refused] = ()
    notices: Sequence[str] = ()
    heard_at: int | msgspec.UnsetType | None = msgspec.UNSET


class Connector(Protocol):
    """One source. `register` is the id that its facts bear; `since` is "" before the first poll."""

    name: str
    register: str

    async def poll(self, since: str) -> Page:
        """One page after `since`. The same `since` gives the same facts again, or later ones. Raises SourceFailed."""
        ...
