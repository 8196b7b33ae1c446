"""Consents, refusals and blocks in GraphQL (docs/mandates.md)."""

# mypy: disable-error-code="untyped-decorator"
# strawberry.field does not say what it makes of a function
from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Self, cast

import strawberry
from strawberry import ID, argument

from authority import codes, facts
from authority.codes import COURT
from authority.consents import Word
from resolvers import blocks, consents
from resolvers.office import Office
from resolvers.telling import Change, tell
from schema.context import Info
from schema.evidence import Evidence, evidence_of
from schema.ids import HOLDER
from schema.mandates import AsOfAfter, Refusal, moment_of, party_of, record_of, tried
from schema.scalars import DateTime
from schema.words import Act, BlockReason, Domain

EvidenceNeeded = Annotated[
    str,
    argument(
        description="What was seen, such as the number of a ruling; at most 200 characters, never a BSN or a name. It "
        "goes into the audit record only."
    ),
]


@strawberry.type(description="What somebody said of what another may do: a consent, or a refusal (toestemming).")
class Consent:
    """A version of it."""

    id: ID
    giver: ID = strawberry.field(name="from", description="Who says so: a person, an organisation, or COURT.")
    representative: ID
    represented: ID
    provider: ID | None = strawberry.field(description="null: any.")
    domain: Domain | None = strawberry.field(description="null: any.")
    act: Act | None = strawberry.field(description="null: any.")
    given: bool = strawberry.field(description="false: a refusal.")
    valid_from: DateTime | None
    valid_until: DateTime | None = strawberry.field(description="Does not belong to it; null: open.")

    @classmethod
    def of(cls, known: facts.Consent) -> Self:
        """From a fact."""
        return cls(
            id=ID(known.id),
            giver=ID(known.from_),
            representative=ID(known.representative),
            represented=ID(known.represented),
            provider=cast("ID | None", known.provider),
            domain=known.domain,
            act=known.act,
            given=known.given,
            valid_from=cast("DateTime | None", known.valid_from),
            valid_until=cast("DateTime | None", known.valid_until),
        )


@strawberry.type(description="A provider refuses representatives of somebody (blokkade).")
class Block:
    """A version of it."""

    id: ID
    provider: ID
    represented: ID
    representative: ID | None = strawberry.field(description="null: everybody but the person.")
    reason: BlockReason
    valid_from: DateTime | None
    valid_until: DateTime | None = strawberry.field(description="Does not belong to it; null: open.")

    @classmethod
    def of(cls, known: facts.Block) -> Self:
        """From a fact."""
        return cls(
            id=ID(known.id),
            provider=ID(known.provider),
            represented=ID(known.represented),
            representative=cast("ID | None", known.representative),
            reason=known.reason,
            valid_from=cast("DateTime | None", known.valid_from),
            valid_until=cast("DateTime | None", known.valid_until),
        )


@strawberry.type(description="What became of the consents.")
class ConsentsPayload:
    """All of it, or nothing and why."""

    as_of: str = strawberry.field(description=AsOfAfter)
    consents: list[Consent] = strawberry.field(description="As they hold now; empty where nothing was done.")
    user_errors: list[Refusal]


@strawberry.type(description="What became of the block.")
class BlockPayload:
    """Done, or nothing and why."""

    as_of: str = strawberry.field(description=AsOfAfter)
    block: Block | None
    user_errors: list[Refusal]


@strawberry.type
class ConsentMutations:
    """A citizen speaks for themselves, a provider for itself."""

    @strawberry.mutation(
        description="Say yes, or no, to what a representative may do. A citizen speaks for themselves; a provider "
        "records what was said or shown to it, with evidence, and the court's leave as `from: COURT`. The newest word "
        "about the same takes the place of the one before. For a passport or identity card it lasts three months at "
        "most and serves once (`useConsents`)."
    )
    async def give_consent(  # noqa: PLR0913, PLR0917 - the arguments of the field
        self,
        info: Info,
        representative: Annotated[ID, argument(description="Who wants to act: a person or an organisation.")],
        represented: ID,
        giver: Annotated[ID | None, argument(name="from", description="Of a provider: who said so, or COURT.")] = None,
        provider: Annotated[ID | None, argument(description="Only there; null: anywhere.")] = None,
        domain: Domain | None = None,
        act: Act | None = None,
        given: Annotated[bool, argument(description="false: a refusal.")] = True,
        valid_until: DateTime | None = None,
        evidence: Evidence = None,
    ) -> ConsentsPayload:
        """`resolvers.consents.give`."""
        seen = evidence_of(evidence)
        word = Word(
            giver=("" if giver is None else giver if giver == COURT else party_of("from", giver, *HOLDER)),
            representative=party_of("representative", representative, *HOLDER),
            represented=party_of("represented", represented, "Person"),
            provider=party_of("provider", provider, "Provider") if provider else None,
            domain=cast("codes.Domain | None", str(domain) if domain else None),
            act=cast("codes.Act | None", str(act) if act else None),
            given=given,
            until=moment_of("valid_until", valid_until),
        )
        context = info.context
        return await _consents(
            info,
            "giveConsent",
            lambda office: consents.give(record_of(info), office, context.caller, word, context.now, seen),
            seen,
        )

    @strawberry.mutation(
        description="Take a consent or refusal back at once: by who gave it, or by the provider where it was given."
    )
    async def withdraw_consent(self, info: Info, id: ID, evidence: Evidence = None) -> ConsentsPayload:  # noqa: A002 - the argument's name
        """`resolvers.consents.withdraw`."""
        seen, context = evidence_of(evidence), info.context
        return await _consents(
            info,
            "withdrawConsent",
            lambda office: consents.withdraw(
                record_of(info), office, context.caller, party_of("id", id), context.now, seen
            ),
            seen,
        )

    @strawberry.mutation(
        description="Use consents that serve once, such as those for a passport, all or none: before the act, and only "
        "who hears no error goes on. Of two who use the same at once one hears CONSENT_ENDED."
    )
    async def use_consents(self, info: Info, ids: list[ID], evidence: Evidence = None) -> ConsentsPayload:
        """`resolvers.consents.use`."""
        seen, context = evidence_of(evidence), info.context
        return await _consents(
            info,
            "useConsents",
            lambda office: consents.use(
                record_of(info), office, context.caller, [party_of("ids", each) for each in ids], context.now, seen
            ),
            seen,
        )

    @strawberry.mutation(
        description="Refuse a representative, or all, for somebody: for good care, a ruling, or safety; at this "
        "provider only, from now on. Nobody is told."
    )
    async def place_block(
        self,
        info: Info,
        represented: ID,
        reason: BlockReason,
        evidence: EvidenceNeeded,
        representative: Annotated[ID | None, argument(description="null: everybody but the person.")] = None,
        valid_until: DateTime | None = None,
    ) -> BlockPayload:
        """`resolvers.blocks.place`."""
        wanted = blocks.WantedBlock(
            represented=party_of("represented", represented, "Person"),
            representative=party_of("representative", representative, *HOLDER) if representative else None,
            reason=cast("codes.BlockReason", str(reason)),
            until=moment_of("valid_until", valid_until),
        )
        seen, context = evidence_of(evidence), info.context
        return await _block(
            info,
            "placeBlock",
            lambda office: blocks.place(record_of(info), office, context.caller, wanted, context.now, seen),
            seen,
        )

    @strawberry.mutation(description="End a block of this provider at once.")
    async def lift_block(self, info: Info, id: ID, evidence: EvidenceNeeded) -> BlockPayload:  # noqa: A002 - the argument's name
        """`resolvers.blocks.lift`."""
        seen, context = evidence_of(evidence), info.context
        return await _block(
            info,
            "liftBlock",
            lambda office: blocks.lift(record_of(info), office, context.caller, party_of("id", id), context.now, seen),
            seen,
        )


async def _consents(
    info: Info, mutation: str, work: Callable[[Office], Awaitable[consents.Said]], evidence: str
) -> ConsentsPayload:
    done, errors = await tried(info, mutation, work, evidence=evidence)
    if done is None:
        return ConsentsPayload(as_of=str(await record_of(info).head()), consents=[], user_errors=errors)
    as_of = _told(info, mutation, done.token, tuple(f"consent/{each.id}" for each in done.consents), evidence)
    return ConsentsPayload(as_of=as_of, consents=[Consent.of(each) for each in done.consents], user_errors=errors)


async def _block(
    info: Info, mutation: str, work: Callable[[Office], Awaitable[blocks.Placed]], evidence: str
) -> BlockPayload:
    done, errors = await tried(info, mutation, work, evidence=evidence)
    if done is None:
        return BlockPayload(as_of=str(await record_of(info).head()), block=None, user_errors=errors)
    as_of = _told(info, mutation, done.token, (f"block/{done.block.id}",), evidence)
    return BlockPayload(as_of=as_of, block=Block.of(done.block), user_errors=errors)


def _told(info: Info, mutation: str, token: Any, stated: tuple[str, ...], evidence: str) -> str:
    channel = "ONLINE" if info.context.caller.role == "CITIZEN" else "PAPER"
    tell(Change(mutation, str(token), stated, channel=channel, evidence=evidence))
    return str(token)
