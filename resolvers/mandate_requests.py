"""A mandate is asked for: by the represented, who gets the code at once, or by the helper, whose code goes by letter.

What the helper hears is the same whether the person exists or not, and costs the same: it is written down, and looked
at afterwards (`look_at_requests`), when nobody waits for an answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec

from authority.mandates import Period, period_of, refusal_of_period
from graph.desk.attempts import Limit
from graph.desk.codes import Codes
from graph.desk.outbox import About
from graph.desk.requests import Request
from graph.ledger import Ledger
from resolvers.caller import Caller
from resolvers.office import DAY_US, OURS, Office, limited, message, new_id
from resolvers.refusals import Refused
from resolvers.sides import NOBODY, citizen, sides

_A_MONTH_US: Final = 30 * DAY_US
_AT_ONCE: Final = 50


class Asked(msgspec.Struct, frozen=True):
    """`code`: only of the represented's own request, and only now."""

    request: Request
    code: str | None


async def request_own(
    ledger: Ledger,
    office: Office,
    caller: Caller,
    service: str,
    period: tuple[int | None, int | None],
    now: int,
    *,
    representative: str | None = None,
) -> Asked:
    """The represented asks (domain.md 5.1). `representative`: who alone may use the code; None: who brings it.

    Raises Refused.
    """
    represented = citizen(caller)
    codes = codes_of(office)
    if representative == represented:
        raise Refused("OWN_MANDATE", "representative")
    wanted = wanted_period(office, period, now)
    around = await sides(ledger, represented, represented, (service,), now)
    around.check_services(now)
    around.check_assurance(caller)
    around.check_represented(now, wanted.start)
    await _not_too_often(office, represented, now)
    request = Request(
        id=new_id(OURS),
        channel="ONLINE",
        state="OPEN",
        represented=represented,
        representative=representative,
        asked_by=represented,
        services=(service,),
        valid_from=wanted.start,
        valid_until=wanted.end,
        asked_at=now,
        code_until=now + office.terms.code_valid,
    )
    code = codes.code_of(request.id)
    code_hash = await asyncio.to_thread(codes.hash_of, code, represented)
    notice = message("REQUESTED", represented, _about(request), now)
    await asyncio.to_thread(office.desk.requests.add, request, code_hash, [notice])
    return Asked(request, code)


async def request_for(
    ledger: Ledger,
    office: Office,
    caller: Caller,
    represented: str,
    services: Sequence[str],
    period: tuple[int | None, int | None],
    now: int,
    *,
    organisation: str | None = None,
) -> Asked:
    """The helper asks (domain.md 5.2), personally or for the organisation where they work.

    Nothing about the represented is looked at. Raises Refused.
    """
    asker = citizen(caller)
    codes_of(office)
    if not office.letters:
        raise Refused("NOT_CONFIGURED")
    holder = organisation or asker
    if represented in (asker, holder):
        raise Refused("OWN_MANDATE", "represented")
    wanted = wanted_period(office, period, now)
    around = await sides(ledger, NOBODY, holder, services, now, employee=asker if organisation else None)
    around.check_services(now)
    around.check_assurance(caller)
    if organisation:
        speaks_for(caller, organisation)
        around.check_employment(services, now)
    around.check_holder(now)
    await _not_too_often(office, asker, now, organisation=organisation is not None)
    request = Request(
        id=new_id(OURS),
        channel="LETTER",
        state="ASKED",
        represented=represented,
        representative=holder,
        asked_by=asker,
        services=tuple(services),
        valid_from=wanted.start,
        valid_until=wanted.end,
        asked_at=now,
        code_until=now + office.terms.code_valid,
    )
    await asyncio.to_thread(office.desk.requests.add, request, None)
    return Asked(request, None)


async def look_at_requests(ledger: Ledger, office: Office, now: int) -> int:
    """Send a letter with a code for each that can become a mandate; how many were looked at."""
    asked = office.desk.requests.to_look_at(_AT_ONCE)
    if office.codes is None:
        return 0
    for request in asked:
        await _look_at(ledger, office, office.codes, request, now)
    return len(asked)


async def _look_at(ledger: Ledger, office: Office, codes: Codes, request: Request, now: int) -> None:
    assert request.representative is not None
    around = await sides(ledger, request.represented, request.representative, request.services, now)
    since, requests = now - _A_MONTH_US, office.desk.requests
    letters = requests.letters_since(request.represented, since)
    # one helper cannot use up what another's letter needs
    of_this_helper = requests.letters_since(request.represented, since, request.asked_by)
    try:
        if letters >= office.limits.letters_about_one_a_month:
            raise Refused("TOO_MANY_REQUESTS")
        if of_this_helper >= office.limits.letters_of_one_helper_a_month:
            raise Refused("TOO_MANY_REQUESTS")
        around.check_services(now)
        around.check_represented(now, max(now, request.valid_from))
    except Refused:
        await asyncio.to_thread(office.desk.requests.looked_at, request.id, None, [], now)
        return
    code_hash = await asyncio.to_thread(codes.hash_of, codes.code_of(request.id), request.represented)
    letter = message("CODE", request.represented, _about(request), request.asked_at)
    await asyncio.to_thread(office.desk.requests.looked_at, request.id, code_hash, [letter], now)


def codes_of(office: Office) -> Codes:
    """Raises Refused: no key is configured."""
    if office.codes is None:
        raise Refused("NOT_CONFIGURED")
    return office.codes


def speaks_for(caller: Caller, organisation: str) -> None:
    """A token that names another party is not this organisation's. Raises Refused."""
    if caller.party and caller.party != organisation:
        raise Refused("FORBIDDEN", "organisation")


def wanted_period(office: Office, period: tuple[int | None, int | None], now: int) -> Period:
    """What is asked, with what is left out. Raises Refused."""
    start, end = period
    wanted = period_of(start, end, now, office.terms)
    refused = refusal_of_period(wanted, now, office.terms)
    if refused is not None:
        raise Refused(refused, "valid_from" if wanted.start < now else "valid_until")
    return wanted


async def _not_too_often(office: Office, asker: str, now: int, *, organisation: bool = False) -> None:
    most = office.limits.requests_a_day_for_organisation if organisation else office.limits.requests_a_day
    await limited(office.desk, [Limit(f"request/{asker}", most, DAY_US)], now)


def _about(request: Request) -> About:
    return About(
        mandate=request.id,
        side="REPRESENTED",
        services=request.services,
        valid_from=request.valid_from,
        valid_until=request.valid_until,
        until=request.code_until,
    )
