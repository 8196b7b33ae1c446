"""What can be followed. Each begins at a token where one is given, and goes on until either side ends it."""

# mypy: disable-error-code="untyped-decorator"
# strawberry.subscription does not say what it makes of a function
from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Final, Self

import strawberry
from strawberry import ID, Private, argument
from strawberry.utils.str_converters import to_camel_case

from authority import facts
from graph.errors import BadInput, BadToken, Problem
from graph.following import Topic
from resolvers import changes
from resolvers.live import Live, Told
from resolvers.reading import Sight
from schema.context import Info
from schema.decisions import Decision, QuestionInput
from schema.ids import HOLDER, id_of
from schema.query import looked_at
from schema.things import Authority, Provider, Service, fact
from schema.words import DecisionCause

_AT: Final = "@"
Since = Annotated[
    str | None,
    argument(description="A ledger token: everything after it, each change once. Without it: from now on."),
]
Resume = Annotated[
    str | None,
    argument(
        description="The `resume` of the last decision that was told: nothing is told twice or left out. Or a ledger "
        "token, such as a decision's or a mutation's `asOf`: the decision there or later is told first."
    ),
]


@strawberry.type(description="An authority as it was stated, corrected, withdrawn or taken back.")
class AuthorityChanged:
    """`resolvers.changes.AuthorityChange`."""

    as_of: str = strawberry.field(description="The token of the ledger position; `after` it the next change comes.")
    id: ID = strawberry.field(description="The authority's.")
    authority: Authority | None = strawberry.field(
        description="As it holds from here on; null: it was taken back, or concerns whom you follow no more."
    )
    changed: list[str] = strawberry.field(
        description="The fields that say something else than before; empty where it is new to you, or gone."
    )


@strawberry.type(description="A provider, or a service of it, as it was stated, changed or taken back.")
class ProviderChanged:
    """`resolvers.changes.ProviderChange`."""

    as_of: str = strawberry.field(description="The token of the ledger position; `after` it the next change comes.")
    id: ID = strawberry.field(description="The provider's.")
    service_id: ID | None = strawberry.field(description="The service's; null: the provider itself changed.")
    changed: list[str] = strawberry.field(
        description="The fields that say something else than before; empty for what is new."
    )
    sight: Private[Sight]
    offered: Private[bool]

    @strawberry.field(description="As it holds from here on; null: it was taken back.")
    async def provider(self, info: Info) -> Provider | None:
        """At this position of the ledger."""
        known = await fact(info, facts.Provider, "provider", self.id, self.sight)
        return Provider.of(known, info.context.now, self.sight) if known else None

    @strawberry.field(description="As it holds from here on; null: none changed, or this provider has it no more.")
    async def service(self, info: Info) -> Service | None:
        """At this position of the ledger."""
        if self.service_id is None or not self.offered:
            return None
        known = await fact(info, facts.Service, "service", self.service_id, self.sight)
        return Service.of(known, self.sight) if known else None


@strawberry.type(description="A decision that differs from the one told before it, and why it is told now.")
class DecisionChanged:
    """`resolvers.live.Told`."""

    cause: DecisionCause
    decision: Decision
    resume: str = strawberry.field(description="Pass it as `after` to go on from here.")

    @classmethod
    def of(cls, told: Told) -> Self:
        """From what is told."""
        decision = Decision.of(told.answer)
        return cls(cause=told.cause, decision=decision, resume=f"{decision.as_of}{_AT}{told.now}")


@strawberry.type
class Subscription:
    """DESIGN.md chapter 6."""

    @strawberry.subscription(
        description="Each change of an authority that this representative holds, or over this person, or both: name at "
        "least one of them."
    )
    async def authority_changed(
        self,
        info: Info,
        representative: ID | None = None,
        represented: ID | None = None,
        after: Since = None,
    ) -> AsyncGenerator[AuthorityChanged, None]:
        """Each once, in the order of the ledger."""
        holder = None if representative is None else id_of(representative, "representative", *HOLDER)
        person = None if represented is None else id_of(represented, "represented", "Person")
        if holder is None and person is None:
            expected = "a representative, a represented person, or both"
            raise BadInput([Problem("MISSING_FIELD", field="representative", expected=expected)])
        topic: Topic = ("about", person) if person is not None else ("holder", holder or "")
        live = _live(info)
        async with aclosing(live.steps(topic, after)) as steps:
            async for step in steps:
                change = changes.authority_change(step, holder, person)
                if change is None:
                    continue
                info.context.renew()
                looked_at(info, change.id)
                known = change.fact
                yield AuthorityChanged(
                    as_of=live.token(change.position),
                    id=ID(change.id),
                    authority=Authority.of(known, Sight(change.position)) if known is not None else None,
                    changed=[to_camel_case(name) for name in change.changed],
                )

    @strawberry.subscription(
        description="Each change of a provider or of its services; without `id`, of all. That time comes for a "
        "provider to be live is no change."
    )
    async def provider_changed(
        self,
        info: Info,
        id: ID | None = None,  # noqa: A002 - the field's name
        after: Since = None,
    ) -> AsyncGenerator[ProviderChanged, None]:
        """Each once, in the order of the ledger."""
        provider = None if id is None else id_of(id, "id", "Provider")
        topic: Topic = ("providers", "") if provider is None else ("provider", provider)
        live = _live(info)
        async with aclosing(live.steps(topic, after)) as steps:
            async for step in steps:
                change = changes.provider_change(step, provider)
                if change is None:
                    continue
                info.context.renew()
                yield ProviderChanged(
                    as_of=live.token(change.position),
                    id=ID(change.provider),
                    service_id=None if change.service is None else ID(change.service),
                    changed=[to_camel_case(name) for name in change.changed],
                    sight=Sight(change.position),
                    offered=change.offered,
                )

    @strawberry.subscription(
        description="The decision on this question now, and each one that differs from it later: because a fact was "
        "learnt, or because time came. Always as it holds; what came and went in between is not told. By the "
        "`validUntil` that was told at the latest there is word again."
    )
    async def decision_changed(
        self, info: Info, question: QuestionInput, after: Resume = None
    ) -> AsyncGenerator[DecisionChanged, None]:
        """Decided at the newest position; without `at` in the question, at each moment's now."""
        asked = question.question("question.", info.context.now)
        token, since = _resumed(after)
        about_now = question.said.get("at") is None
        told = _live(info).decisions(asked, about_now=about_now, after=token, since=since)
        async with aclosing(told) as decisions:
            async for each in decisions:
                info.context.renew()
                yield DecisionChanged.of(each)


def _resumed(after: str | None) -> tuple[str | None, int | None]:
    """The token, and the instant of the decision that was told there. Raises BadToken."""
    if after is None or _AT not in after:
        return after, None
    token, _, instant = after.rpartition(_AT)
    if not instant.isascii() or not instant.isdigit() or len(instant) > 18:
        raise BadToken(f"not what a decision was told to resume by: {after[:80]!r}")
    return token, int(instant)


def _live(info: Info) -> Live:
    live = info.context.live
    assert live is not None, "a subscription outside a server"
    return live
