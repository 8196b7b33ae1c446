"""What a citizen sees of their own: mandates given and received, and requests that wait for their code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from authority.facts import Authority, Service
from authority.mandates import MandateState, lapsed, state_of
from authority.question import Question
from graph.desk.requests import Request
from graph.ledger import Ledger
from resolvers.caller import Caller
from resolvers.office import DAY_US, Office
from resolvers.paging import Page, page_of
from resolvers.refusals import Refused
from resolvers.sides import NOBODY, citizen

MandateSide = Literal["GIVEN", "RECEIVED"]
_REQUESTS_SHOWN_US: Final = 366 * DAY_US
_TOGETHER: Final = 128


class Standing(msgspec.Struct, frozen=True):
    """A mandate, and where it stands."""

    mandate: Authority
    state: MandateState


async def standing(ledger: Ledger, mandates: Sequence[Authority], now: int) -> list[Standing]:
    """Where each stands now."""
    around = await ledger.neighbourhoods([_between(mandate, now) for mandate in mandates]) if mandates else []
    names = sorted({service for mandate in mandates for service in mandate.services or ()})
    offered = await ledger.find("service", names)
    found = []
    for mandate, near in zip(mandates, around, strict=True):
        services = [each for name in mandate.services or () if isinstance(each := offered.get(name), Service)]
        state = state_of(mandate, now, lapsed=lapsed(mandate, near, services, now))
        found.append(Standing(mandate, state))
    return found


async def my_mandates(
    ledger: Ledger, caller: Caller, side: MandateSide, now: int, first: int, after: tuple[str, str] = ("", "")
) -> Page[Standing]:
    """By represented person and id; those that have ended too. Raises Refused."""
    person = citizen(caller)
    found: list[Authority] = []
    others = [person] if side == "GIVEN" else await ledger.represented_by(person, limit=_TOGETHER)
    last = ""
    while others and len(found) <= first:
        asked = [other for other in others if other >= after[0]]
        questions = [_around(person, other, now) for other in asked]
        for other, near in zip(asked, await ledger.neighbourhoods(questions) if questions else [], strict=True):
            mine = [
                each
                for each in near.authorities.get(other, ())
                if each.kind == "VOLUNTARY_MANDATE" and person in (each.represented, each.representative)
            ]
            found += sorted((each for each in mine if (other, each.id) > after), key=lambda each: each.id)
        last = others[-1]
        others = [] if side == "GIVEN" else await ledger.represented_by(person, last, _TOGETHER)
    page = page_of(found, first)
    return Page(await standing(ledger, page.items, now), page.more)


def my_requests(office: Office, caller: Caller, now: int) -> list[Request]:
    """Newest first, of the last year: those that I asked, and those of others about which I have had a letter.

    Of mine it is never told whether a letter has gone out. Raises Refused.
    """
    return office.desk.requests.of_person(citizen(caller), now - _REQUESTS_SHOWN_US)


def state_of_request(request: Request, now: int) -> MandateState:
    """The same whether a letter has gone out or not."""
    if request.state == "CANCELLED":
        return "CANCELLED"
    return "CODE_EXPIRED" if request.code_until <= now else "REQUESTED"


def _between(mandate: Authority, now: int) -> Question:
    return _around(mandate.representative or NOBODY, mandate.represented, now)


def _around(representative: str, represented: str, now: int) -> Question:
    """A question that gathers what stands between two people; its service is nobody's."""
    return Question(
        representative=representative,
        represented=represented,
        provider=NOBODY,
        service=f"{NOBODY}/{NOBODY}",
        assurance="HIGH",
        at=now,
    )


__all__ = ["MandateSide", "Refused", "Standing", "my_mandates", "my_requests", "standing", "state_of_request"]
