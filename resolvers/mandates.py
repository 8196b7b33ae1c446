"""A mandate's life once there is a code or an official: activated, registered at a counter, renewed, withdrawn.

Who acts is the caller, never an id in the input. Each change is one deed (`resolvers.office`): the ledger, the desk and
the messages to both sides change together or not at all. Everything here raises Refused, and then nothing was done.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from functools import partial

import msgspec

from authority.facts import Authority
from authority.mandates import (
    later_than,
    refusal_of_renewal,
    withdrawn,
)
from graph.desk.attempts import Limit
from graph.desk.deeds import Overtaken
from graph.desk.outbox import About, MessageKind, NewMessage, Side
from graph.desk.requests import Request, cancel_between, keep_withdrawn, use
from graph.ledger import Ledger, Token
from resolvers.caller import Caller
from resolvers.mandate_requests import Asked, codes_of, request_for, speaks_for, wanted_period
from resolvers.office import DAY_US, HOUR_US, OURS, Office, Plan, finish, limited, message, new_id, perform
from resolvers.refusals import Refused
from resolvers.sides import NOBODY, Sides, citizen, identified, sides
from resolvers.telling import Change


class Wanted(msgspec.Struct, frozen=True):
    """A mandate to be; `start`, `end` None: from now, and as long as may be."""

    represented: str
    representative: str
    services: tuple[str, ...]
    start: int | None = None
    end: int | None = None


class Done(msgspec.Struct, frozen=True):
    """`token`: the ledger's position after it; `mandate`: as it holds now, None where a request was all there was."""

    token: Token
    mandate: Authority | None
    channel: str = ""


async def activate(
    ledger: Ledger,
    office: Office,
    caller: Caller,
    represented: str,
    code: str,
    now: int,
    *,
    organisation: str | None = None,
) -> Done:
    """The holder brings the code (domain.md 5.1 and 5.2), personally or for the organisation where they work.

    A code that is wrong, is not for this holder, or is for somebody whom nobody knows: one answer, after the same
    work. The holder's own second try with a code that they used gives the mandate again.
    """
    subject = citizen(caller)
    codes = codes_of(office)
    holder = organisation or subject
    if represented in (subject, holder):
        raise Refused("OWN_MANDATE", "represented")
    if organisation:
        speaks_for(caller, organisation)
    taken = await limited(office.desk, _code_limits(office, subject, represented), now, "TOO_MANY_ATTEMPTS")
    code_hash = await asyncio.to_thread(codes.hash_of, code, represented)
    request = office.desk.requests.by_code(represented, code_hash)
    if request is None or request.representative not in (None, holder):
        raise Refused("WRONG_CODE", "code")
    made: list[Authority] = []

    async def plan() -> Plan:
        held = await _held(ledger, request.id)
        _refuse_code(office.desk.requests.find(request.id), subject, held, now)
        if held is not None:
            made[:] = [held]
            return Plan((), {}, _change("activateMandate", request.channel, held))
        employee = subject if organisation else None
        around = await sides(ledger, represented, holder, request.services, now, employee=employee)
        _check_activation(around, request, caller, now, organisation=organisation)
        wanted = Wanted(represented, holder, request.services, _start(request, now), request.valid_until)
        mandate = _mandate(request.id, wanted, now)
        made[:] = [mandate]
        return Plan(
            facts=(mandate,),
            seen={_named(request.id): None},
            change=_change("activateMandate", request.channel, mandate),
            messages=_to_both("GIVEN", mandate),
            also=partial(_use, request=request.id, by=subject),
        )

    try:
        token = await perform(ledger, office.desk, caller, [_named(request.id)], plan, now)
    except Refused as refused:
        if refused.field != "code":
            await asyncio.to_thread(office.desk.attempts.give_back, taken)
        raise
    await asyncio.to_thread(office.desk.attempts.give_back, taken)
    return Done(token, made[0], request.channel)


async def register_at_counter(
    ledger: Ledger, office: Office, caller: Caller, wanted: Wanted, now: int, evidence: str
) -> Done:
    """An official who has seen the represented's identity document (domain.md 5.3); in force without a code."""
    represented, representative = wanted.represented, wanted.representative
    await _official(office, caller, (represented, representative), now, evidence)
    if represented == representative:
        raise Refused("OWN_MANDATE", "representative")
    period = wanted_period(office, (wanted.start, wanted.end), now)
    name = new_id(OURS)
    dated = msgspec.structs.replace(wanted, start=period.start, end=period.end)
    mandate = _mandate(name, dated, now)

    async def plan() -> Plan:
        around = await sides(ledger, represented, representative, wanted.services, now)
        around.check_services(now)
        around.check_represented(now, period.start)
        around.check_holder(now)
        change = _change("registerMandateAtCounter", "COUNTER", mandate, evidence)
        return Plan((mandate,), {_named(name): None}, change, _to_both("GIVEN", mandate))

    return Done(await perform(ledger, office.desk, caller, [_named(name)], plan, now), mandate, "COUNTER")


async def renew(
    ledger: Ledger, office: Office, caller: Caller, mandate_id: str, until: int | None, now: int, evidence: str = ""
) -> Done | Asked:
    """A later end. The represented says so, or an official for them: at once. The helper asks: by letter, with a code.

    What the helper gets is a mandate of its own from the end of this one on.
    """
    identified(caller, "CITIZEN", "COUNTER")
    channel = "ONLINE" if caller.role == "CITIZEN" else "COUNTER"
    renewed: list[Authority] = []
    await finish(ledger, office.desk, [_named(mandate_id)], now)
    held = await _of_caller(ledger, office, caller, mandate_id, now)
    if caller.role == "COUNTER":
        await _official(office, caller, (held.represented, held.representative or ""), now, evidence)
    elif caller.subject != held.represented:
        return await _renewal_asked(ledger, office, caller, held, until, now)

    async def plan() -> Plan:
        mandate = await _of_caller(ledger, office, caller, mandate_id, now)
        assert mandate.representative is not None
        assert mandate.services is not None
        end = until if until is not None else now + office.terms.longest
        around = await sides(ledger, mandate.represented, mandate.representative, mandate.services, now)
        _refuse_renewal(office, mandate, around, end, now)
        around.check_services(now)
        if caller.role == "CITIZEN":
            around.check_assurance(caller)
        around.check_represented(now, now)
        around.check_holder(now)
        after = msgspec.structs.replace(mandate, valid_until=end, recorded_at=later_than(mandate, now))
        renewed[:] = [after]
        return Plan(
            facts=(after,),
            seen={_named(mandate_id): mandate.recorded_at},
            change=_change("renewMandate", channel, after, evidence),
            messages=_to_both("RENEWED", after),
        )

    token = await perform(ledger, office.desk, caller, [_named(mandate_id)], plan, now)
    return Done(token, renewed[0], channel)


async def withdraw(
    ledger: Ledger, office: Office, caller: Caller, mandate_id: str, now: int, evidence: str = ""
) -> Done:
    """Either side, at once (BW 3:72); an official for either who stands at the counter. Again: nothing changes.

    Of a request that nobody has activated: its code stops working. The represented is never told to wait. What was to
    follow on it ends with it.
    """
    identified(caller, "CITIZEN", "COUNTER")
    channel = "ONLINE" if caller.role == "CITIZEN" else "COUNTER"
    if caller.role == "COUNTER":
        _check_official(caller, evidence)
    request = office.desk.requests.find(mandate_id)
    if request is not None and request.state != "USED" and _may_cancel(request, caller):
        await _not_too_often(office, caller, request.represented, now)
        if await asyncio.to_thread(office.desk.requests.cancel, mandate_id):
            return Done(await ledger.head(), None, channel)
    done: list[Authority] = []
    await finish(ledger, office.desk, [_named(mandate_id)], now)
    held = await _of_caller(ledger, office, caller, mandate_id, now)
    await _not_too_often(office, caller, held.represented, now)
    by_holder = caller.role == "CITIZEN" and caller.subject != held.represented
    over = [_named(mandate_id), *(_named(each.id) for each in await _following(ledger, held, now))]

    async def plan() -> Plan:
        mandate = await _of_caller(ledger, office, caller, mandate_id, now)
        past = mandate.valid_until is not None and mandate.valid_until <= now
        if past or mandate.status in ("WITHDRAWN", "ENDED"):
            done[:] = [mandate]
            return Plan((), {}, _change("withdrawMandate", channel, mandate, evidence))
        before = [mandate, *await _following(ledger, mandate, now)]
        ended = [withdrawn(each, now) for each in before]
        after = ended[0]
        done[:] = [after]
        names = tuple(_named(each.id) for each in ended)
        return Plan(
            facts=ended,
            seen={_named(each.id): each.recorded_at for each in before},
            change=Change("withdrawMandate", "", names, channel=channel, evidence=evidence),
            messages=[each for one in ended for each in _to_both("WITHDRAWN", one)],
            also=partial(_take_along, after=after, by_holder=by_holder),
        )

    token = await perform(ledger, office.desk, caller, over, plan, now)
    return Done(token, done[0], channel)


async def _following(ledger: Ledger, mandate: Authority, now: int) -> list[Authority]:
    """Mandates made here for the same two and no other service that begin after this one and have not begun."""
    assert mandate.representative is not None
    services = mandate.services or ()
    begun = max(now, mandate.valid_from or now)
    around = await sides(ledger, mandate.represented, mandate.representative, services, now)
    return [
        each
        for each in around.over_represented
        if each.id.startswith(f"{OURS}/")
        and (each.representative, each.status) == (mandate.representative, "ACTIVE")
        and set(each.services or ()) <= set(services)
        and each.valid_from is not None
        and each.valid_from > begun
    ]


def _refuse_code(request: Request | None, subject: str, held: Authority | None, now: int) -> None:
    """As it stands now: somebody else may have used it meanwhile. Raises Refused, or Overtaken: read again."""
    if request is None or request.state not in ("OPEN", "USED"):
        raise Refused("WRONG_CODE", "code")
    if request.state == "USED" and request.activated_by != subject:
        raise Refused("CODE_USED", "code")
    if request.state == "USED" and held is None:
        raise Overtaken
    if request.state == "OPEN" and request.code_until <= now:
        raise Refused("CODE_EXPIRED", "code")


def _check_activation(around: Sides, request: Request, caller: Caller, now: int, *, organisation: str | None) -> None:
    """What is wrong with the represented is told to the represented alone: the holder hears NOT_POSSIBLE."""
    around.check_services(now)
    around.check_assurance(caller)
    if organisation:
        around.check_employment(request.services, now)
    around.check_holder(now)
    if request.valid_until <= now:
        raise Refused("WRONG_PERIOD")
    try:
        around.check_represented(now, _start(request, now))
    except Refused:
        raise Refused("NOT_POSSIBLE") from None


def _refuse_renewal(office: Office, mandate: Authority, around: Sides, end: int, now: int) -> None:
    refused = refusal_of_renewal(mandate, around.over_represented, end, now)
    if refused is None and end - now > office.terms.longest:
        refused = "PERIOD_TOO_LONG"
    if refused is not None:
        raise Refused(refused, "valid_until" if refused in ("WRONG_PERIOD", "PERIOD_TOO_LONG") else "id")


async def _renewal_asked(
    ledger: Ledger, office: Office, caller: Caller, held: Authority, until: int | None, now: int
) -> Asked:
    if held.status != "ACTIVE" or held.valid_until is None or held.valid_until <= now:
        raise Refused("NOT_ACTIVE", "id")
    organisation = held.representative if held.representative != caller.subject else None
    period = (held.valid_until, now + office.terms.longest if until is None else until)
    return await request_for(
        ledger, office, caller, held.represented, held.services or (), period, now, organisation=organisation
    )


async def _of_caller(ledger: Ledger, office: Office, caller: Caller, mandate_id: str, now: int) -> Authority:
    """The mandate, if the caller is a side of it, works for its holder, or is an official. Raises Refused.

    Whoever is none of these hears what is said of a mandate that is not there.
    """
    held = await _held(ledger, mandate_id)
    if caller.role == "COUNTER":
        if held is None:
            raise Refused("MANDATE_UNKNOWN", "id")
        if caller.subject in (held.represented, held.representative):
            raise Refused("FORBIDDEN", "id")
        return held
    subject = citizen(caller)
    represented, holder = (held.represented, held.representative or NOBODY) if held else (NOBODY, NOBODY)
    if held is not None and subject in (represented, holder):
        return held
    # read also where there is none, so that the time does not tell
    around = await sides(ledger, represented, holder, (), now, employee=subject)
    try:
        if held is None:
            raise Refused("MANDATE_UNKNOWN", "id")
        speaks_for(caller, holder)
        around.check_employment(held.services, now)
    except Refused:
        raise Refused("MANDATE_UNKNOWN", "id") from None
    return held


async def _held(ledger: Ledger, mandate_id: str) -> Authority | None:
    held = (await ledger.find("authority", [mandate_id])).get(mandate_id)
    return held if isinstance(held, Authority) and held.kind == "VOLUNTARY_MANDATE" else None


def _may_cancel(request: Request, caller: Caller) -> bool:
    """Who asked it, the represented who has had the letter, or an official for them."""
    if caller.role == "COUNTER":
        return caller.subject not in (request.represented, request.representative)
    person = citizen(caller)
    return person == request.asked_by or (person == request.represented and request.state == "OPEN")


async def _official(office: Office, caller: Caller, about: Sequence[str], now: int, evidence: str) -> None:
    """Somebody at a counter, who has seen a document, and not for themselves. Raises Refused."""
    identified(caller, "COUNTER")
    _check_official(caller, evidence)
    if caller.subject in about:
        raise Refused("FORBIDDEN")
    await limited(office.desk, [Limit(f"counter/{caller.subject}", office.limits.at_counter_an_hour, HOUR_US)], now)


def _check_official(caller: Caller, evidence: str) -> None:
    """A person who says what they have seen. Raises Refused."""
    if not caller.subject:
        raise Refused("UNAUTHENTICATED")
    if not evidence:
        raise Refused("EVIDENCE_REQUIRED", "identity_document")


async def _not_too_often(office: Office, caller: Caller, represented: str, now: int) -> None:
    if caller.subject != represented:
        who = f"withdrawal/{caller.role}/{caller.subject}"
        await limited(office.desk, [Limit(who, office.limits.withdrawals_an_hour, HOUR_US)], now)


def _code_limits(office: Office, subject: str, represented: str) -> list[Limit]:
    limits = office.limits
    return [
        Limit(f"code/{subject}", limits.wrong_codes_an_hour, HOUR_US),
        Limit(f"code/{subject}", limits.wrong_codes_a_day, DAY_US),
        Limit(f"code-about/{represented}", limits.wrong_codes_about_one_a_day, DAY_US),
    ]


def _use(database: sqlite3.Connection, *, request: str, by: str) -> None:
    """Raises Overtaken: somebody else was faster, or it was cancelled; reading again tells."""
    if not use(database, request, by):
        raise Overtaken


def _take_along(database: sqlite3.Connection, *, after: Authority, by_holder: bool) -> None:
    """With a withdrawal: codes on their way for the same; and what is to stay withdrawn whatever its register says."""
    assert after.representative is not None
    cancel_between(database, after.represented, after.representative, after.services or (), by_holder=by_holder)
    if not after.id.startswith(f"{OURS}/"):
        keep_withdrawn(database, after.id, after.recorded_at)


async def keep_withdrawn_ones(ledger: Ledger, office: Office, now: int) -> int:
    """Take back again what its own register has stated anew as if nothing had happened; how many there were.

    One whose register shows that it has ended is let go.
    """
    names = office.desk.requests.kept_withdrawn()
    found = await ledger.holding_versions([("authority", name) for name in names])
    taken = 0
    for name in names:
        held = found.get(("authority", name))
        if not isinstance(held, Authority) or held.status == "WITHDRAWN":
            continue
        if held.retracted or held.status == "ENDED" or (held.valid_until is not None and held.valid_until <= now):
            await asyncio.to_thread(office.desk.requests.let_go, name)
            continue
        await ledger.append([withdrawn(held, now)])
        taken += 1
    return taken


def _mandate(name: str, wanted: Wanted, now: int) -> Authority:
    """The register is the one of table 3 for this kind: we are a door to it."""
    return Authority(
        id=name,
        register="DIGID_MACHTIGEN",
        recorded_at=now,
        kind="VOLUNTARY_MANDATE",
        representative=wanted.representative,
        represented=wanted.represented,
        services=wanted.services,
        valid_from=wanted.start,
        valid_until=wanted.end,
    )


def _start(request: Request, now: int) -> int:
    return max(request.valid_from, now)


def _named(mandate_id: str) -> str:
    return f"authority/{mandate_id}"


def _change(mutation: str, channel: str, mandate: Authority, evidence: str = "") -> Change:
    return Change(mutation, "", (_named(mandate.id),), channel=channel, evidence=evidence)


def _to_both(kind: MessageKind, mandate: Authority) -> list[NewMessage]:
    assert mandate.representative is not None
    assert mandate.valid_from is not None
    sides_of: tuple[tuple[Side, str], ...] = (
        ("REPRESENTED", mandate.represented),
        ("REPRESENTATIVE", mandate.representative),
    )
    return [
        message(
            kind,
            party,
            About(
                mandate=mandate.id,
                side=side,
                services=mandate.services or (),
                valid_from=mandate.valid_from,
                valid_until=mandate.valid_until,
            ),
            mandate.recorded_at,
        )
        for side, party in sides_of
    ]
