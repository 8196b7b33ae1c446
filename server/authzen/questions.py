"""An evaluation as a question of facts.md chapter 4.

| AuthZEN | question |
|---|---|
| `subject.id`, `subject.properties.assurance`, `.organisation` | `representative`, `assurance`, `organisation` |
| `action.name`, `action.properties.act`, `.good`, `.claim` | `service` and its `provider`, `act`, `good`, `claim` |
| `resource.id` | `represented` |
| `context.at`, `.known_at` | `at`, `known_at` |

Without `assurance` it is the lowest (domain.md 8.1). `context` may have `at_least` and `as_of` too, ledger tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from authority.codes import ASSURANCE_RANK, Assurance
from authority.question import Question
from graph.errors import Problem
from graph.fields import is_id
from graph.intake import question_of
from graph.pseudonyms import LEFT_OUT, could_be_bsn
from resolvers.reading import Reading
from server.authzen.messages import PERSON, Action, Entity, Evaluation, Malformed, Target

LOWEST: Final = min(ASSURANCE_RANK, key=ASSURANCE_RANK.__getitem__)
_NUMBER: Final = "bsn:"


def question(asked: Evaluation, now: int) -> Question | None:
    """None: of what nobody here can be or offer, which is answered like somebody unknown. Raises Malformed."""
    return question_about(
        asked.subject, asked.subject.id, asked.action, asked.resource, asked.resource.id, asked.context, now
    )


def unanswerable(asked: Evaluation | None, now: int) -> Question:
    """What is recorded of a question that is none here: no text of it but ids, for it may hold anything."""
    representative = represented = LEFT_OUT
    if asked is not None and asked.subject.type == PERSON == asked.resource.type:
        representative, represented = _id_or_nothing(asked.subject.id), _id_or_nothing(asked.resource.id)
    return Question(
        representative=representative,
        represented=represented,
        provider=LEFT_OUT,
        service=LEFT_OUT,
        assurance=cast("Assurance", LOWEST),
        at=now,
    )


def _id_or_nothing(text: str) -> str:
    return text if is_id(text) and not could_be_bsn(text) else LEFT_OUT


def question_about(
    subject: Entity | Target,
    representative: str,
    action: Action,
    resource: Entity | Target,
    represented: str,
    context: Mapping[str, Any] | None,
    now: int,
) -> Question | None:
    """The same, with the ids of both sides apart: a search leaves out one."""
    for name, text in (("subject.id", representative), ("resource.id", represented)):
        if text.startswith(_NUMBER) or could_be_bsn(text):
            raise Malformed(f"{name}: a person is named by id here, never by number")
    provider, _, short = action.name.rpartition("/")
    people = subject.type == PERSON == resource.type
    if not people or not provider or not short or not all(map(is_id, (representative, represented, action.name))):
        return None
    said = {
        "representative": representative,
        "represented": represented,
        "provider": provider,
        "service": action.name,
        "assurance": LOWEST,
        **_known(subject.properties, "assurance", "organisation"),
        **_known(action.properties, "act", "good", "claim"),
        **_known(context, "at", "known_at"),
    }
    try:
        return question_of(said, now=now)
    except Problem as wrong:
        raise Malformed(f"{_place(wrong.field)}: expected {wrong.expected}") from None


def reading(context: Mapping[str, Any] | None) -> Reading:
    """Which ledger position to answer at. Raises Malformed."""
    tokens = _known(context, "at_least", "as_of")
    for name, token in tokens.items():
        if not isinstance(token, str):
            raise Malformed(f"context.{name}: expected a ledger token")
    return Reading(at_least=tokens.get("at_least"), as_of=tokens.get("as_of"))


def _known(properties: Mapping[str, Any] | None, *names: str) -> dict[str, Any]:
    return {name: properties[name] for name in names if properties and properties.get(name) is not None}


def _place(field: str) -> str:
    for where, names in (
        ("subject.properties", ("assurance", "organisation")),
        ("action.properties", ("act", "good", "claim")),
        ("context", ("at", "known_at")),
    ):
        if field in names:
            return f"{where}.{field}"
    return {"representative": "subject.id", "represented": "resource.id"}.get(field, "action.name")
