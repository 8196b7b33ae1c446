"""What can be asked. Each field turns its arguments into the house's own words and calls one resolver."""

# mypy: disable-error-code="untyped-decorator"
# strawberry.field does not say what it makes of a function
from __future__ import annotations

from typing import Annotated, Any, Self

import strawberry
from strawberry import ID, argument
from strawberry.federation.schema_directives import Cost
from strawberry.scalars import JSON
from strawberry.utils.str_converters import to_camel_case

from authority import facts
from authority.moments import instant
from authority.question import Question as Asked
from graph.errors import BadInput, Problem
from resolvers import (
    authorities,
    contradictions,
    decisions,
    explanation,
    nodes,
    paging,
    people,
    providers,
    registers,
    whatif,
)
from resolvers.browsing import NODES_MAX
from resolvers.reading import Sight
from resolvers.telling import Looked, tell
from schema.browsing import SEARCH_FIRST, GraphNode, NodeRef, SearchResult, graph_nodes, searched
from schema.context import Info
from schema.contradictions import CONTRADICTIONS, ContradictionConnection
from schema.decisions import (
    REPRESENTATIVES_OF,
    REPRESENTED_BY,
    Decision,
    PageInfo,
    QuestionInput,
    RepresentativeConnection,
    RepresentedConnection,
    asked,
    page_info,
    reading,
)
from schema.explanation import Explanation
from schema.ids import id_of
from schema.mandates import MandateConnection, MandateRequest, listed, requests_listed
from schema.playground import Playground, played
from schema.scalars import DateTime
from schema.sizes import NODES, PAGES, about
from schema.things import Authority, Node, Person, Provider, Register, Service, fact, thing
from schema.whatif import WhatIf
from schema.words import Assurance, Freshness, MandateSide, Sector

At = Annotated[DateTime | None, argument(description="When it is to be done; default now.")]
KnownAt = Annotated[DateTime | None, argument(description="Only what the registers knew by then.")]
Fresh = Annotated[Freshness | None, argument(description="How recent the ledger must be.")]
AtLeast = Annotated[str | None, argument(description="A ledger token that must have been reached; always honoured.")]
AsOf = Annotated[str | None, argument(description="Replay as the ledger was at this token.")]
First = Annotated[int | None, argument(description="How many on a page, 1 to 100.")]
After = Annotated[str | None, argument(description="The `endCursor` of the page before.")]
Through = Annotated[ID | None, argument(description="Only through this organisation, as its employee.")]


@strawberry.type(description="One version of an authority, and when the ledger learnt it.")
class AuthorityVersion:
    """`resolvers.authorities.Version`."""

    as_of: str = strawberry.field(description="The token of the ledger position at which it was learnt.")
    authority: Authority
    changed: list[str] = strawberry.field(
        description="The fields that say something else than in the version before; empty for the first."
    )
    holds: bool = strawberry.field(description="It is the version that holds; of equal `recordedAt` the later one.")


@strawberry.type
class ProviderEdge:
    """Relay's edge."""

    cursor: str
    node: Provider


@strawberry.type(description="Providers, by id.")
class ProviderConnection:
    """Relay's connection."""

    nodes: list[Provider]
    edges: list[ProviderEdge]
    page_info: PageInfo

    @classmethod
    def of(cls, nodes: list[Provider], more: bool, after: str | None) -> Self:
        """From a page."""
        cursors = [paging.cursor_of(PROVIDERS, node.id) for node in nodes]
        edges = [ProviderEdge(cursor=cursor, node=node) for cursor, node in zip(cursors, nodes, strict=True)]
        return cls(nodes=nodes, edges=edges, page_info=page_info(more, after, cursors))


PROVIDERS = "providers"
_LOOKING = frozenset({"AUDITOR", "EXPLORER"})


@strawberry.type
class Query:
    """DESIGN.md chapter 6."""

    @strawberry.field(description="May this representative act for this person, here, for this service, now?")
    async def decision(
        self,
        info: Info,
        question: QuestionInput,
        freshness: Fresh = "ANY",
        at_least: AtLeast = None,
        as_of: AsOf = None,
    ) -> Decision:
        """One question, one answer."""
        question_asked = question.question("question.", info.context.now)
        how = reading(freshness, at_least, as_of)
        answers = await decisions.decide_all(info.context.ledger, [question_asked], how)
        info.context.gave(answers, how)
        return Decision.of(answers[0], newest=as_of is None)

    @strawberry.field(
        description="Many questions at once, at most 1,000, all at one ledger position; order kept.",
        directives=[about(50)],
    )
    async def decisions(
        self,
        info: Info,
        questions: list[QuestionInput],
        freshness: Fresh = "ANY",
        at_least: AtLeast = None,
        as_of: AsOf = None,
    ) -> list[Decision]:
        """All or none: one malformed question is an error that names it."""
        if len(questions) > decisions.QUESTIONS_MAX:
            found, expected = f"{len(questions)} questions", f"at most {decisions.QUESTIONS_MAX}"
            raise BadInput([Problem("WRONG_VALUE", field="questions", found=found, expected=expected)])
        now = info.context.now
        all_asked = [question.question(f"questions[{n}].", now) for n, question in enumerate(questions)]
        how = reading(freshness, at_least, as_of)
        answers = await decisions.decide_all(info.context.ledger, all_asked, how)
        info.context.gave(answers, how)
        return [Decision.of(answer, newest=as_of is None) for answer in answers]

    @strawberry.field(
        description="Whom the representative may act for here, for this service.", directives=[PAGES, Cost(weight=5)]
    )
    async def represented_by(  # noqa: PLR0913, PLR0917 - the contract has them
        self,
        info: Info,
        representative: ID,
        provider: ID,
        service: ID,
        assurance: Assurance,
        organisation: Through = None,
        at: At = None,
        known_at: KnownAt = None,
        freshness: Fresh = "ANY",
        at_least: AtLeast = None,
        as_of: AsOf = None,
        first: First = paging.FIRST_DEFAULT,
        after: After = None,
    ) -> RepresentedConnection:
        """Those with PERMIT or CONSENT_REQUIRED, and nobody else."""
        pattern = _pattern(
            info, representative, representative, provider, service, assurance, organisation, at, known_at
        )
        page = await people.represented_by(
            info.context.ledger,
            pattern,
            reading(freshness, at_least, as_of),
            paging.checked(first),
            *paging.keys_of(REPRESENTED_BY, after, 1),
        )
        return RepresentedConnection.of(page, after)

    @strawberry.field(
        description="Who may act for this person here, for this service.", directives=[PAGES, Cost(weight=5)]
    )
    async def representatives_of(  # noqa: PLR0913, PLR0917 - the contract has them
        self,
        info: Info,
        represented: ID,
        provider: ID,
        service: ID,
        assurance: Assurance,
        organisation: Through = None,
        at: At = None,
        known_at: KnownAt = None,
        freshness: Fresh = "ANY",
        at_least: AtLeast = None,
        as_of: AsOf = None,
        first: First = paging.FIRST_DEFAULT,
        after: After = None,
    ) -> RepresentativeConnection:
        """Those with PERMIT or CONSENT_REQUIRED, and nobody else."""
        pattern = _pattern(info, represented, represented, provider, service, assurance, organisation, at, known_at)
        holder, employee = paging.keys_of(REPRESENTATIVES_OF, after, 2)
        page = await people.representatives_of(
            info.context.ledger,
            pattern,
            reading(freshness, at_least, as_of),
            paging.checked(first),
            (holder, employee),
        )
        return RepresentativeConnection.of(page, after)

    @strawberry.field(
        description="Why a decision is what it is, step by step. For developers.", directives=[Cost(weight=20)]
    )
    async def explain(
        self,
        info: Info,
        question: QuestionInput,
        freshness: Fresh = "ANY",
        at_least: AtLeast = None,
        as_of: AsOf = None,
    ) -> Explanation:
        """The same decision, with the way to it."""
        question_asked = question.question("question.", info.context.now)
        how = reading(freshness, at_least, as_of)
        explained, answer = await explanation.explained(info.context.ledger, question_asked, how)
        return Explanation.of(explained, answer, past=as_of is not None or question_asked.known_at is not None)

    @strawberry.field(
        description="What the answer would be with some facts more and others less. For the explorer; nothing of it is "
        "recorded, and no decision is ever made from it.",
        directives=[Cost(weight=20)],
    )
    async def what_if(
        self,
        info: Info,
        question: QuestionInput,
        add: Annotated[
            list[JSON] | None, argument(description="Objects as in a facts file, with snake_case fields; at most 50.")
        ] = None,
        remove: Annotated[
            list[ID] | None,
            argument(
                description="Ids of facts that are left out, at most 50; where several types have it, such as "
                '"authority a1".'
            ),
        ] = None,
    ) -> WhatIf:
        """Decided by the law from the facts around the question with these laid over them."""
        now = info.context.now
        asked_ = question.question("question.", now)
        return WhatIf.of(await whatif.what_if(info.context.ledger, asked_, add or [], remove or [], now=now))

    @strawberry.field(
        description="The answers to a case file, decided from its own facts alone; at most 256 KiB. For the explorer; "
        "nothing of it is kept. `machtigen test` runs the same files.",
        directives=[Cost(weight=200)],
    )
    async def playground(
        self, info: Info, cases: Annotated[str, argument(description="YAML or JSON Lines: docs/cases.md.")]
    ) -> Playground:
        """What is wrong with the file is data, since whoever edits it is told as they go."""
        return await played(cases, info.context.now)

    @strawberry.field(description="An authority by id, as it holds; null: unknown or taken back.")
    async def authority(
        self,
        info: Info,
        id: ID,  # noqa: A002 - the field's name
        at: At = None,
        known_at: KnownAt = None,
        as_of: AsOf = None,
    ) -> Authority | None:
        """The holding version."""
        sight = await _sight(info, at, known_at, as_of)
        known = await fact(info, facts.Authority, "authority", looked_at(info, id_of(id, "id", "Authority")), sight)
        return Authority.of(known, sight) if known else None

    @strawberry.field(
        description="Every version of an authority, in the order in which the ledger learnt them.",
        directives=[about(10)],
    )
    async def history(
        self, info: Info, authority: ID, at: At = None, known_at: KnownAt = None, as_of: AsOf = None
    ) -> list[AuthorityVersion]:
        """Complete; empty where it is unknown."""
        sight = await _sight(info, at, known_at, as_of)
        name = looked_at(info, id_of(authority, "authority", "Authority"))
        return [
            AuthorityVersion(
                as_of=version.as_of,
                authority=Authority.of(version.fact, version.sight),
                changed=[to_camel_case(field) for field in version.changed],
                holds=version.holds,
            )
            for version in await authorities.history(info.context.ledger, name, sight)
        ]

    @strawberry.field(description="A person by id; null: unknown.")
    async def person(
        self,
        info: Info,
        id: ID,  # noqa: A002 - the field's name
        known_at: KnownAt = None,
        as_of: AsOf = None,
    ) -> Person | None:
        """Somebody who is only mentioned is unknown."""
        sight = await _sight(info, None, known_at, as_of)
        found: Person | None = await thing(info, "Person", looked_at(info, id_of(id, "id", "Person"), "person"), sight)
        return found

    @strawberry.field(description="A provider by id; null: unknown.")
    async def provider(
        self,
        info: Info,
        id: ID,  # noqa: A002 - the field's name
        at: At = None,
        known_at: KnownAt = None,
        as_of: AsOf = None,
    ) -> Provider | None:
        """The holding version."""
        sight = await _sight(info, at, known_at, as_of)
        found: Provider | None = await thing(info, "Provider", id_of(id, "id", "Provider"), sight)
        return found

    @strawberry.field(description="Providers by id, of one sector or of all.", directives=[PAGES])
    async def providers(
        self,
        info: Info,
        sector: Sector | None = None,
        at: At = None,
        known_at: KnownAt = None,
        as_of: AsOf = None,
        first: First = paging.FIRST_DEFAULT,
        after: After = None,
    ) -> ProviderConnection:
        """Complete, page by page."""
        sight = await _sight(info, at, known_at, as_of)
        page = await providers.providers(
            info.context.ledger,
            paging.checked(first),
            *paging.keys_of(PROVIDERS, after, 1),
            sector=sector,
            view=sight.view,
        )
        return ProviderConnection.of(
            [Provider.of(known, info.context.now, sight) for known in page.items], page.more, after
        )

    @strawberry.field(description="A service by its full id; null: unknown.")
    async def service(
        self,
        info: Info,
        id: ID,  # noqa: A002 - the field's name
        at: At = None,
        known_at: KnownAt = None,
        as_of: AsOf = None,
    ) -> Service | None:
        """The holding version."""
        sight = await _sight(info, at, known_at, as_of)
        found: Service | None = await thing(info, "Service", id_of(id, "id", "Service"), sight)
        return found

    @strawberry.field(description="Every register known here, by id.", directives=[about(30)])
    async def registers(
        self, info: Info, at: At = None, known_at: KnownAt = None, as_of: AsOf = None
    ) -> list[Register]:
        """Those of table 3 of facts.md, and those that a fact introduces."""
        sight = await _sight(info, at, known_at, as_of)
        found = await registers.registers(info.context.ledger, sight.view)
        return [Register(id=ID(state.id), sight=sight, known=state) for state in found]

    @strawberry.field(
        description="Nodes of the graph, at most 1,000, with what lies next to each. For the explorer; what somebody "
        "refused for themselves is told to nobody.",
        directives=[about(NODES_MAX)],
    )
    async def graph(
        self, info: Info, of: list[NodeRef], known_at: KnownAt = None, as_of: AsOf = None
    ) -> list[GraphNode]:
        """In the order asked for."""
        return await graph_nodes(info, of, await _sight(info, None, known_at, as_of))

    @strawberry.field(
        description="Nodes of the graph whose id begins with this text; providers, offices and registers by name too. "
        "People are found by id alone. For the explorer.",
        directives=[NODES, Cost(weight=20)],
    )
    async def search(
        self,
        info: Info,
        text: str,
        first: Annotated[int | None, argument(description="How many, 1 to 100.")] = SEARCH_FIRST,
        known_at: KnownAt = None,
        as_of: AsOf = None,
    ) -> SearchResult:
        """Exact ids first."""
        return await searched(info, text, first, await _sight(info, None, known_at, as_of))

    @strawberry.field(
        description="The caller's own mandates, those that have ended too: whom I act for, or who acts for me."
    )
    async def my_mandates(
        self, info: Info, side: MandateSide, first: First = None, after: After = None
    ) -> MandateConnection:
        """By represented person and id."""
        return await listed(info, side, first, after)

    @strawberry.field(
        description="The caller's own requests that nobody has activated, and those of others about which the caller "
        "has had a letter; newest first, of the last year."
    )
    async def my_mandate_requests(self, info: Info) -> list[MandateRequest]:
        """Never tells a helper whether a letter has gone out."""
        return await requests_listed(info)

    @strawberry.field(
        description="Where sources contradict each other now, whatever door their facts came through; for an operator."
        " Null: nobody watches."
    )
    async def contradictions(
        self, info: Info, first: First = paging.FIRST_DEFAULT, after: After = None
    ) -> ContradictionConnection | None:
        """Complete, page by page."""
        keys = paging.keys_of(CONTRADICTIONS, after, 2)
        first = paging.checked(first)
        if info.context.watch is None:
            return None
        watchlist, now = info.context.watch.watchlist, info.context.now
        found = await contradictions.contradictions(info.context.ledger, watchlist, now, first, keys)
        return ContradictionConnection.of(found, after)

    @strawberry.field(description="The thing with this `nodeId`; null: unknown.")
    async def node(
        self,
        info: Info,
        id: ID,  # noqa: A002 - Relay's name
        at: At = None,
        known_at: KnownAt = None,
        as_of: AsOf = None,
    ) -> Node | None:
        """Relay's refetching."""
        name, own = nodes.read_node_id(id)
        looked_at(info, own, name.lower())
        found: Any = await thing(info, name, own, await _sight(info, at, known_at, as_of))
        return found  # type: ignore[no-any-return]


def _pattern(  # noqa: PLR0913, PLR0917 - the arguments of both lists
    info: Info,
    representative: ID,
    represented: ID,
    provider: ID,
    service: ID,
    assurance: Assurance,
    organisation: ID | None,
    at: DateTime | None,
    known_at: DateTime | None,
) -> Asked:
    """The question that a list asks of everybody, checked like any other."""
    said = {
        "representative": representative,
        "represented": represented,
        "provider": provider,
        "service": service,
        "assurance": assurance,
        "organisation": organisation,
        "at": at,
        "knownAt": known_at,
    }
    return asked("", info.context.now, said)


def looked_at(info: Info, name: str, fact_type: str = "authority") -> str:
    """The id, and it is told that it was shown to somebody who looks around."""
    if info.context.caller.role in _LOOKING:
        tell(Looked((f"{fact_type}/{name}",)))
    return name


async def _sight(info: Info, at: DateTime | None, known_at: DateTime | None, as_of: str | None) -> Sight:
    return await nodes.sight_at(info.context.ledger, as_of, _instant("known_at", known_at), _instant("at", at))


def _instant(field: str, said: DateTime | None) -> int | None:
    if said is None:
        return None
    try:
        return instant(str(said))
    except ValueError as wrong:
        raise BadInput([Problem("WRONG_VALUE", field=field, expected=str(wrong))]) from None
