"""How a reader looks at the ledger: at which position, and whether that has been reached (DESIGN.md 5 and 6)."""

from __future__ import annotations

from typing import Literal

import msgspec

from graph.errors import BadInput, BadToken, LedgerBehind, Problem
from graph.ledger import Ledger, Token, View
from graph.replica import Replica

Freshness = Literal["ANY", "AT_LEAST", "LATEST"]


class Sight(View, frozen=True, gc=False):
    """A view, and the instant that is asked about: what is in force, live or stale then. None: the request's now."""

    at: int | None = None

    @property
    def view(self) -> View:
        """What a ledger needs to know of it."""
        return View(self.as_of, self.known_at)

    def moment(self, now: int) -> int:
        """The instant that is asked about."""
        return now if self.at is None else self.at

    def silence_at(self, now: int) -> int:
        """When the silence of registers is measured (facts.md chapter 2, `register`)."""
        return self.moment(now) if self.known_at is None else self.known_at


NEWEST_SIGHT = Sight()


class Reading(msgspec.Struct, frozen=True, gc=False):
    """What a caller asks of the position: its freshness, a token to reach, or a token to replay at.

    A token in `at_least` is honoured whatever `freshness` says: that of a withdrawal may never be missed.
    """

    freshness: Freshness = "ANY"
    at_least: str | None = None
    as_of: str | None = None


NEWEST = Reading()


async def position(ledger: Ledger, reading: Reading) -> int | None:
    """The position to read at; None: the newest. On one ledger ANY and LATEST are both the newest.

    Raises BadInput where the arguments contradict each other, BadToken for a token of another ledger, and
    LedgerBehind where the ledger has not reached the token.
    """
    if reading.freshness == "AT_LEAST" and reading.at_least is None:
        raise BadInput([Problem("MISSING_FIELD", field="at_least", expected="a token, since freshness is AT_LEAST")])
    if reading.at_least is None and reading.as_of is None:
        return None
    if reading.as_of is not None and (reading.at_least is not None or reading.freshness != "ANY"):
        raise BadInput(
            [Problem("WRONG_VALUE", field="as_of", expected="as_of alone: it replays one position, fresh or not")]
        )
    head = await ledger.head()
    asked = Token.parse(reading.as_of if reading.as_of is not None else reading.at_least or "")
    if asked.ledger != head.ledger:
        raise BadToken("the token is of another ledger")
    if asked.position > head.position:
        raise LedgerBehind(f"the ledger is at {head}, which is before the token")
    return asked.position if reading.as_of is not None else None


async def answering(ledger: Ledger, reading: Reading) -> Ledger:
    """The ledger that answers: of a replica the copy or the record, whichever is as fresh as asked."""
    if not isinstance(ledger, Replica):
        return ledger
    token = reading.as_of or reading.at_least
    return await ledger.for_reading(reading.freshness, None if token is None else Token.parse(token))


async def pinned(ledger: Ledger, reading: Reading) -> Token:
    """Where to read all of a page, in however many reads. Raises what `position` raises."""
    at = await position(ledger, reading)
    head = await ledger.head()
    return head if at is None else Token(head.ledger, at)
