"""What can be changed: facts are recorded, all or none."""

# mypy: disable-error-code="untyped-decorator"
# strawberry.field does not say what it makes of a function
from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

import strawberry
from strawberry import ID, UNSET
from strawberry.scalars import JSON

from graph.errors import BadInput, Problem
from resolvers import facts, onboarding
from resolvers.telling import Change, tell
from schema.consents import ConsentMutations
from schema.context import Info
from schema.errors import camel, without_numbers
from schema.evidence import Evidence, evidence_of
from schema.ids import id_of
from schema.mandates import MandateMutations
from schema.scalars import DateTime
from schema.things import Provider
from schema.words import Assurance, Channel, Domain, EvidenceChannel, Matter, ProviderStatus, Route, Sector


@strawberry.type(description="What is wrong with one fact. Nothing was recorded.")
class UserError:
    """`graph.errors.Problem`."""

    code: str = strawberry.field(
        description="Stable: MALFORMED, UNKNOWN_FIELD, MISSING_FIELD, WRONG_VALUE, BAD_INTERVAL, RESERVED_ID, "
        "UNKNOWN_REFERENCE, CONFLICT; of providers also WRONG_STEP, ROUTE_REQUIRED, SERVICE_REQUIRED, "
        "MANDATE_ROUTE_REQUIRED."
    )
    message: str = strawberry.field(description="What was found and what was expected.")
    field: str | None = strawberry.field(description="The fact's field, as facts name it.")
    line: int = strawberry.field(description="Which of the facts or providers, counted from 1.")


@strawberry.type(description="What `recordFacts` did: all of it, or nothing and why.")
class RecordFactsPayload:
    """All or none."""

    as_of: str = strawberry.field(
        description="The ledger's position after it; pass it as `atLeast` so that a later question sees these facts."
    )
    recorded: int = strawberry.field(description="How many were new; a fact that the ledger has already is no change.")
    user_errors: list[UserError]


@strawberry.input(description="A service, or what of it changes. What is left out stays as it is, or has its default.")
class ServiceInput:
    """facts.md chapter 2."""

    id: ID = strawberry.field(description="Its last part, or the full id.")
    domain: Domain | None = UNSET
    minimum_assurance: Assurance | None = UNSET
    channel: Channel | None = UNSET
    routine: bool | None = UNSET
    mandatable: bool | None = UNSET
    matter: Matter | None = UNSET
    name: str | None = UNSET


@strawberry.input(description="A provider that applies.")
class ProviderInput:
    """`resolvers.onboarding.onboard`."""

    id: ID
    sector: Sector
    name: str | None = UNSET
    supplier: str | None = strawberry.field(default=UNSET, description="Whose software it uses.")
    route: Route | None = UNSET
    services: list[ServiceInput] | None = UNSET


@strawberry.input(description="What of a provider changes together with its step.")
class ProviderChange:
    """`resolvers.onboarding.onboard`."""

    name: str | None = UNSET
    supplier: str | None = UNSET
    route: Route | None = UNSET
    live_from: DateTime | None = strawberry.field(default=UNSET, description="With LIVE: from when; null: at once.")
    services: list[ServiceInput] | None = UNSET


@strawberry.type(description="What was done to providers: all of it, or nothing and why.")
class ProvidersPayload:
    """All or none."""

    as_of: str = strawberry.field(
        description="The ledger's position after it; pass it as `atLeast` so that a later question sees it."
    )
    providers: list[Provider] = strawberry.field(description="As they hold now; empty where nothing was done.")
    user_errors: list[UserError]


@strawberry.type
class Mutation(MandateMutations, ConsentMutations):
    """DESIGN.md chapter 6."""

    @strawberry.mutation(
        description="Record facts, all or none: objects as in a facts file, with snake_case fields. A fact without "
        "recorded_at is recorded now. What was seen, and how it came, goes into the audit record, not into a fact."
    )
    async def record_facts(
        self,
        info: Info,
        facts: list[JSON],
        evidence: Evidence = None,
        channel: EvidenceChannel | None = None,
    ) -> RecordFactsPayload:
        """Durable when it returns."""
        seen = evidence_of(evidence)
        done = await _record(info, facts)
        tell(
            Change(
                mutation="recordFacts",
                as_of=str(done.token),
                facts=done.stated,
                refused=codes_of(done.problems),
                channel=str(channel or ""),
                evidence=seen,
            )
        )
        return RecordFactsPayload(
            as_of=str(done.token), recorded=done.recorded, user_errors=[_told(problem) for problem in done.problems]
        )

    @strawberry.mutation(description="Providers apply, at most 1,000 at once, all or none: each begins as APPLIED.")
    async def onboard_provider(self, info: Info, providers: list[ProviderInput]) -> ProvidersPayload:
        """`authority.onboarding.STEPS`."""
        stated = [_said(each) for each in providers]
        return await _onboard(info, "onboardProvider", [{**each, "status": "APPLIED"} for each in stated])

    @strawberry.mutation(
        description="Bring providers to their next status, such as all customers of one supplier; at most 1,000 at "
        "once, all or none."
    )
    async def advance_provider(
        self, info: Info, ids: list[ID], to: ProviderStatus, change: ProviderChange | None = None
    ) -> ProvidersPayload:
        """`authority.onboarding.STEPS`."""
        changes = _said(change) if change is not None else {}
        named = [id_of(each, f"ids[{place}]", "Provider") for place, each in enumerate(ids)]
        stated = [{**changes, "id": each, "status": str(to)} for each in named]
        return await _onboard(info, "advanceProvider", stated)


async def _onboard(info: Info, mutation: str, stated: list[dict[str, object]]) -> ProvidersPayload:
    if len(stated) > onboarding.TOGETHER_MAX:
        found, expected = f"{len(stated)} providers", f"at most {onboarding.TOGETHER_MAX}"
        raise BadInput([Problem("WRONG_VALUE", field="providers", found=found, expected=expected)])
    done = await onboarding.onboard(info.context.ledger, stated, now=info.context.now)
    tell(Change(mutation, str(done.token), done.stated, codes_of(done.problems)))
    return ProvidersPayload(
        as_of=str(done.token),
        providers=[Provider.of(each, info.context.now) for each in done.providers],
        user_errors=[_told(problem, camel) for problem in done.problems],
    )


def codes_of(problems: Sequence[Problem]) -> tuple[str, ...]:
    """Each code once, in order."""
    return tuple(dict.fromkeys(problem.code for problem in problems))


def _said(given: object) -> dict[str, Any]:
    """An input as the object that a file has: only what was said, in snake case."""
    said: dict[str, Any] = {}
    for name, value in vars(given).items():
        if value is UNSET:
            continue
        if isinstance(value, list):
            said[name] = [_said(each) for each in value]
        else:
            said[name] = str(value) if isinstance(value, Enum) else value
    return said


async def _record(info: Info, stated: list[JSON]) -> facts.Recorded:
    caller = info.context.caller
    keeper = caller.party if caller.role == "REGISTER" else None
    provider = caller.party if caller.role == "PROVIDER" else None
    return await facts.record(info.context.ledger, stated, now=info.context.now, keeper=keeper, provider=provider)


def _told(problem: Problem, written: Callable[[str], str] = str) -> UserError:
    """`written`: how the caller writes a field's name."""
    return UserError(
        code=problem.code,
        message=without_numbers(problem.sentence),
        field=without_numbers(written(problem.field)) or None,
        line=problem.line,
    )
