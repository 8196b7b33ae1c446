"""The two sides of a mandate as the ledger has them, and for whom a caller may speak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from authority.codes import ASSURANCE_RANK
from authority.facts import Authority, Employment, Organisation, Person, Provider, Service
from authority.mandates import (
    refusal_of_representative,
    refusal_of_represented,
    refusal_of_service,
)
from authority.question import Question
from graph.ledger import Ledger
from resolvers.caller import Caller
from resolvers.refusals import Refused

NOBODY: Final = "~"
"""Where a question must name somebody and nobody is meant; no opaque id begins so."""


class Sides(msgspec.Struct, frozen=True):
    """What is known around a mandate that is to be given, changed or taken back."""

    services: tuple[Service | None, ...]
    providers: tuple[Provider | None, ...]
    represented: Person | None
    holder: Person | Organisation | None
    over_represented: Sequence[Authority]
    over_holder: Sequence[Authority]
    employments: Sequence[Employment]

    def check_services(self, now: int) -> None:
        """Raises Refused."""
        for service, provider in zip(self.services, self.providers, strict=True):
            _refuse(refusal_of_service(service, provider, now), "service")

    def check_holder(self, now: int) -> None:
        """Raises Refused."""
        _refuse(refusal_of_representative(self.holder, self.over_holder, self._known(), now), "representative")

    def check_represented(self, now: int, start: int) -> None:
        """Raises Refused."""
        _refuse(
            refusal_of_represented(self.represented, self.over_represented, self._known(), now, start), "represented"
        )

    def check_assurance(self, caller: Caller) -> None:
        """The caller has logged in as surely as every one of these services asks. Raises Refused."""
        needed = max((ASSURANCE_RANK[service.minimum_assurance] for service in self._known()), default=0)
        if caller.assurance is None or ASSURANCE_RANK[caller.assurance] < needed:
            raise Refused("STEP_UP_REQUIRED")

    def check_employment(self, services: Sequence[str] | None, now: int) -> None:
        """The caller works at the holder now, for all of these services; None: for whatever. Raises Refused."""
        now_running = [each for each in self.employments if _runs(each, now)]
        if not now_running:
            raise Refused("NOT_EMPLOYED", "organisation")
        for service in services or ():
            if not any(each.services is None or service in each.services for each in now_running):
                raise Refused("EMPLOYEE_NOT_AUTHORISED", "organisation")

    def _known(self) -> list[Service]:
        return [service for service in self.services if service is not None]


async def sides(
    ledger: Ledger, represented: str, holder: str, services: Sequence[str], now: int, *, employee: str | None = None
) -> Sides:
    """`holder`: a person or an organisation; `employee`: who speaks for the organisation, if anybody does."""
    first = services[0] if services else f"{NOBODY}/{NOBODY}"
    question = Question(
        representative=employee or holder or NOBODY,
        represented=represented,
        provider=first.partition("/")[0],
        service=first,
        assurance="HIGH",
        at=now,
        organisation=holder if employee else None,
    )
    around = await ledger.neighbourhood(question)
    offered = await ledger.find("service", services)
    known = [each if isinstance(each := offered.get(name), Service) else None for name in services]
    named = sorted({service.provider for service in known if service is not None})
    offering = await ledger.find("provider", named)
    party: Person | Organisation | None = around.people.get(holder) if not employee else around.organisation
    if party is None and not employee:
        found = (await ledger.find("organisation", [holder])).get(holder)
        party = found if isinstance(found, Organisation) else None
    return Sides(
        services=tuple(known),
        providers=tuple(_provider(service, offering) for service in known),
        represented=around.people.get(represented),
        holder=party,
        over_represented=around.authorities.get(represented, ()),
        over_holder=around.authorities.get(holder, ()),
        employments=around.employments,
    )


def citizen(caller: Caller) -> str:
    """The person who logged in, for themselves. Raises Refused."""
    identified(caller, "CITIZEN")
    if not caller.subject:
        raise Refused("UNAUTHENTICATED")
    return caller.subject


def provider_of(caller: Caller) -> str:
    """The provider that asks, of itself. Raises Refused."""
    identified(caller, "PROVIDER")
    if not caller.party:
        raise Refused("FORBIDDEN")
    return caller.party


def identified(caller: Caller, *roles: str) -> None:
    """Raises Refused: nobody has been identified, or somebody of another role."""
    if caller.role is None:
        raise Refused("UNAUTHENTICATED")
    if caller.role not in roles:
        raise Refused("FORBIDDEN")


def _provider(service: Service | None, offering: Mapping[str, object]) -> Provider | None:
    found = offering.get(service.provider) if service is not None else None
    return found if isinstance(found, Provider) else None


def _runs(employment: Employment, now: int) -> bool:
    begun = employment.valid_from is None or employment.valid_from <= now
    return begun and (employment.valid_until is None or now < employment.valid_until)


def _refuse(code: str | None, field: str) -> None:
    if code is not None:
        raise Refused(code, field)
