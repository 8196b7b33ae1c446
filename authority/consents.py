"""Consents and refusals: who gives them, for how long they serve, how they end (facts.md chapter 2; domain.md 2, 4).

A consent for a travel document lasts three months at most and serves once: the provider who uses it ends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

import msgspec

from authority.case import birth_days, turns
from authority.codes import AUTHORITY_OVER_MINORS, REGISTER_STATEMENTS, Act, Domain
from authority.facts import Authority, Block, Consent, Person
from authority.mandates import later_than
from authority.moments import local_day, start_of_day

ConsentRefusal = Literal["NOTHING_TO_CONSENT_TO", "CHILD_TOO_YOUNG", "PROVIDER_REQUIRED", "WRONG_PERIOD"]
TRAVEL_ACTS: Final = frozenset({"PASSPORT", "IDENTITY_CARD"})
"""Of these a consent must name the act, and serves once."""
_TRAVEL_MONTHS: Final = 3
_ASKED: Final = AUTHORITY_OVER_MINORS | {"BEWIND", "HEIR"}
"""Kinds whose holders may be asked for their consent; others only where they are exercised jointly."""


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of what another may do. `given` False: a refusal. `until`: None: until it is withdrawn."""

    giver: str
    representative: str
    represented: str
    provider: str | None = None
    domain: Domain | None = None
    act: Act | None = None
    given: bool = True
    until: int | None = None


def refusal_of_giver(word: Word, giver: Person | None, over: Iterable[Authority], now: int) -> ConsentRefusal | None:
    """Only who can be asked gives consent, to somebody who has a ground or to the represented for their own act.

    `over`: authorities over the represented. A child under 12 is not asked, and from 12 to 15 says yes per provider.
    """
    standing = [each for each in over if _in_force(each, now) and each.kind not in REGISTER_STATEMENTS]
    if giver is None or word.giver == word.representative:
        return "NOTHING_TO_CONSENT_TO"
    if word.giver == word.represented:
        if not any(each.representative == word.representative for each in standing):
            return "NOTHING_TO_CONSENT_TO"
        if word.given and any(turns(born, 12) > now for born in birth_days(giver)):
            return "CHILD_TOO_YOUNG"
        minor = any(turns(born, 18) > now for born in birth_days(giver))
        return "PROVIDER_REQUIRED" if minor and word.given and word.provider is None else None
    asked = any(
        each.representative == word.giver and (each.kind in _ASKED or each.exercise == "JOINT") for each in standing
    )
    acts = word.representative == word.represented or any(
        each.representative == word.representative for each in standing
    )
    return None if asked and acts else "NOTHING_TO_CONSENT_TO"


def refusal_of_term(word: Word, now: int) -> ConsentRefusal | None:
    """For a travel document at one provider, for three months at most."""
    if word.until is not None and word.until <= now:
        return "WRONG_PERIOD"
    if word.act in TRAVEL_ACTS and word.given:
        if word.provider is None:
            return "PROVIDER_REQUIRED"
        if word.until is not None and word.until > travel_until(now):
            return "WRONG_PERIOD"
    return None


def travel_until(now: int) -> int:
    """Three months after this day, by the calendar; the last day of a shorter month."""
    day = date.fromordinal(local_day(now))
    months = day.year * 12 + day.month - 1 + _TRAVEL_MONTHS
    year, month = divmod(months, 12)
    for number in range(day.day, 0, -1):
        try:
            return start_of_day(date(year, month + 1, number).toordinal())
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def consent_of(word: Word, name: str, recorded_at: int) -> Consent:
    """The fact; a consent to a travel document without an end has the longest."""
    until = word.until
    if until is None and word.given and word.act in TRAVEL_ACTS:
        until = travel_until(recorded_at)
    return Consent(
        id=name,
        register="PROVIDER",
        recorded_at=recorded_at,
        from_=word.giver,
        representative=word.representative,
        represented=word.represented,
        provider=word.provider,
        domain=word.domain,
        act=word.act,
        given=word.given,
        valid_from=recorded_at,
        valid_until=until,
    )


def ended(fact: Consent | Block, now: int) -> Consent | Block:
    """The same statement, ended at this instant; one that has not begun is taken back. The past stays as it was."""
    at = later_than(fact, now)
    if fact.valid_from is not None and fact.valid_from >= at:
        return msgspec.structs.replace(fact, recorded_at=at, retracted=True)
    until = at if fact.valid_until is None else min(fact.valid_until, at)
    return msgspec.structs.replace(fact, recorded_at=at, valid_until=until)


def runs(fact: Consent | Block, now: int) -> bool:
    """Begun and not ended. What was recorded after `now` is looked at as of then: an end that is known counts."""
    at = max(now, fact.recorded_at)
    return (fact.valid_from is None or fact.valid_from <= at) and (fact.valid_until is None or at < fact.valid_until)


def overlap(one: Consent, other: Consent) -> bool:
    """Whether some question hangs on both: the same giver, representative and represented, and a scope in common.

    A consent that names no act is none to a travel document.
    """
    return (
        (one.from_, one.representative, one.represented) == (other.from_, other.representative, other.represented)
        and (one.provider == other.provider or None in (one.provider, other.provider))
        and (one.domain == other.domain or None in (one.domain, other.domain))
        and (one.act == other.act or (None in (one.act, other.act) and TRAVEL_ACTS.isdisjoint((one.act, other.act))))
    )


def _in_force(authority: Authority, now: int) -> bool:
    return (
        authority.status == "ACTIVE"
        and (authority.valid_from is None or authority.valid_from <= now)
        and (authority.valid_until is None or now < authority.valid_until)
    )
