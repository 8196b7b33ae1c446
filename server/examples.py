"""The examples that GraphiQL opens with, about one question."""

from __future__ import annotations

from typing import Any, Final

DEFAULT_QUESTION: Final = {
    "representative": "p2",
    "represented": "p1",
    "provider": "h1",
    "service": "h1/record",
    "assurance": "SUBSTANTIAL",
}
"""About the facts in the specification's first example; a graph that does not have them answers DENY."""

_DECISION: Final = """# May this representative act for this person,
# here, for this service, now?
query Decision($question: Question!) {
  decision(question: $question) {
    outcome
    reasons { code text source }
    requiredConsents
    stepUp
    validUntil
    asOf
    grounds {
      id kind validFrom validUntil
      register { id }
    }
    staleRegisters
  }
}
"""
_DECISIONS: Final = """# Many questions at once, at most 1,000; order kept.
query Decisions($questions: [Question!]!) {
  decisions(questions: $questions) { id outcome reason }
}
"""
_REPRESENTED_BY: Final = """# Whom may I act for here, for this service?
query WhomMayIActFor(
  $representative: ID!, $organisation: ID
  $provider: ID!, $service: ID!
  $assurance: Assurance!
) {
  representedBy(
    representative: $representative
    organisation: $organisation
    provider: $provider, service: $service
    assurance: $assurance, first: 20
  ) {
    nodes {
      person { id name born }
      decision { outcome reason validUntil }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_EXPLAIN: Final = """# Why is the decision what it is,
# and what would change it?
query Explain($question: Question!) {
  explain(question: $question) {
    decision { outcome reason }
    readings {
      checks { name state text law }
      grounds {
        authority { id kind }
        outcome reason counts
        steps { name state text law reason }
      }
    }
    otherAuthorities { id kind text }
    changes { what at who outcome reason text }
  }
}
"""


def tabs(question: dict[str, Any]) -> list[dict[str, Any]]:
    """The tabs, each a document and its variables: a decision, a batch, whom one may act for, an explanation."""
    basic = question | {"id": "at level BASIC", "assurance": "BASIC"}
    oneself = question | {"id": "for oneself", "represented": question["representative"]}
    oneself.pop("organisation", None)
    asking = {
        name: question[name]
        for name in ("representative", "provider", "service", "assurance", "organisation")
        if name in question
    }
    return [
        {"query": _DECISION, "variables": {"question": question}},
        {"query": _DECISIONS, "variables": {"questions": [question | {"id": "as asked"}, basic, oneself]}},
        {"query": _REPRESENTED_BY, "variables": asking},
        {"query": _EXPLAIN, "variables": {"question": question}},
    ]
