"""The mandate desk in GraphQL: requests, codes, mandates, and what a citizen sees of their own (docs/mandates.md)."""

# mypy: disable-error-code="untyped-decorator"
# strawberry.field does not say what it makes of a function
from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Self, TypeVar, cast

import strawberry
from strawberry import ID, argument

from authority.codes import COURT
from authority.facts import Authority as Mandated
from authority.mandates import MandateState as State
from authority.moments import instant
from graph import fields
from graph.desk.requests import Request
from graph.errors import BadInput, Problem
from graph.fields import is_id
from graph.ledger import Ledger
from resolvers import mandate_requests, mandates, my_mandates, paging
from resolvers.office import Office, at_record
from resolvers.refusals import TEXTS, Refused
from resolvers.telling import Change, tell
from schema.context import Info
from schema.decisions import PageInfo, page_info
from schema.errors import camel
from schema.ids import HOLDER, id_of
from schema.scalars import DateTime
from schema.words import IdentityDocument, MandateSide, MandateState, RequestChannel

MY_MANDATES = "myMandates"
T = TypeVar("T")

AsOfAfter = "The ledger's position after it; pass it as `atLeast` so that a later question sees it."
Organisation = Annotated[ID | None, argument(description="I act for this organisation, where I work.")]
From = Annotated[DateTime | None, argument(description="Default: now.")]
Until = Annotated[DateTime | None, argument(description="Does not belong to it. Default: as long as may be.")]
Seen = Annotated[
    IdentityDocument | None,
    argument(description="Of an official: the document that they have seen; it goes into the audit record only."),
]


@strawberry.type(description="Why nothing was done.")
class Refusal:
    """`resolvers.refusals.Refused`."""

    code: str = strawberry.field(description="Stable; docs/mandates.md lists them.")
    message: str = strawberry.field(description="For the person at the screen, in the language that they prefer.")
    field: str | None = strawberry.field(description="Which of the arguments is the matter; null: none of them.")


@strawberry.type(description="A voluntary mandate that has been activated (machtiging).")
class Mandate:
    """`resolvers.my_mandates.Standing`."""

    id: ID = strawberry.field(description="Of the authority, and of the request that it came from.")
    status: MandateState
    representative: ID = strawberry.field(description="Who may act: a person or an organisation (gemachtigde).")
    represented: ID = strawberry.field(description="For whom (vertegenwoordigde).")
    services: list[ID] = strawberry.field(description="For what.")
    valid_from: DateTime
    valid_until: DateTime | None = strawberry.field(description="Does not belong to it; null: open.")

    @classmethod
    def of(cls, known: Mandated, state: State) -> Self:
        """From a fact."""
        return cls(
            id=ID(known.id),
            status=state,
            representative=ID(known.representative or ""),
            represented=ID(known.represented),
            services=cast("list[ID]", list(known.services or ())),
            valid_from=cast("DateTime", known.valid_from),
            valid_until=cast("DateTime | None", known.valid_until),
        )


@strawberry.type(description="A mandate that was asked for and that nobody has activated yet.")
class MandateRequest:
    """`graph.desk.requests.Request`."""

    id: ID = strawberry.field(description="Will be the id of the mandate.")
    status: MandateState
    channel: RequestChannel
    representative: ID | None = strawberry.field(description="Who alone may use the code; null: whoever brings it.")
    represented: ID = strawberry.field(description="For whom; tells nothing about whether such a person exists.")
    services: list[ID]
    valid_from: DateTime
    valid_until: DateTime
    code_valid_until: DateTime = strawberry.field(description="From then on its code does not work any more.")

    @classmethod
    def of(cls, known: Request, now: int) -> Self:
        """From the desk."""
        return cls(
            id=ID(known.id),
            status=my_mandates.state_of_request(known, now),
            channel=known.channel,
            representative=ID(known.representative) if known.representative else None,
            represented=ID(known.represented),
            services=cast("list[ID]", list(known.services)),
            valid_from=DateTime(known.valid_from),
            valid_until=DateTime(known.valid_until),
            code_valid_until=DateTime(known.code_until),
        )


@strawberry.type
class MandateEdge:
    """Relay's edge."""

    cursor: str
    node: Mandate


@strawberry.type(description="Mandates of the caller, by represented person and id.")
class MandateConnection:
    """Relay's connection."""

    nodes: list[Mandate]
    edges: list[MandateEdge]
    page_info: PageInfo


@strawberry.type(description="What became of the request.")
class RequestMandatePayload:
    """Of a helper's request it says the same whether the person exists or not."""

    as_of: str = strawberry.field(description=AsOfAfter)
    request: MandateRequest | None
    activation_code: str | None = strawberry.field(
        description="Only where the represented asks, and only in this answer (machtigingscode): hand it over together "
        "with your number. Where a helper asks it goes to the represented by letter."
    )
    user_errors: list[Refusal]


@strawberry.type(description="What became of the mandate.")
class MandatePayload:
    """Done, or nothing and why."""

    as_of: str = strawberry.field(description=AsOfAfter)
    mandate: Mandate | None = strawberry.field(description="As it holds now; null where a request was all there was.")
    user_errors: list[Refusal]


@strawberry.type(description="What became of the renewal: the mandate at once, or a request whose code goes by letter.")
class RenewMandatePayload:
    """Done, or nothing and why."""

    as_of: str = strawberry.field(description=AsOfAfter)
    mandate: Mandate | None
    request: MandateRequest | None
    user_errors: list[Refusal]


@strawberry.type
class MandateMutations:
    """Who acts is always the caller."""

    @strawberry.mutation(
        description="Ask for a mandate. Without `represented`: for somebody who is to act for me; the answer has the "
        "code to hand over. With `represented`: I want to act for that person; the code goes to them by letter."
    )
    async def request_mandate(
        self,
        info: Info,
        service: ID,
        represented: Annotated[ID | None, argument(description="Whom I want to act for.")] = None,
        representative: Annotated[
            ID | None,
            argument(description="Without `represented`: who alone may use the code; else whoever brings it."),
        ] = None,
        organisation: Organisation = None,
        valid_from: From = None,
        valid_until: Until = None,
    ) -> RequestMandatePayload:
        """`resolvers.mandate_requests`."""
        services = (party_of("service", service, "Service"),)
        period = (moment_of("valid_from", valid_from), moment_of("valid_until", valid_until))
        helper = _perhaps("representative", representative, *HOLDER)
        other = _perhaps("represented", represented, "Person")
        works_for = _perhaps("organisation", organisation, "Organisation")

        async def work(office: Office) -> mandate_requests.Asked:
            context = info.context
            if other is None or other == context.caller.subject:
                if works_for:
                    raise Refused("FORBIDDEN", "organisation")
                return await mandate_requests.request_own(
                    record_of(info), office, context.caller, services[0], period, context.now, representative=helper
                )
            if helper:
                raise Refused("FORBIDDEN", "representative")
            return await mandate_requests.request_for(
                record_of(info),
                office,
                context.caller,
                other,
                services,
                period,
                context.now,
                organisation=works_for,
            )

        done, errors = await tried(info, "requestMandate", work)
        as_of = str(await record_of(info).head())
        if done is None:
            return RequestMandatePayload(as_of=as_of, request=None, activation_code=None, user_errors=errors)
        tell(Change("requestMandate", as_of, (f"request/{done.request.id}",), channel=done.request.channel))
        return RequestMandatePayload(
            as_of=as_of,
            request=MandateRequest.of(done.request, info.context.now),
            activation_code=done.code,
            user_errors=errors,
        )

    @strawberry.mutation(
        description="Use the code that the represented handed over; from then on I may act for them (activeren)."
    )
    async def activate_mandate(
        self,
        info: Info,
        represented: Annotated[ID, argument(description="Who gave me the code.")],
        code: Annotated[str, argument(description="Small letters, spaces and dashes do not matter.")],
        organisation: Organisation = None,
    ) -> MandatePayload:
        """`resolvers.mandates.activate`."""
        person = party_of("represented", represented, "Person")
        works_for = _perhaps("organisation", organisation, "Organisation")
        context = info.context
        return await _mandate(
            info,
            "activateMandate",
            lambda office: mandates.activate(
                record_of(info), office, context.caller, person, code, context.now, organisation=works_for
            ),
        )

    @strawberry.mutation(
        description="An official who has seen the represented's identity document registers the mandate (balie)."
    )
    async def register_mandate_at_counter(
        self,
        info: Info,
        represented: ID,
        representative: Annotated[ID, argument(description="A person or an organisation.")],
        service: ID,
        identity_document: IdentityDocument,
        valid_from: From = None,
        valid_until: Until = None,
    ) -> MandatePayload:
        """`resolvers.mandates.register_at_counter`."""
        wanted = mandates.Wanted(
            represented=party_of("represented", represented, "Person"),
            representative=party_of("representative", representative, *HOLDER),
            services=(party_of("service", service, "Service"),),
            start=moment_of("valid_from", valid_from),
            end=moment_of("valid_until", valid_until),
        )
        context, seen = info.context, str(identity_document)
        return await _mandate(
            info,
            "registerMandateAtCounter",
            lambda office: mandates.register_at_counter(
                record_of(info), office, context.caller, wanted, context.now, seen
            ),
            evidence=seen,
        )

    @strawberry.mutation(
        description="A later end for a mandate. The represented says so, or an official for them: at once. Where the "
        "helper asks, a code goes to the represented by letter, for a mandate from the end of this one on."
    )
    async def renew_mandate(
        self,
        info: Info,
        id: ID,  # noqa: A002 - the argument's name
        valid_until: Until = None,
        identity_document: Seen = None,
    ) -> RenewMandatePayload:
        """`resolvers.mandates.renew`."""
        until, seen = moment_of("valid_until", valid_until), str(identity_document or "")
        name, context = party_of("id", id, "Authority"), info.context
        done, errors = await tried(
            info,
            "renewMandate",
            lambda office: mandates.renew(record_of(info), office, context.caller, name, until, context.now, seen),
            evidence=seen,
        )
        if isinstance(done, mandate_requests.Asked):
            as_of = str(await record_of(info).head())
            tell(Change("renewMandate", as_of, (f"request/{done.request.id}",), channel="LETTER"))
            request = MandateRequest.of(done.request, context.now)
            return RenewMandatePayload(as_of=as_of, mandate=None, request=request, user_errors=errors)
        as_of, mandate = await _told(info, "renewMandate", done, seen)
        return RenewMandatePayload(as_of=as_of, mandate=mandate, request=None, user_errors=errors)

    @strawberry.mutation(
        description="Take a mandate back, by either side, at once; or a request, whose code then stops working "
        "(intrekken; BW 3:72)."
    )
    async def withdraw_mandate(
        self,
        info: Info,
        id: Annotated[ID, argument(description="Of the mandate or of the request.")],  # noqa: A002 - the argument's name
        identity_document: Seen = None,
    ) -> MandatePayload:
        """`resolvers.mandates.withdraw`."""
        name, seen, context = party_of("id", id, "Authority"), str(identity_document or ""), info.context
        return await _mandate(
            info,
            "withdrawMandate",
            lambda office: mandates.withdraw(record_of(info), office, context.caller, name, context.now, seen),
            evidence=seen,
        )


async def listed(info: Info, side: MandateSide, first: int | None, after: str | None) -> MandateConnection:
    """The caller's own, a page of them."""
    keys = paging.keys_of(MY_MANDATES, after, 2)
    many = paging.checked(first)
    context = info.context
    try:
        page = await my_mandates.my_mandates(
            context.ledger,
            context.caller,
            cast("my_mandates.MandateSide", str(side)),
            context.now,
            many,
            (keys[0], keys[1]),
        )
    except Refused as refused:
        raise _as_error(refused) from None
    nodes = [Mandate.of(each.mandate, each.state) for each in page.items]
    cursors = [paging.cursor_of(MY_MANDATES, node.represented, node.id) for node in nodes]
    edges = [MandateEdge(cursor=cursor, node=node) for cursor, node in zip(cursors, nodes, strict=True)]
    return MandateConnection(nodes=nodes, edges=edges, page_info=page_info(page.more, after, cursors))


async def requests_listed(info: Info) -> list[MandateRequest]:
    """The caller's own, and those of others that only wait for the caller to hand over the code."""
    try:
        found = my_mandates.my_requests(office_of(info), info.context.caller, info.context.now)
    except Refused as refused:
        raise _as_error(refused) from None
    return [MandateRequest.of(each, info.context.now) for each in found]


async def tried(
    info: Info, mutation: str, work: Callable[[Office], Awaitable[T]], *, evidence: str = ""
) -> tuple[T | None, list[Refusal]]:
    """What it gave, or why it was refused; a refusal is told."""
    try:
        return await work(office_of(info)), []
    except Refused as refused:
        as_of = str(await record_of(info).head())
        tell(Change(mutation, as_of, refused=(refused.code,), evidence=evidence))
        return None, [refusal(info, refused)]


def refusal(info: Info, refused: Refused) -> Refusal:
    """In the caller's language."""
    words = TEXTS[refused.code]
    message = words.en if str(info.context.language) == "EN" else words.nl
    return Refusal(code=refused.code, message=message, field=camel(refused.field) or None)


def record_of(info: Info) -> Ledger:
    """The ledger for who changes something."""
    return at_record(info.context.ledger)


def office_of(info: Info) -> Office:
    """The server's desk. Raises Refused."""
    if info.context.office is None:
        raise Refused("NOT_CONFIGURED")
    return info.context.office


def moment_of(field: str, said: DateTime | None) -> int | None:
    """Raises BadInput."""
    if said is None:
        return None
    try:
        return instant(str(said))
    except ValueError as wrong:
        raise BadInput([Problem("WRONG_VALUE", field=field, expected=str(wrong))]) from None


def party_of(field: str, said: str, *types: str) -> str:
    """The id of somebody or something that a fact may name. Raises BadInput."""
    name = id_of(said, field, *types)
    if not is_id(name) or name == COURT:
        raise BadInput([Problem("WRONG_VALUE", field=field, expected=fields.ID.expected)])
    return name


def _perhaps(field: str, said: str | None, *types: str) -> str | None:
    return None if said is None else party_of(field, said, *types)


async def _mandate(
    info: Info, mutation: str, work: Callable[[Office], Awaitable[mandates.Done]], *, evidence: str = ""
) -> MandatePayload:
    done, errors = await tried(info, mutation, work, evidence=evidence)
    as_of, mandate = await _told(info, mutation, done, evidence)
    return MandatePayload(as_of=as_of, mandate=mandate, user_errors=errors)


async def _told(info: Info, mutation: str, done: mandates.Done | None, evidence: str) -> tuple[str, Mandate | None]:
    """What was done is told; as what the mandate stands now."""
    if done is None:
        return str(await record_of(info).head()), None
    as_of = str(done.token)
    facts = (f"authority/{done.mandate.id}",) if done.mandate is not None else ()
    tell(Change(mutation, as_of, facts, channel=done.channel, evidence=evidence))
    if done.mandate is None:
        return as_of, None
    (now,) = await my_mandates.standing(record_of(info), [done.mandate], info.context.now)
    return as_of, Mandate.of(now.mandate, now.state)


def _as_error(refused: Refused) -> BadInput:
    words = TEXTS[refused.code]
    return BadInput([Problem(refused.code, field=refused.field, expected=words.en)])
