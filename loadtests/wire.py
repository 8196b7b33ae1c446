"""The documents that the users send, as a frontend has them; and how an answer is read.

Compact text, made once: what a request costs the generator is part of what it can send (docs/loadtests.md).
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

import msgspec

DECISION: Final = (
    "query Decision($question: Question!) {"
    " decision(question: $question) { outcome reason validUntil asOf grounds { id kind register { id } } } }"
)
DECISION_AT_LEAST: Final = (
    "query DecisionAtLeast($question: Question!, $atLeast: String!) {"
    " decision(question: $question, freshness: AT_LEAST, atLeast: $atLeast) { outcome reason asOf } }"
)
DECISIONS: Final = "query Decisions($questions: [Question!]!) { decisions(questions: $questions) { outcome reason } }"
DECISIONS_AT_LEAST: Final = (
    "query DecisionsAtLeast($questions: [Question!]!, $atLeast: String!) {"
    " decisions(questions: $questions, freshness: AT_LEAST, atLeast: $atLeast) { outcome reason } }"
)
DECISION_CHANGED: Final = (
    "subscription Follow($question: Question!) {"
    " decisionChanged(question: $question) { resume decision { outcome reason } } }"
)
_LIST_VARIABLES: Final = "$provider: ID!, $service: ID!, $assurance: Assurance!, $at: DateTime"
_LIST_ARGUMENTS: Final = "provider: $provider, service: $service, assurance: $assurance, at: $at, first: 100"
REPRESENTED_BY: Final = (
    f"query WhomMayIActFor($representative: ID!, {_LIST_VARIABLES}) {{"
    f" representedBy(representative: $representative, {_LIST_ARGUMENTS}) {{"
    " nodes { person { id } decision { outcome } } pageInfo { hasNextPage } } }"
)
REPRESENTATIVES_OF: Final = (
    f"query WhoMayActForMe($represented: ID!, {_LIST_VARIABLES}) {{"
    f" representativesOf(represented: $represented, {_LIST_ARGUMENTS}) {{"
    " nodes { person { id } decision { outcome } } pageInfo { hasNextPage } } }"
)
ENTITIES: Final = (
    "query Federated($representations: [_Any!]!) { _entities(representations: $representations) {"
    " ... on Person { id } ... on Provider { id sector status } ... on Service { id domain } } }"
)
RECORD_FACTS: Final = (
    "mutation Record($facts: [JSON!]!) { recordFacts(facts: $facts) { asOf recorded userErrors { code message } } }"
)
ONBOARD: Final = (
    "mutation Onboard($providers: [ProviderInput!]!) {"
    " onboardProvider(providers: $providers) { asOf userErrors { code message } } }"
)
ADVANCE: Final = (
    "mutation Advance($ids: [ID!]!, $to: ProviderStatus!) {"
    " advanceProvider(ids: $ids, to: $to) { asOf userErrors { code message } } }"
)
REQUEST_MANDATE: Final = (
    "mutation RequestMandate($service: ID!, $representative: ID!) {"
    " requestMandate(service: $service, representative: $representative) {"
    " asOf activationCode request { id } userErrors { code message } } }"
)
ACTIVATE_MANDATE: Final = (
    "mutation ActivateMandate($represented: ID!, $code: String!) {"
    " activateMandate(represented: $represented, code: $code) {"
    " asOf mandate { id } userErrors { code message } } }"
)
REGISTER_MANDATE: Final = (
    "mutation RegisterMandate($represented: ID!, $representative: ID!, $service: ID!) {"
    " registerMandateAtCounter(represented: $represented, representative: $representative, service: $service,"
    " identityDocument: PASSPORT) { asOf mandate { id } userErrors { code message } } }"
)
WITHDRAW_MANDATE: Final = (
    "mutation WithdrawMandate($id: ID!) {"
    " withdrawMandate(id: $id) { asOf mandate { id } userErrors { code message } } }"
)

DOCUMENTS: Final = (
    DECISION,
    DECISION_AT_LEAST,
    DECISIONS,
    DECISIONS_AT_LEAST,
    DECISION_CHANGED,
    REPRESENTED_BY,
    REPRESENTATIVES_OF,
    ENTITIES,
    RECORD_FACTS,
    ONBOARD,
    ADVANCE,
    REQUEST_MANDATE,
    ACTIVATE_MANDATE,
    REGISTER_MANDATE,
    WITHDRAW_MANDATE,
)


def digest(document: str) -> str:
    """Its hash, by which a service may know it."""
    return sha256(document.encode()).hexdigest()


def listed() -> bytes:
    """The documents by their hashes, as `machtigen serve --documents` takes them: `python -m loadtests.wire > FILE`."""
    return msgspec.json.format(msgspec.json.encode({digest(each): each for each in DOCUMENTS}), indent=1)


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder()
_HEADS: Final[dict[tuple[str, bool], bytes]] = {}


def body(document: str, variables: dict[str, Any], *, persisted: bool = False) -> bytes:
    """A request's body; `persisted`: the document's hash in its place."""
    head = _HEADS.get((document, persisted))
    if head is None:
        name = {"documentId": digest(document)} if persisted else {"query": document}
        head = _HEADS[document, persisted] = _ENCODER.encode(name)[:-1] + b',"variables":'
    return head + _ENCODER.encode(variables) + b"}"


def read(content: bytes) -> Any:
    """An answer. Raises msgspec.DecodeError."""
    return _DECODER.decode(content)


if __name__ == "__main__":
    print(listed().decode())
