"""Who may have which field: one table of every field by every role. What has no row, or no cell, nobody may have.

A field that is not in POLICY keeps the service from starting (`schema.guard.guarded`), and `schema.printing --check`
from passing. To add one, write its row beside those of its type, with the roles that may have it:

    **on("Query", "consents", CITIZEN=OWN_PERSON, AUDITOR=ALLOW),

A cell is a rule: ALLOW, or one that looks at what is asked (`asks`), whose field it is (`has`), or what was found
(`shows`). A role without a cell is refused. docs/security.md has this table in words; `tests/schema/test_policy.py`
asks every cell of the schema itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

import msgspec

from graph.errors import BadInput
from resolvers.caller import Caller, Role
from resolvers.nodes import own_id, read_node_id
from resolvers.rules import Asking, is_oneself, is_party, is_side, may_ask

Args = Mapping[str, Any]
"""A field's arguments by their GraphQL names, as graphql-core hands them to a resolver."""


class Rule(msgspec.Struct, frozen=True):
    """`word`: as the table of the documentation has it. `says`: to whom it refuses. None of the three: always.

    `asks`: of the caller and the arguments. `has`: of the caller and the object whose field it is. `shows`: what of the
    result the caller sees, where only the result can tell; what they do not see looks like what is not there.
    """

    word: str
    says: str = ""
    asks: Callable[[Caller, Args], bool] | None = None
    has: Callable[[Caller, Any], bool] | None = None
    shows: Callable[[Caller, Any], Any] | None = None

    @property
    def always(self) -> bool:
        """Whether it lets everything through."""
        return self.asks is None and self.has is None and self.shows is None and self.word != DENY.word


def _id(args: Args, name: str, *types: str) -> str | None:
    """The opaque id that an argument names; None where it is none, which is nobody's."""
    text = args.get(name)
    try:
        return own_id(str(text), name, *types) if text is not None else None
    except BadInput:
        return None


def asking(args: Args, *, replay: bool) -> Asking:
    """The sides of a question, or of a list, from its arguments."""
    return Asking(
        _id(args, "representative", "Person"),
        _id(args, "represented", "Person"),
        _id(args, "provider", "Provider"),
        str(args.get("assurance")),
        replay,
    )


def _question(caller: Caller, args: Args) -> bool:
    return may_ask(caller, asking(args["question"], replay=args.get("asOf") is not None))


def _questions(caller: Caller, args: Args) -> bool:
    replay = args.get("asOf") is not None
    return all(may_ask(caller, asking(each, replay=replay)) for each in args["questions"])


def _list(caller: Caller, args: Args) -> bool:
    return may_ask(caller, asking(args, replay=args.get("asOf") is not None))


def _their_authority(caller: Caller, found: Any) -> Any:
    if found is None or not is_side(caller, (found.holder, found.represented.id)):
        return None
    return found


def _thing_is_asked(caller: Caller, text: str) -> bool:
    type_name, thing_id = read_node_id(text)
    rule = rule_of_thing(type_name, caller)
    return rule is not DENY and (rule.asks is None or rule.asks(caller, {"id": thing_id}))


def _thing_is_shown(caller: Caller, found: Any) -> Any:
    if found is None:
        return None
    rule = rule_of_thing(type(found).__name__, caller)
    if rule is DENY:
        return None
    return found if rule.shows is None else rule.shows(caller, found)


def _their_versions(caller: Caller, found: list[Any]) -> list[Any]:
    return [version for version in found if _their_authority(caller, version.authority) is not None]


_QUESTIONS: Final = "only questions in which you are the representative or the represented, at most at your own level"
_SERVICES: Final = "only questions about your own services"
_STATED: Final = "state why you look at people: the header Machtigen-Purpose, or the claim in your token"
_PAST: Final = "only a replay: give asOf"

DENY: Final = Rule("-", "not for your role")
ALLOW: Final = Rule("ALLOW")
OWN_PERSON: Final = Rule("OWN", "only yourself", asks=lambda caller, args: is_oneself(caller, _id(args, "id") or ""))
OWN_SIDE: Final = Rule(
    "OWN",
    "only of authorities in which you are the representative or the represented",
    asks=lambda caller, args: (
        caller.represented is None
        and is_side(caller, (_id(args, "representative", "Person"), _id(args, "represented", "Person")))
    ),
)
OWN_AUTHORITY: Final = Rule("OWN", shows=_their_authority)
OWN_VERSIONS: Final = Rule("OWN", shows=_their_versions)
ONESELF: Final = Rule("OWN", "only of yourself", has=lambda caller, person: is_oneself(caller, person.id))
STATED_OF_ONESELF: Final = Rule(
    "OWN",
    "only where you are the representative",
    has=lambda caller, decision: is_oneself(caller, decision.answer.question.representative),
)
"""A statement says how surely the representative logged in, which nobody else can vouch for."""
OWN_REGISTER: Final = Rule("OWN", "only of your own register", has=lambda caller, own: is_party(caller, own.id))
OWN_FACTS: Final = Rule("OWN", "only of your own register", asks=lambda caller, _: bool(caller.party))
"""`resolvers.facts.record` looks at each fact: its register must be the caller's."""
OWN_RULINGS: Final = Rule("OWN", "only of yourself as a provider", asks=lambda caller, _: bool(caller.party))
"""`resolvers.facts.record` looks at each fact: what holds at the caller, of register PROVIDER."""
AS_ONESELF: Final = Rule(
    "OWN",
    "only for yourself: your token is for asking about somebody",
    asks=lambda caller, _: caller.represented is None,
)
BY_NODE_ID: Final = Rule(
    "BY TYPE",
    "not for your role, or not yours",
    asks=lambda caller, args: _thing_is_asked(caller, str(args["id"])),
    shows=_thing_is_shown,
)
BY_TYPE: Final = Rule("BY TYPE", shows=lambda caller, found: [_thing_is_shown(caller, each) for each in found])
"""Of many at once, each with its own answer: what may not even be asked is refused in its place (`schema.guard`)."""
PURPOSE: Final = Rule("PURPOSE", _STATED, asks=lambda caller, _: bool(caller.purpose))


def _of(asks: Callable[[Caller, Args], bool]) -> dict[str, Rule]:
    """The cells of whoever may ask for a decision; `asks` tells by the caller's role."""
    return {
        "CITIZEN": Rule("OWN", _QUESTIONS, asks=asks),
        "PROVIDER": Rule("OWN", _SERVICES, asks=asks),
        "EXPLORER": Rule("PURPOSE", _STATED, asks=asks),
    }


def _replayed(asks: Callable[[Caller, Args], bool]) -> dict[str, Rule]:
    return {"AUDITOR": Rule("REPLAY", _PAST, asks=asks)}


Row = Mapping[str, Rule]
"""By role. Not there: DENY."""


def on(type_name: str, fields: str, **cells: Rule) -> dict[str, Row]:
    """The same row for each of these fields."""
    assert set(cells) <= set(get_args(Role)), cells
    return {f"{type_name}.{field}": cells for field in fields.split()}


def _allow(*roles: str) -> dict[str, Rule]:
    return dict.fromkeys(roles, ALLOW)


_EVERYBODY: Final = _allow(*get_args(Role))
_DECISION: Final = _allow("CITIZEN", "PROVIDER", "AUDITOR", "EXPLORER")
_LISTS: Final = _allow("CITIZEN", "PROVIDER", "EXPLORER")
_INSIGHT: Final = _allow("AUDITOR", "EXPLORER")
_EXPLORING: Final = _allow("EXPLORER")
_MANDATE: Final = _allow("CITIZEN", "COUNTER")
_CONSENT: Final = _allow("CITIZEN", "PROVIDER")
_DOUBTS: Final = _allow("OPERATOR", "AUDITOR", "EXPLORER")
_OPERATING: Final = _allow("OPERATOR")
_RECORDING: Final = _allow("OPERATOR", "REGISTER", "PROVIDER")
_WATCHING: Final = _allow("OPERATOR", "AUDITOR", "EXPLORER") | {"REGISTER": OWN_REGISTER}
_WATCHED: Final = _allow("OPERATOR", "AUDITOR", "EXPLORER", "REGISTER")

POLICY: Final[Mapping[str, Row]] = {
    # decisions
    **on("Query", "decision", **_of(_question), **_replayed(_question)),
    **on("Query", "decisions", **_of(_questions), **_replayed(_questions)),
    **on("Query", "representedBy representativesOf", **_of(_list)),
    **on("Query", "explain", AUDITOR=ALLOW, EXPLORER=PURPOSE),
    **on("Decision", "id outcome reason requiredConsents stepUp validUntil asOf staleRegisters", **_DECISION),
    **on("Decision", "reasons grounds", **_DECISION),
    **on("Decision", "statement", CITIZEN=STATED_OF_ONESELF, PROVIDER=ALLOW),
    **on("Reason", "code text source", **_DECISION),
    **on("RepresentedConnection", "nodes edges pageInfo", **_LISTS),
    **on("RepresentedEdge", "cursor node", **_LISTS),
    **on("Represented", "person decision", **_LISTS),
    **on("RepresentativeConnection", "nodes edges pageInfo", **_LISTS),
    **on("RepresentativeEdge", "cursor node", **_LISTS),
    **on("Representative", "person organisation decision", **_LISTS),
    # people: a provider sees whom its decision names, and not what else is known of them
    **on("Query", "person", CITIZEN=OWN_PERSON, EXPLORER=PURPOSE),
    **on("Person", "id nodeId", **_DECISION, OPERATOR=ALLOW),
    **on("Person", "name", **_LISTS),
    **on("Person", "born died", CITIZEN=ONESELF, EXPLORER=ALLOW),
    # grounds: what a mandate covers elsewhere, and why a court took a measure, is no provider's business
    **on("Query", "authority", CITIZEN=OWN_AUTHORITY, AUDITOR=ALLOW, EXPLORER=PURPOSE),
    **on("Query", "history", CITIZEN=OWN_VERSIONS, AUDITOR=ALLOW, EXPLORER=PURPOSE),
    **on("Authority", "id nodeId kind status inForce validFrom validUntil register", **_DECISION),
    **on("Authority", "represented representative", **_DECISION),
    **on("Authority", "services providers domains goods exercise ground", CITIZEN=ALLOW, **_INSIGHT),
    **on("Authority", "recordedAt retracted underInvestigation", CITIZEN=ALLOW, **_INSIGHT),
    **on("Authority", "candidates", **_INSIGHT),
    **on("AuthorityVersion", "asOf authority changed holds", CITIZEN=ALLOW, **_INSIGHT),
    # explanations tell what exists and what people said
    **on("Explanation", "decision facts readings otherAuthorities registers changes since", **_INSIGHT),
    **on("Reading", "representativeBorn representedBorn outcome reason checks grounds leanedOn", **_INSIGHT),
    **on("GroundWeighed", "outcome reason requiredConsents stepUp counts status validFrom validUntil", **_INSIGHT),
    **on("GroundWeighed", "steps leanedOn authority", **_INSIGHT),
    **on("Step", "name section law state reason looks text", **_INSIGHT),
    **on("Look", "what of detail found", **_INSIGHT),
    **on("FactRef", "type id", **_INSIGHT),
    **on("OtherAuthority", "id kind inForce why text", **_INSIGHT),
    **on("RegisterHeard", "id heardFrom staleFrom stale matters", **_INSIGHT),
    **on("Change", "what outcome reason at who level text", **_INSIGHT),
    **on("Since", "asOf facts decisionNow differs differsIn", **_INSIGHT),
    **on("LearntFact", "fact id change asOf recordedAt", **_INSIGHT),
    # changes that are followed
    **on("Subscription", "decisionChanged", **_of(_question)),
    **on("DecisionChanged", "cause decision resume", **_LISTS),
    **on("Subscription", "authorityChanged", CITIZEN=OWN_SIDE, EXPLORER=PURPOSE),
    **on("AuthorityChanged", "asOf id authority changed", **_allow("CITIZEN", "EXPLORER")),
    **on("Subscription", "providerChanged", **_EVERYBODY),
    **on("ProviderChanged", "asOf id serviceId changed provider service", **_EVERYBODY),
    # the graph browser
    **on("Query", "graph search whatIf", EXPLORER=PURPOSE),
    **on("GraphNode", "type id kind name known fact register recordedAt validFrom validUntil closed", **_EXPLORING),
    **on("GraphNode", "states neighbourCounts neighboursComplete neighbours", **_EXPLORING),
    **on("GraphEdge", "relation source target", **_EXPLORING),
    **on("GraphEnd", "type id", **_EXPLORING),
    **on("NeighbourGroup", "relation incoming type kind count", **_EXPLORING),
    **on("GraphNeighbours", "nodes endCursor", **_EXPLORING),
    **on("SearchResult", "nodes complete", **_EXPLORING),
    **on("Query", "contradictions", OPERATOR=ALLOW, AUDITOR=ALLOW, EXPLORER=PURPOSE),
    **on("ContradictionConnection", "nodes edges pageInfo totalCount asOf complete", **_DOUBTS),
    **on("ContradictionEdge", "cursor node", **_DOUBTS),
    **on("Contradiction", "person sentence since", **_DOUBTS),
    **on("Query", "playground", EXPLORER=ALLOW),
    **on("Playground", "cases problems", **_EXPLORING),
    **on("CaseAnswered", "name line outcome reason reasons requiredConsents stepUp validUntil", **_EXPLORING),
    **on("CaseAnswered", "staleRegisters grounds asExpected differences", **_EXPLORING),
    **on("CaseDifference", "field expected found", **_EXPLORING),
    **on("WhatIf", "hypothetical outcome reason reasons requiredConsents stepUp validUntil", **_EXPLORING),
    **on("WhatIf", "staleRegisters readings otherAuthorities registers changes added removed", **_EXPLORING),
    # what is known of nobody in particular
    **on("Query", "provider providers service registers", **_EVERYBODY),
    **on("Provider", "id nodeId sector status live liveFrom route supplier name services", **_EVERYBODY),
    **on("ProviderConnection", "nodes edges pageInfo", **_EVERYBODY),
    **on("ProviderEdge", "cursor node", **_EVERYBODY),
    **on("PageInfo", "hasNextPage hasPreviousPage startCursor endCursor", **_EVERYBODY),
    **on("Service", "id nodeId domain minimumAssurance channel routine mandatable matter name provider", **_EVERYBODY),
    **on("Organisation", "id nodeId kind registered certifiedUntil name", **_EVERYBODY),
    **on("Register", "id nodeId serves completeFor heardFrom silence maxSilence delay stale name", **_EVERYBODY),
    **on("Register", "authorityCount staleDecisions connectors", **_WATCHING),
    **on("StaleDecisions", "count since", **_WATCHED),
    **on("Connector", "name watermark breaker failures lastError lastHeard nextTry quarantine notices", **_WATCHED),
    # by id, whatever it is: the row of that type decides (THINGS)
    **on("Query", "node", **dict.fromkeys(get_args(Role), BY_NODE_ID)),
    **on("Query", "_entities", **dict.fromkeys(get_args(Role), BY_TYPE)),
    **on("Query", "_service", **_EVERYBODY),
    **on("_Service", "sdl", **_EVERYBODY),
    # changes
    **on("Mutation", "recordFacts", OPERATOR=ALLOW, REGISTER=OWN_FACTS, PROVIDER=OWN_RULINGS),
    **on("RecordFactsPayload", "asOf recorded userErrors", **_RECORDING),
    **on("Mutation", "onboardProvider advanceProvider", **_OPERATING),
    **on("ProvidersPayload", "asOf providers userErrors", **_OPERATING),
    **on("UserError", "code message field line", **_RECORDING, EXPLORER=ALLOW),
    # mandates, consents and blocks: who acts is the caller; whose mandate it is the resolver looks up
    **on("Query", "myMandates myMandateRequests", CITIZEN=AS_ONESELF),
    **on("Mutation", "requestMandate activateMandate", CITIZEN=AS_ONESELF),
    **on("Mutation", "registerMandateAtCounter", COUNTER=ALLOW),
    **on("Mutation", "renewMandate withdrawMandate", CITIZEN=AS_ONESELF, COUNTER=ALLOW),
    **on("Mutation", "giveConsent withdrawConsent", CITIZEN=AS_ONESELF, PROVIDER=AS_ONESELF),
    **on("Mutation", "useConsents placeBlock liftBlock", PROVIDER=AS_ONESELF),
    **on("MandateConnection", "nodes edges pageInfo", CITIZEN=ALLOW),
    **on("MandateEdge", "cursor node", CITIZEN=ALLOW),
    **on("Mandate", "id status representative represented services validFrom validUntil", **_MANDATE),
    **on("MandateRequest", "id status channel representative represented services", **_MANDATE),
    **on("MandateRequest", "validFrom validUntil codeValidUntil", **_MANDATE),
    **on("RequestMandatePayload", "asOf request activationCode userErrors", CITIZEN=ALLOW),
    **on("MandatePayload", "asOf mandate userErrors", **_MANDATE),
    **on("RenewMandatePayload", "asOf mandate request userErrors", **_MANDATE),
    **on("Refusal", "code message field", **_MANDATE, PROVIDER=ALLOW),
    **on("ConsentsPayload", "asOf consents userErrors", **_CONSENT),
    **on("Consent", "id from representative represented provider domain act given validFrom validUntil", **_CONSENT),
    **on("BlockPayload", "asOf block userErrors", PROVIDER=ALLOW),
    **on("Block", "id provider represented representative reason validFrom validUntil", PROVIDER=ALLOW),
}

THINGS: Final[Mapping[str, Row]] = {
    "Person": POLICY["Query.person"],
    "Authority": POLICY["Query.authority"],
    "Organisation": _EVERYBODY,
    "Provider": POLICY["Query.provider"],
    "Service": POLICY["Query.service"],
    "Register": POLICY["Query.registers"],
}
"""Who may have a thing by its id: through `node`, and through the federation's `_entities`."""


def rule_of(field: str, caller: Caller) -> Rule:
    """The rule for `Type.field` and this caller."""
    return _cell(POLICY.get(field), caller)


def rule_of_thing(type_name: str, caller: Caller) -> Rule:
    """The rule for having a thing of this type by its id."""
    return _cell(THINGS.get(type_name), caller)


def _cell(row: Row | None, caller: Caller) -> Rule:
    if caller.within:
        return ALLOW
    return DENY if row is None or caller.role is None else row.get(caller.role, DENY)
