"""Answers: only PERMIT is `true`. Why, until when and who must still consent stands in the answer's `context`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from authority.decision import Decision
from authority.moments import instant_text
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from authority.reasons import TEXTS
from graph.errors import BadInput
from graph.ledger import Ledger, View
from resolvers import people
from resolvers.caller import Caller, Forbidden
from resolvers.decisions import Answer, decide_all, decide_at
from resolvers.paging import FIRST_DEFAULT, FIRST_MAX, cursor_of, keys_of
from resolvers.reading import NEWEST, Reading, pinned
from resolvers.telling import Given, Searched, tell
from server.authzen.messages import (
    PERSON,
    Action,
    ActionSearch,
    Batch,
    Evaluation,
    Malformed,
    Page,
    ResourceSearch,
    SubjectSearch,
)
from server.authzen.permission import permit
from server.authzen.questions import question, question_about, reading, unanswerable

EVALUATIONS_MAX: Final = 1_000
_ANYBODY: Final = "-"
"""In the place of the id that a search looks for; the lists do not look at it."""
_ANYTHING: Final = "-/-"
_SERVICES_LOOKED_AT: Final = 500
_T = TypeVar("_T")
_Asked = TypeVar("_Asked", Evaluation, SubjectSearch, ResourceSearch, ActionSearch)


async def evaluate(ledger: Ledger, asked: Evaluation, now: int) -> dict[str, Any]:
    """One question. Raises Malformed, GraphError."""
    put = question(asked, now)
    if put is None:
        return _unknown(asked, now, str(await ledger.head()))
    (answer,) = await decide_all(ledger, [put], reading(asked.context))
    return answered(answer)


async def evaluate_all(ledger: Ledger, body: dict[str, Any], now: int, caller: Caller) -> dict[str, Any]:
    """A batch, or a single question where there are no `evaluations`. Raises Malformed, Forbidden, GraphError."""
    batch = converted(body, Batch)
    if not batch.evaluations:
        return await evaluate(ledger, permitted(body, Evaluation, caller), now)
    if len(batch.evaluations) > EVALUATIONS_MAX:
        raise Malformed(f"evaluations: {len(batch.evaluations)}, expected at most {EVALUATIONS_MAX}")
    defaults = {name: body[name] for name in ("subject", "action", "resource", "context") if name in body}
    items = [_item(defaults | each, now, caller) for each in batch.evaluations]
    found: dict[int, dict[str, Any]] = {}
    for how, places in _by_reading(items).items():
        answers = await decide_all(ledger, [put for place in places if (put := items[place].put) is not None], how)
        found |= {place: answered(answer) for place, answer in zip(places, answers, strict=True)}
    head = str(await ledger.head())
    every = [found.get(place) or item.wrong or _unknown(item.asked, now, head) for place, item in enumerate(items)]
    semantic = batch.options.evaluations_semantic if batch.options else "execute_all"
    return {"evaluations": _until(every, semantic)}


class _Item(NamedTuple):
    """`put` None: nobody here can be that. `wrong`: the answer to what is malformed."""

    asked: Evaluation | None
    put: Question | None = None
    how: Reading = NEWEST
    wrong: dict[str, Any] | None = None


def _item(asked: dict[str, Any], now: int, caller: Caller) -> _Item:
    """What is wrong with one question of a batch is told in its own answer, and spoils no other."""
    try:
        evaluation = permitted(asked, Evaluation, caller)
        return _Item(evaluation, question(evaluation, now), reading(evaluation.context))
    except (Malformed, Forbidden) as wrong:
        error = {"status": 400 if isinstance(wrong, Malformed) else 403, "message": str(wrong)}
        return _Item(None, wrong={"decision": False, "context": {"error": error}})


def _by_reading(items: Sequence[_Item]) -> dict[Reading, list[int]]:
    """Questions that are answered at the same position are read together."""
    together: dict[Reading, list[int]] = {}
    for place, item in enumerate(items):
        if item.put is not None:
            together.setdefault(item.how, []).append(place)
    return together


def _until(every: list[dict[str, Any]], semantic: str) -> list[dict[str, Any]]:
    if semantic == "execute_all":
        return every
    last = semantic == "permit_on_first_permit"
    for count, each in enumerate(every, start=1):
        if each["decision"] is last:
            return every[:count]
    return every


def answered(answer: Answer) -> dict[str, Any]:
    """The decision in AuthZEN's shape."""
    decision, texts = answer.decision, TEXTS[answer.decision.reason]
    context: dict[str, Any] = {
        "outcome": decision.outcome,
        "reason": decision.reason,
        "reasons": decision.reasons,
        "reason_user": {"nl": texts.nl, "en": texts.en},
        "required_consents": decision.required_consents,
        "step_up": decision.step_up,
        "valid_until": None if decision.valid_until is None else instant_text(decision.valid_until),
        "as_of": decision.as_of,
    }
    return {"decision": decision.outcome == "PERMIT", "context": context}


def _unknown(asked: Evaluation | None, now: int, as_of: str) -> dict[str, Any]:
    """Like somebody without a ground, so that nobody learns what there is."""
    decision = Decision(id=None, outcome="DENY", reason="NO_GROUND", reasons=("NO_GROUND",), as_of=as_of)
    answer = Answer(unanswerable(asked, now), decision, Neighbourhood())
    tell(Given([answer]))
    return answered(answer)


# searches


async def search_subject(ledger: Ledger, asked: SubjectSearch, now: int) -> dict[str, Any]:
    """Who may: those of `representativesOf` with PERMIT. Raises Malformed, GraphError."""
    put = question_about(asked.subject, _ANYBODY, asked.action, asked.resource, asked.resource.id, asked.context, now)
    if put is None:
        return _results([], "")
    listing, limit, keys = _place("subject", asked, 2)
    page = await people.representatives_of(ledger, put, reading(asked.context), limit, (keys[0], keys[1]))
    results = [_representative(answer) for answer in page.items if answer.decision.outcome == "PERMIT"]
    return _results(results, cursor_of(listing, *people.place(page.items[-1])) if page.more else "")


async def search_resource(ledger: Ledger, asked: ResourceSearch, now: int) -> dict[str, Any]:
    """For whom: those of `representedBy` with PERMIT. Raises Malformed, GraphError."""
    put = question_about(asked.subject, asked.subject.id, asked.action, asked.resource, _ANYBODY, asked.context, now)
    if put is None:
        return _results([], "")
    listing, limit, (after,) = _place("resource", asked, 1)
    page = await people.represented_by(ledger, put, reading(asked.context), limit, after)
    results = [
        {"type": PERSON, "id": answer.question.represented}
        for answer in page.items
        if answer.decision.outcome == "PERMIT"
    ]
    return _results(results, cursor_of(listing, page.items[-1].question.represented) if page.more else "")


async def search_action(ledger: Ledger, asked: ActionSearch, now: int) -> dict[str, Any]:
    """Which services: all of `context.provider`, or of everybody, page by page; a page may be empty and go on.

    Raises Malformed, GraphError.
    """
    listing, limit, (after,) = _place("action", asked, 1)
    at = await pinned(ledger, reading(asked.context))
    names, more = await _services(ledger, asked.context, after)
    puts = [_of_service(asked, name, now) for name in names]
    answers = await decide_at(ledger, [put for put in puts if put is not None], at.position)
    permitted = [answer for answer in answers if answer.decision.outcome == "PERMIT"]
    following = cursor_of(listing, names[-1]) if more else ""
    if len(permitted) > limit:
        permitted = permitted[:limit]
        following = cursor_of(listing, permitted[-1].question.service)
    whose = _of_service(asked, _ANYTHING, now)
    if whose is not None:
        tell(Searched("ACTION", whose, permitted, str(at), (after,), limit, bool(following)))
    return _results([{"name": answer.question.service} for answer in permitted], following)


async def _services(ledger: Ledger, context: Mapping[str, Any] | None, after: str) -> tuple[list[str], bool]:
    """Ids after one of them, some at a time, and whether there are more."""
    provider = (context or {}).get("provider")
    if provider is None:
        names = await ledger.ids("service", after, _SERVICES_LOOKED_AT)
        return names, len(names) == _SERVICES_LOOKED_AT
    if not isinstance(provider, str):
        raise Malformed("context.provider: expected a provider's id")
    offered = await ledger.find("service", await ledger.services_of(provider), View())
    names = [name for name in sorted(offered) if name > after]
    return names[:_SERVICES_LOOKED_AT], len(names) > _SERVICES_LOOKED_AT


def _of_service(asked: ActionSearch, name: str, now: int) -> Question | None:
    return question(Evaluation(asked.subject, Action(name), asked.resource, asked.context), now)


def _representative(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {"type": PERSON, "id": answer.question.representative}
    if answer.question.organisation is not None:
        found["properties"] = {"organisation": answer.question.organisation}
    return found


def _results(results: list[dict[str, Any]], following: str) -> dict[str, Any]:
    # whoever reads a long answer as it comes knows first whether there is more
    return {"page": {"next_token": following, "count": len(results)}, "results": results}


def _place(kind: str, asked: SubjectSearch | ResourceSearch | ActionSearch, keys: int) -> tuple[str, int, list[str]]:
    """The name of this list, how many of it, and after what. A token serves the very same search only."""
    page = asked.page or Page()
    same = msgspec.structs.replace(asked, page=None)
    digest = hashlib.sha256(msgspec.json.encode(same, order="deterministic")).hexdigest()[:16]
    listing = f"authzen-{kind}-{digest}"
    try:
        return listing, min(page.limit or FIRST_DEFAULT, FIRST_MAX), keys_of(listing, page.token or None, keys)
    except BadInput:
        raise Malformed("page.token: expected one that this very search gave") from None


def permitted(data: object, kind: type[_Asked], caller: Caller) -> _Asked:
    """What is asked, where this caller may ask it. Raises Malformed, Forbidden."""
    asked = converted(data, kind)
    permit(caller, asked)
    return asked


def converted(data: object, kind: type[_T]) -> _T:
    """Raises Malformed."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as wrong:
        raise Malformed(_sentence(str(wrong))) from None


def _sentence(text: str) -> str:
    """What msgspec says, `Expected … - at `$.subject``, with the place first."""
    what, _, where = text.partition(" - at ")
    place = where.strip("`").removeprefix("$").removeprefix(".")
    return f"{place}: {what}" if place else what
