"""The things of the graph as GraphQL types, each an entity of the federated graph with its own id as key.

`id` is the opaque id that facts have; `nodeId` is unique over all types. People and registers are read only when more
than their id is asked, all those of one request together.
"""

# mypy: disable-error-code="untyped-decorator"
# strawberry.field does not say what it makes of a function
from __future__ import annotations

from typing import Annotated, Any, Self, TypeVar, cast

import strawberry
from strawberry import ID, Private
from strawberry.federation import type as entity

from authority import facts
from authority.codes import FactType
from graph.registers.condition import Condition
from resolvers import providers, registers
from resolvers.nodes import Key, node_id
from resolvers.reading import NEWEST_SIGHT, Sight
from resolvers.registers import RegisterState
from schema.context import Info
from schema.scalars import DateTime, Duration
from schema.words import (
    Assurance,
    AuthorityKind,
    AuthorityStatus,
    Breaker,
    Channel,
    Domain,
    Exercise,
    Ground,
    Matter,
    OrganisationKind,
    ProviderStatus,
    Route,
    Sector,
    Served,
)

F = TypeVar("F", bound=facts.Fact)


async def fact(info: Info, kind: type[F], fact_type: FactType, thing_id: str, sight: Sight = NEWEST_SIGHT) -> F | None:
    """The holding version of a thing; read together with what else the request asks for."""
    found = await info.context.things.load(Key(fact_type, thing_id, sight.view))
    assert found is None or isinstance(found, kind)
    return found


@strawberry.interface(description="A thing that `node` finds again by its `nodeId`.")
class Node:
    """Relay's global object identification; `id` was taken by the facts' own ids, so the global one is `nodeId`."""

    id: ID = strawberry.field(description="The opaque id that facts have; unique within the type.")

    @strawberry.field(
        description="Unique over all types; begins with ~, as no `id` does. Every ID argument takes either."
    )
    def node_id(self) -> ID:
        """`~` and the type's name with the id."""
        return ID(node_id(type(self).__name__, self.id))


@entity(keys=["id"], description="A person (persoon). Known to the caller by id alone; the rest is read when asked.")
class Person(Node):
    """Lazy: `fact` is read when more than the id is asked."""

    sight: Private[Sight] = NEWEST_SIGHT

    async def _fact(self, info: Info) -> facts.Person | None:
        return await fact(info, facts.Person, "person", self.id, self.sight)

    @strawberry.field(description="YYYY-MM-DD, unknown parts 00; null: the person is only mentioned.")
    async def born(self, info: Info) -> str | None:
        """As the register has it."""
        known = await self._fact(info)
        return known.born if known else None

    @strawberry.field(description="When the person died (overleden); null: not known to have died.")
    async def died(self, info: Info) -> DateTime | None:
        """A date is its first instant in the Netherlands."""
        known = await self._fact(info)
        return cast("DateTime | None", known.died if known else None)

    @strawberry.field(description="For display only.")
    async def name(self, info: Info) -> str | None:
        """Decides nothing."""
        known = await self._fact(info)
        return known.name if known else None

    @classmethod
    def resolve_reference(cls, id: str) -> Self:  # noqa: A002 - the key's name
        """Anybody may be a person: who is unknown has an id and nothing else."""
        return cls(id=ID(id))


@entity(keys=["id"], description="An organisation that acts for people through its employees (organisatie).")
class Organisation(Node):
    """A holding version."""

    kind: OrganisationKind
    registered: bool = strawberry.field(description="Whether it stands in the trade register (handelsregister).")
    certified_until: DateTime | None = strawberry.field(
        description="Of a guardianship institution: until when its certificate holds; null: none known."
    )
    name: str | None

    @classmethod
    def of(cls, known: facts.Organisation) -> Self:
        """From a fact."""
        return cls(
            id=ID(known.id),
            kind=known.kind,
            registered=known.registered,
            certified_until=cast("DateTime | None", known.certified_until),
            name=known.name,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: str) -> Self | None:  # noqa: A002 - the key's name
        """None where it is unknown."""
        known = await fact(info, facts.Organisation, "organisation", id)
        return cls.of(known) if known else None


@entity(keys=["id"], description="A provider of services (dienstverlener): a hospital, a municipality, a portal.")
class Provider(Node):
    """A holding version."""

    sector: Sector
    status: ProviderStatus
    live: bool = strawberry.field(description="Whether it is live at `at`: status LIVE, and `liveFrom` has come.")
    live_from: DateTime | None = strawberry.field(description="From when it is live; null: always.")
    route: Route | None
    supplier: str | None = strawberry.field(description="Whose software it uses.")
    name: str | None
    sight: Private[Sight] = NEWEST_SIGHT

    @strawberry.field(description="What it offers, by id.")
    async def services(self, info: Info) -> list[Service]:
        """Complete."""
        found = await providers.services_of(info.context.ledger, self.id, self.sight.view)
        return [Service.of(service, self.sight) for service in found]

    @classmethod
    def of(cls, known: facts.Provider, now: int, sight: Sight = NEWEST_SIGHT) -> Self:
        """From a fact."""
        return cls(
            id=ID(known.id),
            sector=known.sector,
            status=known.status,
            live=known.status == "LIVE" and (known.live_from is None or known.live_from <= sight.moment(now)),
            live_from=cast("DateTime | None", known.live_from),
            route=known.route,
            supplier=known.supplier,
            name=known.name,
            sight=sight,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: str) -> Self | None:  # noqa: A002 - the key's name
        """None where it is unknown."""
        known = await fact(info, facts.Provider, "provider", id)
        return cls.of(known, info.context.now) if known else None


@entity(keys=["id"], description="A service of a provider (dienst).")
class Service(Node):
    """A holding version."""

    provider_id: Private[str]
    domain: Domain
    minimum_assurance: Assurance
    channel: Channel
    routine: bool = strawberry.field(description="One of several joint holders is enough.")
    mandatable: bool = strawberry.field(description="A voluntary mandate may cover it.")
    matter: Matter
    name: str | None
    sight: Private[Sight] = NEWEST_SIGHT

    @strawberry.field(description="Who offers it; null where the provider was taken back.")
    async def provider(self, info: Info) -> Provider | None:
        """Read together for all services of a request."""
        known = await fact(info, facts.Provider, "provider", self.provider_id, self.sight)
        return Provider.of(known, info.context.now, self.sight) if known else None

    @classmethod
    def of(cls, known: facts.Service, sight: Sight = NEWEST_SIGHT) -> Self:
        """From a fact."""
        return cls(
            id=ID(known.id),
            provider_id=known.provider,
            domain=known.domain,
            minimum_assurance=known.minimum_assurance,
            channel=known.channel,
            routine=known.routine,
            mandatable=known.mandatable,
            matter=known.matter,
            name=known.name,
            sight=sight,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: str) -> Self | None:  # noqa: A002 - the key's name
        """None where it is unknown."""
        known = await fact(info, facts.Service, "service", id)
        return cls.of(known) if known else None


@strawberry.type(description="How often a register was named stale.")
class StaleDecisions:
    """`resolvers.registers.StaleDecisions`."""

    count: int = strawberry.field(description="Answers of `decision`, `decisions` and AuthZEN's evaluations.")
    since: DateTime = strawberry.field(description="From when on they were counted: at most 24 hours ago.")


@strawberry.type(description="What asks a source of a register (koppeling), and how it fares. Names nobody.")
class Connector:
    """`graph.registers.condition.Condition`."""

    name: str
    watermark: str | None = strawberry.field(
        description="Where its next poll begins; null: telling would name somebody."
    )
    breaker: Breaker
    failures: int = strawberry.field(description="In a row; 0 after a success.")
    last_error: str | None = strawberry.field(description="What went wrong last; null since it succeeded.")
    last_heard: DateTime | None = strawberry.field(description="When it last took a page in; null: never.")
    next_try: DateTime | None = strawberry.field(description="Not before this instant; null: not tried yet.")
    quarantine: int = strawberry.field(description="Rows that could not be understood, and wait to be mended.")
    notices: int = strawberry.field(description="What no operator has looked at yet, such as a match of two people.")

    @classmethod
    def of(cls, known: Condition) -> Self:
        """From a condition."""
        return cls(
            name=known.name,
            watermark=known.watermark,
            breaker=known.breaker,
            failures=known.failures,
            last_error=known.last_error,
            last_heard=cast("DateTime | None", known.last_heard),
            next_try=cast("DateTime | None", known.next_try),
            quarantine=known.quarantine,
            notices=known.notices,
        )


@entity(keys=["id"], description="A register: a source of facts, incomplete and late in its own way (bron, register).")
class Register(Node):
    """Lazy: what it serves and when it was heard from is read when asked."""

    sight: Private[Sight] = NEWEST_SIGHT
    known: Private[RegisterState | None] = None

    async def _state(self, info: Info) -> RegisterState:
        if self.known is None:
            found = await fact(info, facts.Register, "register", self.id, self.sight)
            self.known = registers.state_of(self.id, found)
        return self.known

    async def _own(self, info: Info) -> facts.Register | None:
        return (await self._state(info)).fact

    @strawberry.field(description="The kinds of authority and types of fact that it serves.")
    async def serves(self, info: Info) -> list[Served]:
        """Its own word, else table 3 of facts.md."""
        return cast("list[Served]", (await self._state(info)).serves)

    @strawberry.field(description="The part of `serves` for which absence from the register proves absence.")
    async def complete_for(self, info: Info) -> list[Served]:
        """Its own word, else table 3 of facts.md."""
        return cast("list[Served]", (await self._state(info)).complete_for)

    @strawberry.field(description="When it was last heard from; null: never, or it has told nothing of itself.")
    async def heard_from(self, info: Info) -> DateTime | None:
        """Of its register fact."""
        own = await self._own(info)
        return cast("DateTime | None", own.heard_from if own else None)

    @strawberry.field(description="How long ago it was last heard from; null: never.")
    async def silence(self, info: Info) -> Duration | None:
        """Measured as `stale` is, in whole seconds; none yet where the register's clock is ahead of ours."""
        own = await self._own(info)
        if own is None or own.heard_from is None:
            return None
        return Duration(max(self.sight.silence_at(info.context.now) - own.heard_from, 0))

    @strawberry.field(description="How long it may be silent before it counts as stale; null: for ever.")
    async def max_silence(self, info: Info) -> Duration | None:
        """Of its register fact."""
        own = await self._own(info)
        return cast("Duration | None", own.max_silence if own else None)

    @strawberry.field(description="How late changes may show in it; decides nothing.")
    async def delay(self, info: Info) -> Duration | None:
        """Of its register fact."""
        own = await self._own(info)
        return cast("Duration | None", own.delay if own else None)

    @strawberry.field(
        description="Whether it has been silent too long: by `knownAt`, without one by `at`, without either by now."
    )
    async def stale(self, info: Info) -> bool:
        """As a decision measures it."""
        from_then = (await self._state(info)).stale_from
        return from_then is not None and from_then <= self.sight.silence_at(info.context.now)

    @strawberry.field(
        description="How many authorities hold by its word, in force or not; null: with `asOf` or `knownAt`, in "
        "a graph of more than 100,000, which are not counted one by one."
    )
    async def authority_count(self, info: Info) -> int | None:
        """Those whose version that holds is its, and not retracted."""
        stated = await info.context.authorities_stated.load(self.sight.view)
        return None if stated is None else stated.get(self.id, 0)

    @strawberry.field(description="Decisions given in the last 24 hours that named it stale; null: nobody counts.")
    async def stale_decisions(self, info: Info) -> StaleDecisions | None:
        """Over all workers of this server."""
        if info.context.watch is None:
            return None
        counted = info.context.watch.stale_decisions(self.id)
        return StaleDecisions(count=counted.count, since=DateTime(counted.since))

    @strawberry.field(description="The connectors of this server that ask it; none: facts come in another way.")
    async def connectors(self, info: Info) -> list[Connector]:
        """In the order of the file of sources."""
        return [Connector.of(each) for each in info.context.connectors if each.register == self.id]

    @strawberry.field(description="For display only.")
    async def name(self, info: Info) -> str | None:
        """Of its register fact."""
        own = await self._own(info)
        return own.name if own else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: str) -> Self | None:  # noqa: A002 - the key's name
        """None where neither table 3 nor a fact names it."""
        known = registers.state_if_known(id, await fact(info, facts.Register, "register", id))
        return cls(id=ID(id), known=known) if known else None


Party = Annotated[
    Person | Organisation,
    strawberry.union(
        "Party", description="Who holds an authority: a person, or an organisation through its employees."
    ),
]


async def party(info: Info, holder: str, sight: Sight) -> Person | Organisation:
    """An organisation where it is known as one; else a person, of whom perhaps nothing is known."""
    known = await fact(info, facts.Organisation, "organisation", holder, sight)
    return Organisation.of(known) if known else Person(id=ID(holder), sight=sight)


@entity(keys=["id"], description="A ground on which one may act for another, or a register's statement about a minor.")
class Authority(Node):
    """A version of it; null lists mean: all."""

    kind: AuthorityKind
    holder: Private[str | None]
    starts: Private[int | None]
    ends: Private[int | None]
    represented: Person = strawberry.field(description="For whom (vertegenwoordigde).")
    services: list[ID] | None = strawberry.field(description="Ids of the services that it is for; null: all.")
    providers: list[ID] | None = strawberry.field(description="Ids of the providers that it is for; null: all.")
    domains: list[Domain] | None = strawberry.field(description="null: all that the kind covers.")
    goods: list[str] | None = strawberry.field(description="Of a bewind: the goods under it; null: all.")
    exercise: Exercise
    ground: Ground | None = strawberry.field(description="Why the court took a measure, where it says so.")
    candidates: list[Person] = strawberry.field(
        description="Of UNDETERMINED: whom the register connects with the child, who may or may not hold authority."
    )
    status: AuthorityStatus
    valid_from: DateTime | None = strawberry.field(description="Belongs to it; null: since ever.")
    valid_until: DateTime | None = strawberry.field(description="Does not belong to it; null: open.")
    register: Register = strawberry.field(description="Whose word this is.")
    recorded_at: DateTime = strawberry.field(description="When the register knew it; the year 1: since ever.")
    retracted: bool = strawberry.field(description="The register takes the statement back altogether.")
    under_investigation: bool = strawberry.field(description="The register says that it is in doubt (in onderzoek).")
    sight: Private[Sight] = NEWEST_SIGHT

    @strawberry.field(
        description="Whether it is in force at `at`, now without one: ACTIVE, not taken back, begun and not ended."
    )
    def in_force(self, info: Info) -> bool:
        """facts.md chapter 5."""
        at = self.sight.moment(info.context.now)
        begun = self.starts is None or self.starts <= at
        return self.status == "ACTIVE" and not self.retracted and begun and (self.ends is None or at < self.ends)

    @strawberry.field(description="Who may act (vertegenwoordiger); null where the register does not name them.")
    async def representative(self, info: Info) -> Party | None:
        """A person or an organisation."""
        return await party(info, self.holder, self.sight) if self.holder is not None else None

    @classmethod
    def of(cls, known: facts.Authority, sight: Sight = NEWEST_SIGHT) -> Self:
        """From a fact."""
        return cls(
            id=ID(known.id),
            kind=known.kind,
            holder=known.representative,
            starts=known.valid_from,
            ends=known.valid_until,
            represented=Person(id=ID(known.represented), sight=sight),
            services=cast("list[ID] | None", known.services),
            providers=cast("list[ID] | None", known.providers),
            domains=cast("list[Domain] | None", known.domains),
            goods=cast("list[str] | None", known.goods),
            exercise=known.exercise,
            ground=known.ground,
            candidates=[Person(id=ID(each), sight=sight) for each in known.candidates],
            status=known.status,
            valid_from=cast("DateTime | None", known.valid_from),
            valid_until=cast("DateTime | None", known.valid_until),
            register=Register(id=ID(known.register), sight=sight),
            recorded_at=DateTime(known.recorded_at),
            retracted=known.retracted,
            under_investigation=known.under_investigation,
            sight=sight,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: str) -> Self | None:  # noqa: A002 - the key's name
        """None where it is unknown."""
        known = await fact(info, facts.Authority, "authority", id)
        return cls.of(known) if known else None


async def thing(info: Info, type_name: str, thing_id: str, sight: Sight = NEWEST_SIGHT) -> Any:
    """The thing of this type with this id; None where it is unknown."""
    if type_name == "Person":
        person = await fact(info, facts.Person, "person", thing_id, sight)
        return Person(id=ID(thing_id), sight=sight) if person else None
    if type_name == "Organisation":
        organisation = await fact(info, facts.Organisation, "organisation", thing_id, sight)
        return Organisation.of(organisation) if organisation else None
    if type_name == "Provider":
        provider = await fact(info, facts.Provider, "provider", thing_id, sight)
        return Provider.of(provider, info.context.now, sight) if provider else None
    if type_name == "Service":
        service = await fact(info, facts.Service, "service", thing_id, sight)
        return Service.of(service, sight) if service else None
    if type_name == "Authority":
        authority = await fact(info, facts.Authority, "authority", thing_id, sight)
        return Authority.of(authority, sight) if authority else None
    known = await registers.register(info.context.ledger, thing_id, sight.view)
    return Register(id=ID(thing_id), sight=sight, known=known) if known else None
