"""The question as an input, the decision as an answer, and the two lists of who may act."""

# mypy: disable-error-code="untyped-decorator"
# strawberry.field does not say what it makes of a function
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Self, cast

import strawberry
from strawberry import ID, Private
from strawberry.federation import type as shared
from strawberry.types.arguments import InputContext

from authority import facts
from authority.question import Question
from authority.reasons import TEXTS
from graph.errors import BadInput, Problem
from graph.intake import question_of
from resolvers import people, statements
from resolvers.decisions import Answer, grounds_shown
from resolvers.nodes import position_of
from resolvers.paging import Page, cursor_of
from resolvers.reading import Reading, Sight
from schema.context import Info
from schema.ids import id_of
from schema.scalars import DateTime
from schema.sizes import about
from schema.things import Authority, Organisation, Person, fact
from schema.words import Act, Assurance, Claim, Freshness, Language, Outcome, ReasonCode

_TYPES_OF_IDS: Final = {
    "representative": "Person",
    "represented": "Person",
    "provider": "Provider",
    "service": "Service",
    "organisation": "Organisation",
}
_WORDS: Final = frozenset({"assurance", "act", "claim"})
_SELDOM: Final = ("id", "at", "knownAt", "organisation", "act", "good", "claim")
_FOUR_IDS: Final = re.compile("\n".join([r"(?!bsn:|\d{8,9}\n)[A-Za-z0-9._:/-]{1,128}"] * 4), re.ASCII)
"""As `graph.fields.is_id` has them, in one go: reading a question would cost half of what deciding it does.

What could be a number is left to `schema.ids`."""


def asked(where: str, now: int, said: Mapping[str, Any]) -> Question:
    """The question that these fields ask, by their names in GraphQL; null is not said.

    Raises BadInput that names the field, below `where`.
    """
    return _plain(said, now) or _read(where, now, said)


def _read(where: str, now: int, said: Mapping[str, Any]) -> Question:
    data: dict[str, Any] = {}
    for name, value in said.items():
        if value is None:
            continue
        if name in _TYPES_OF_IDS:
            data[name] = id_of(value, where + name, _TYPES_OF_IDS[name])
        elif name in _WORDS:
            data[name] = str(value)
        else:
            data["known_at" if name == "knownAt" else name] = value
    try:
        return question_of(data, now=now)
    except Problem as wrong:
        raise BadInput(
            [Problem(wrong.code, field=where + wrong.field, found=wrong.found, expected=wrong.expected)]
        ) from None


def _plain(said: Mapping[str, Any], now: int) -> Question | None:
    """The question that most ask: four opaque ids and a level, now. None: it says more, or not as it should."""
    for name in _SELDOM:
        if said.get(name) is not None:
            return None
    representative, represented = said["representative"], said["represented"]
    provider, service = said["provider"], said["service"]
    if _FOUR_IDS.fullmatch(f"{representative}\n{represented}\n{provider}\n{service}") is None:
        return None
    return Question(
        representative=representative,
        represented=represented,
        provider=provider,
        service=service,
        assurance=said["assurance"].value,
        at=now,
    )


def reading(freshness: Freshness | None, at_least: str | None, as_of: str | None) -> Reading:
    """The three arguments that every question has."""
    return Reading(cast("Freshness", str(freshness or "ANY")), at_least, as_of)


@strawberry.input(
    name="Question",
    description="May this representative act for this person, at this provider, for this service, now?",
)
class QuestionInput:
    """facts.md chapter 4."""

    representative: ID = strawberry.field(description="Who acts: a person (vertegenwoordiger, gemachtigde).")
    represented: ID = strawberry.field(description="For whom: a person (vertegenwoordigde).")
    provider: ID = strawberry.field(description="Where (dienstverlener).")
    service: ID = strawberry.field(description="For what (dienst): the full id, or its last part without /.")
    assurance: Assurance = strawberry.field(description="How surely the representative logged in.")
    id: str | None = strawberry.field(default=None, description="Echoed in the decision.")
    at: DateTime | None = strawberry.field(default=None, description="When it is to be done; default now.")
    known_at: DateTime | None = strawberry.field(
        default=None, description="Only what the registers knew by then; default everything recorded."
    )
    organisation: ID | None = strawberry.field(
        default=None, description="The representative acts as an employee of this organisation."
    )
    act: Act | None = strawberry.field(default=None, description="Default ORDINARY.")
    good: str | None = strawberry.field(default=None, description="The good concerned, where a bewind names goods.")
    claim: Claim | None = strawberry.field(
        default=None, description="What the representative says to be, where no register shows it."
    )

    said: Private[Mapping[str, Any]] = strawberry.field(default_factory=dict)

    def question(self, where: str, now: int) -> Question:
        """The question; raises BadInput."""
        return asked(where, now, self.said)


def _as_said(cls: type[QuestionInput], said: Mapping[str, Any], _: InputContext) -> QuestionInput:
    """The fields as they came, for `asked`; converting each would cost more than the decision."""
    question = cls.__new__(cls)
    question.said = said
    return question


QuestionInput.__strawberry_definition__.from_input = _as_said  # type: ignore[attr-defined]


@strawberry.type(description="A reason, and what it says to people.")
class Reason:
    """facts.md chapter 6."""

    code: ReasonCode

    @strawberry.field(description="For the person at the screen; default the language of the request.")
    def text(self, info: Info, language: Language | None = None) -> str:
        """Dutch or English."""
        texts = TEXTS[self.code]
        return texts.nl if (language or info.context.language) == "NL" else texts.en

    @strawberry.field(description="The article of law or document that it rests on.")
    def source(self) -> str:
        """As the rules cite it."""
        return TEXTS[self.code].source


@strawberry.type(description="The answer to one question. Only PERMIT opens a door.")
class Decision:
    """facts.md chapter 7."""

    id: str | None = strawberry.field(description="The question's own, echoed.")
    outcome: Outcome
    reason: ReasonCode = strawberry.field(description="The one that decided.")
    required_consents: list[ID] = strawberry.field(
        description="Who must still consent, ids or COURT; only with CONSENT_REQUIRED."
    )
    step_up: Assurance | None = strawberry.field(description="The level to log in at; only with STEP_UP_REQUIRED.")
    valid_until: DateTime | None = strawberry.field(
        description="The first instant at which outcome or reason would differ if nothing new is learnt; null: never."
    )
    as_of: str = strawberry.field(description="The token of the ledger position that this was decided at.")
    stale_registers: list[ID] = strawberry.field(description="Ids of the registers that have been silent too long.")
    answer: Private[Answer]
    newest: Private[bool] = False

    @strawberry.field(
        description="The deciding reason, then those of the other grounds, each once.", directives=[about(2)]
    )
    def reasons(self) -> list[Reason]:
        """In the order in which they would win."""
        return [Reason(code=code) for code in self.answer.decision.reasons]

    @strawberry.field(
        description="The authorities that gave the outcome and reason, by id. A provider sees those that are about it.",
        directives=[about(2)],
    )
    def grounds(self, info: Info) -> list[Authority]:
        """As they held for this decision, those that the caller may see."""
        sight = self.sight
        return [Authority.of(ground, sight) for ground in grounds_shown(self.answer, info.context.caller)]

    @strawberry.field(
        description="The decision as a signed statement for this provider alone (bevoegdheidsverklaring), which it "
        "verifies offline and which holds for a few minutes; a JWS. Only of `decision` and `decisions`, asked about "
        "now: null with `at`, `knownAt` or `asOf`, and where this service signs nothing."
    )
    def statement(self, info: Info) -> str | None:
        """docs/statement.md."""
        signer = info.context.signer
        if signer is None or not self.newest:
            return None
        return statements.statement(self.answer, signer, now=info.context.now)

    @property
    def sight(self) -> Sight:
        """How the decision looked at the ledger, and when it was about."""
        return Sight(position_of(self.as_of), self.answer.question.known_at, self.answer.question.at)

    @classmethod
    def of(cls, answer: Answer, *, newest: bool = False) -> Self:
        """From the law's own. `newest`: it was asked about the ledger's newest position, not about an older one."""
        decision = answer.decision
        return cls(
            id=decision.id,
            outcome=decision.outcome,
            reason=decision.reason,
            required_consents=cast("list[ID]", decision.required_consents),
            step_up=decision.step_up,
            valid_until=cast("DateTime | None", decision.valid_until),
            as_of=decision.as_of,
            stale_registers=cast("list[ID]", decision.stale_registers),
            answer=answer,
            newest=newest,
        )


@shared(description="Where a page stands in its list.", shareable=True)
class PageInfo:
    """Relay's page information; lists go forward only."""

    has_next_page: bool = strawberry.field(description="Whether there is more after `endCursor`.")
    has_previous_page: bool = strawberry.field(description="Whether this page began after a cursor.")
    start_cursor: str | None
    end_cursor: str | None = strawberry.field(description="Pass it as `after` for the next page.")


def page_info(more: bool, after: str | None, cursors: list[str]) -> PageInfo:
    """From a page's cursors."""
    return PageInfo(
        has_next_page=more,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


@strawberry.type(description="Somebody whom one may act for, or could with the consents that the decision names.")
class Represented:
    """One of `representedBy`."""

    person: Person
    decision: Decision


@strawberry.type
class RepresentedEdge:
    """Relay's edge."""

    cursor: str
    node: Represented


@strawberry.type(description="Whom one may act for, by id. Only PERMIT and CONSENT_REQUIRED.")
class RepresentedConnection:
    """Relay's connection."""

    nodes: list[Represented]
    edges: list[RepresentedEdge]
    page_info: PageInfo

    @classmethod
    def of(cls, page: Page[Answer], after: str | None) -> Self:
        """From a page."""
        nodes = []
        for answer in page.items:
            decision = Decision.of(answer)
            nodes.append(
                Represented(person=Person(id=ID(answer.question.represented), sight=decision.sight), decision=decision)
            )
        cursors = [cursor_of(REPRESENTED_BY, node.person.id) for node in nodes]
        edges = [RepresentedEdge(cursor=cursor, node=node) for cursor, node in zip(cursors, nodes, strict=True)]
        return cls(nodes=nodes, edges=edges, page_info=page_info(page.more, after, cursors))


@strawberry.type(description="Somebody who may act, or could with the consents that the decision names.")
class Representative:
    """One of `representativesOf`."""

    person: Person
    organisation_id: Private[str | None]
    decision: Decision

    @strawberry.field(description="The organisation that holds the ground and for which this employee acts.")
    async def organisation(self, info: Info) -> Organisation | None:
        """None where the person holds it."""
        if self.organisation_id is None:
            return None
        known = await fact(info, facts.Organisation, "organisation", self.organisation_id, self.decision.sight)
        return Organisation.of(known) if known else None


@strawberry.type
class RepresentativeEdge:
    """Relay's edge."""

    cursor: str
    node: Representative


@strawberry.type(
    description="Who may act for somebody. Only PERMIT and CONSENT_REQUIRED. An organisation's ground appears once for "
    "each employee."
)
class RepresentativeConnection:
    """Relay's connection."""

    nodes: list[Representative]
    edges: list[RepresentativeEdge]
    page_info: PageInfo

    @classmethod
    def of(cls, page: Page[Answer], after: str | None) -> Self:
        """From a page."""
        nodes = []
        for answer in page.items:
            decision, question = Decision.of(answer), answer.question
            person = Person(id=ID(question.representative), sight=decision.sight)
            nodes.append(Representative(person=person, organisation_id=question.organisation, decision=decision))
        cursors = [cursor_of(REPRESENTATIVES_OF, *people.place(answer)) for answer in page.items]
        edges = [RepresentativeEdge(cursor=cursor, node=node) for cursor, node in zip(cursors, nodes, strict=True)]
        return cls(nodes=nodes, edges=edges, page_info=page_info(page.more, after, cursors))


REPRESENTED_BY: Final = "representedBy"
REPRESENTATIVES_OF: Final = "representativesOf"
