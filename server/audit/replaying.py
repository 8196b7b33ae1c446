"""Each decision again: the same question, at the same ledger token, must have the same answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from authority.question import Question
from graph.errors import BadToken, LedgerBehind, Problem
from graph.intake import question_of
from graph.ledger import Ledger, Token
from graph.pseudonyms import LEFT_OUT
from resolvers.decisions import Answer, decide_at
from resolvers.people import representatives_of, represented_by
from resolvers.reading import Reading
from server.audit.reading import RESPONSE, Record
from server.audit.records import EVALUATION, SEARCHES, response_of, result_of, rules

_KINDS: Final = {event: kind for kind, event in SEARCHES.items()}
_ANYBODY: Final = "-"
_BEHIND: Final = "the graph has not reached its ledger token"


class Differs(msgspec.Struct, frozen=True):
    """A record whose answer is another now. `rules`: the rules have changed since, which may be why."""

    place: str
    trace_id: str
    span_id: str
    then: Any
    now: Any
    rules: bool

    def __str__(self) -> str:
        why = "; the rules have changed since" if self.rules else ""
        answers = f"then {_short(self.then)}, now {_short(self.now)}"
        return f"{self.place} (trace {self.trace_id}, span {self.span_id}): {answers}{why}"


class Replayed(msgspec.Struct):
    """`same`, `differs`: of the answers. `not_replayed`: why, and how many."""

    same: int = 0
    differs: list[Differs] = []
    not_replayed: dict[str, int] = {}

    def passed_over(self, why: str) -> None:
        """One that has no answer to compare."""
        self.not_replayed[why] = self.not_replayed.get(why, 0) + 1


async def replay(ledger: Ledger, batches: Iterable[Sequence[Record]]) -> Replayed:
    """Ask all of them again."""
    replayed = Replayed(0, [], {})
    own = (await ledger.head()).ledger
    for batch in batches:
        decisions: dict[int, list[tuple[Record, Question]]] = {}
        for record in batch:
            why = _not_replayed(record, own)
            try:
                if why is not None:
                    replayed.passed_over(why)
                elif record.event_name == EVALUATION:
                    decisions.setdefault(_position(record), []).append((record, _question(record)))
                else:
                    _compare(record, await _searched(ledger, record), replayed)
            except LedgerBehind:
                replayed.passed_over(_BEHIND)
            except (KeyError, TypeError, ValueError, AttributeError, Problem):
                replayed.passed_over("it cannot be read: see machtigen audit verify")
        for position, asked in decisions.items():
            await _decided(ledger, position, asked, replayed)
    return replayed


async def _decided(ledger: Ledger, position: int, asked: Sequence[tuple[Record, Question]], replayed: Replayed) -> None:
    """Those of one position, read together."""
    try:
        answers = await decide_at(ledger, [question for _, question in asked], position)
    except LedgerBehind:
        for _ in asked:
            replayed.passed_over(_BEHIND)
        return
    for (record, _), answer in zip(asked, answers, strict=True):
        _compare(record, response_of(answer), replayed)


def _not_replayed(record: Record, own: str) -> str | None:
    """Why it has no answer to compare; None: it has one."""
    if record.event_name != EVALUATION and record.event_name not in _KINDS:
        return "not a decision"
    if record.status == "Error":
        return "it could not be answered then"
    if "machtigen.hypothetical" in record.attributes:
        return "hypothetical"
    if record.context.get("reason") == "LEDGER_BEHIND":
        return "the ledger was behind then"
    if LEFT_OUT in str(record.request):
        return "something of what was asked was left out"
    try:
        token = Token.parse(record.ledger)
    except BadToken:
        return "it has no ledger token"
    return None if token.ledger == own else "of another ledger"


def _position(record: Record) -> int:
    return Token.parse(record.ledger).position


def _compare(record: Record, now: Any, replayed: Replayed) -> None:
    then = record.body[RESPONSE]
    if then == now:
        replayed.same += 1
        return
    changed = record.attributes.get("adl.core.policies", {}).get("authority") != rules()
    replayed.differs.append(Differs(record.place, record.trace_id, record.span_id, then, now, changed))


def _question(record: Record) -> Question:
    """`server.audit.records`, the other way round."""
    request = record.request
    subject, action = request.get("subject", {}), request.get("action", {})
    service = action.get("name", f"{_ANYBODY}/{_ANYBODY}")
    said = {
        "representative": subject.get("id", _ANYBODY),
        "represented": request.get("resource", {}).get("id", _ANYBODY),
        "provider": action.get("provider", service.rpartition("/")[0]),
        "service": service,
        **subject.get("properties", {}),
        **action.get("properties", {}),
        "at": request["context"]["at"],
    }
    if "known_at" in request["context"]:
        said["known_at"] = request["context"]["known_at"]
    return question_of(said, now=0)


async def _searched(ledger: Ledger, record: Record) -> Any:
    """The page, looked for again."""
    kind, question = _KINDS[record.event_name], _question(record)
    if kind == "ACTION":
        puts = [msgspec.structs.replace(question, **_service(each["name"])) for each in record.results]
        answers = await decide_at(ledger, puts, _position(record)) if puts else []
        return {**record.body[RESPONSE], "results": _results(kind, answers)}
    page, how = record.request["page"], Reading(as_of=record.ledger)
    if kind == "RESOURCE":
        found = await represented_by(ledger, question, how, page["limit"], *page["after"])
    else:
        holder, employee = page["after"]
        found = await representatives_of(ledger, question, how, page["limit"], (holder, employee))
    return {"results": _results(kind, found.items), "page": {"count": len(found.items), "more": found.more}}


def _service(name: str) -> dict[str, str]:
    return {"provider": name.rpartition("/")[0], "service": name}


def _results(kind: str, answers: Sequence[Answer]) -> list[Any]:
    results: list[Any] = msgspec.to_builtins([result_of(kind, answer) for answer in answers])
    return results


def _short(answer: Any) -> str:
    context = answer.get("context", {})
    if "outcome" in context:
        return f"{context['outcome']} {context['reason']}"
    return f"{len(answer.get('results', ()))} found"
