"""The records: what was asked and answered, in the shape of the Dutch standard for authorization decision logs.

https://logius-standaarden.github.io/authorization-decision-log/ (trace, span, event, status; what was asked and
answered in AuthZEN's format in `body`; sources by reference in `attributes`). A change has the same shape and an event
of our own.

No citizen service number gets in, whatever a caller sends, and no name: ids are opaque, and a text that was stated goes
in without what could be such a number.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec

import authority
from authority.moments import instant_text
from authority.question import Question
from graph.pseudonyms import number_free
from resolvers.caller import Caller
from resolvers.decisions import Answer
from resolvers.telling import Change, Failed, Given, Looked, Searched, Signed, Told
from schema.errors import without_numbers

CHANGE: Final = "machtigen.change"
STATEMENT: Final = "machtigen.statement"
LOOK: Final = "machtigen.look"
EVALUATION: Final = "adl.access_evaluation"
SEARCHES: Final = {
    "SUBJECT": "adl.search_subject",
    "RESOURCE": "adl.search_resource",
    "ACTION": "adl.search_action",
}
PURPOSE_MAX: Final = 500
_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}.*", re.ASCII)
_encode: Final = msgspec.json.Encoder().encode


class Trace(msgspec.Struct, frozen=True):
    """Where a request stands: its trace, and the span of whoever sent it ("": it begins here)."""

    trace_id: str
    parent: str = ""

    @classmethod
    def of(cls, traceparent: str) -> Trace:
        """From the header of that name (W3C Trace Context); one that is none begins a trace of its own."""
        found = _TRACEPARENT.fullmatch(traceparent.strip())
        if found is None or traceparent.startswith("ff") or not (found[1].strip("0") and found[2].strip("0")):
            return cls(os.urandom(16).hex())
        return cls(found[1], found[2])


class Asking(msgspec.Struct, frozen=True):
    """What every record of one request has: `operation` the field or path asked for, `now` in microseconds."""

    trace: Trace
    caller: Caller
    operation: str
    now: int


def records_of(told: Iterable[Told], asking: Asking) -> list[bytes]:
    """One JSON object for each decision, search and change; one for all that was looked at."""
    bodies = [each for one in told for each in _bodies(one, asking)]
    looked = [shown for one in told if isinstance(one, Looked) for shown in one.shown]
    if looked:
        shown = {"shown": _number_free(dict.fromkeys(looked))}
        bodies.append((LOOK, "Unset", _attributes(asking.caller, asking.operation, ""), {LOOK: shown}))
    spans = os.urandom(8 * len(bodies)).hex()
    record: dict[str, Any] = {"trace_id": asking.trace.trace_id, "span_id": ""}
    if asking.trace.parent:
        record["parent_span_id"] = asking.trace.parent
    encoded = []
    for place, (event, status, attributes, body) in enumerate(bodies):
        record["span_id"] = spans[16 * place : 16 * place + 16]
        record["event_name"] = event
        record["timestamp"] = asking.now // 1_000
        record["status"] = status
        record["attributes"] = attributes
        record["body"] = body
        encoded.append(_encode(record))
    return encoded


_Parts = tuple[str, str, msgspec.Raw, dict[str, Any]]


def _bodies(told: Told, asking: Asking) -> Iterator[_Parts]:
    if isinstance(told, Given):
        yield from _given(told, asking)
    elif isinstance(told, Searched):
        attributes = _attributes(asking.caller, asking.operation, told.as_of)
        request = _search_request(told)
        response = {
            "results": [result_of(told.kind, answer) for answer in told.answers],
            "page": {"count": len(told.answers), "more": told.more},
        }
        yield SEARCHES[told.kind], "Unset", attributes, _body(request, response)
    elif isinstance(told, Failed):
        attributes = _attributes(asking.caller, asking.operation, "")
        for question in told.questions:
            yield EVALUATION, "Error", attributes, _body(_request(question), {"context": {"error": told.code}})
    elif isinstance(told, Signed):
        answer = told.answer
        attributes = _attributes(asking.caller, asking.operation, answer.decision.as_of)
        signed = {"jti": told.id, "exp": told.expires, "aud": number_free(answer.question.provider)}
        yield (
            STATEMENT,
            "Unset",
            attributes,
            {STATEMENT: signed, **_body(_request(answer.question), response_of(answer))},
        )
    elif isinstance(told, Change):
        yield CHANGE, "Unset", _attributes(asking.caller, asking.operation, told.as_of), {CHANGE: _change(told)}


def _given(told: Given, asking: Asking) -> Iterator[_Parts]:
    as_of, attributes = None, msgspec.Raw()
    for answer in told.answers:
        if answer.decision.as_of != as_of:
            as_of = answer.decision.as_of
            attributes = _attributes(asking.caller, asking.operation, as_of, hypothetical=told.hypothetical)
        request = _request(answer.question)
        if told.asked_token:
            request["context"]["token"] = told.asked_token
        yield EVALUATION, "Unset", attributes, _body(request, response_of(answer))


def _body(request: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    return {"adl.core.request": request, "adl.core.response": response}


@lru_cache(maxsize=1_024)
def _attributes(caller: Caller, operation: str, as_of: str, *, hypothetical: bool = False) -> msgspec.Raw:
    """Encoded once for all records that share them."""
    said: dict[str, Any] = {"adl.core.policies": {"authority": rules()}}
    if as_of:
        said["adl.core.information"] = {"ledger": as_of}
    said["machtigen.operation"] = operation
    for name, value in (("role", caller.role), ("subject", caller.subject), ("party", caller.party)):
        if value:
            said[f"machtigen.caller.{name}"] = number_free(value)
    if caller.purpose:
        said["machtigen.purpose"] = without_numbers(caller.purpose[:PURPOSE_MAX])
    if hypothetical:
        said["machtigen.hypothetical"] = True
    return msgspec.Raw(_encode(said))


# what was asked


def _request(question: Question) -> dict[str, Any]:
    """`server.authzen.questions`, the other way round."""
    said = _about(question)
    said["subject"]["id"] = number_free(question.representative)
    said["resource"]["id"] = number_free(question.represented)
    return said


def _about(question: Question) -> dict[str, Any]:
    """Without the two people."""
    subject: dict[str, Any] = {"type": "person", "id": None, "properties": {"assurance": question.assurance}}
    if question.organisation is not None:
        subject["properties"]["organisation"] = number_free(question.organisation)
    action: dict[str, Any] = {"name": number_free(question.service_id)}
    if question.provider != question.service_id.rpartition("/")[0]:
        action["provider"] = number_free(question.provider)
    properties: dict[str, str] = {}
    if question.act != "ORDINARY":
        properties["act"] = question.act
    if question.good is not None:
        properties["good"] = without_numbers(question.good)
    if question.claim is not None:
        properties["claim"] = question.claim
    if properties:
        action["properties"] = properties
    context: dict[str, Any] = {"at": instant_text(question.at)}
    if question.known_at is not None:
        context["known_at"] = instant_text(question.known_at)
    return {"subject": subject, "action": action, "resource": {"type": "person", "id": None}, "context": context}


def _search_request(told: Searched) -> dict[str, Any]:
    said = _request(told.asked)
    if told.kind == "ACTION":
        del said["action"]
    else:
        del said[told.kind.lower()]["id"]
    said["page"] = {"after": [number_free(each) for each in told.after], "limit": told.first}
    return said


# what was answered


def response_of(answer: Answer) -> dict[str, Any]:
    """The answer as `server.authzen` gives it, with its grounds and without texts."""
    decision = answer.decision
    context: dict[str, Any] = {"outcome": decision.outcome, "reason": decision.reason}
    if len(decision.reasons) > 1:
        context["reasons"] = list(decision.reasons)
    if decision.grounds:
        context["grounds"] = _number_free(decision.grounds)
    if decision.required_consents:
        context["required_consents"] = _number_free(decision.required_consents)
    if decision.step_up is not None:
        context["step_up"] = decision.step_up
    if decision.valid_until is not None:
        context["valid_until"] = instant_text(decision.valid_until)
    if decision.stale_registers:
        context["stale_registers"] = list(decision.stale_registers)
    return {"decision": decision.outcome == "PERMIT", "context": context}


def result_of(kind: str, answer: Answer) -> dict[str, Any]:
    """One of what a search found."""
    question = answer.question
    context = response_of(answer)["context"]
    if kind == "ACTION":
        return {"name": number_free(question.service), "context": context}
    found: dict[str, Any] = {"type": "person", "context": context}
    found["id"] = number_free(question.represented if kind == "RESOURCE" else question.representative)
    if kind == "SUBJECT" and question.organisation is not None:
        found["properties"] = {"organisation": number_free(question.organisation)}
    return found


def _change(change: Change) -> dict[str, Any]:
    said: dict[str, Any] = {"mutation": change.mutation, "facts": _number_free(change.facts)}
    if change.refused:
        said["refused"] = change.refused
    if change.channel:
        said["channel"] = change.channel
    if change.evidence:
        said["evidence"] = without_numbers(change.evidence)
    return said


def _number_free(texts: Iterable[str]) -> list[str]:
    return [number_free(text) for text in texts]


# by which rules


@cache
def rules() -> str:
    """The rules that decided: the git tree of `authority/`, which `git show` gives wherever this source is kept."""
    return _tree(Path(authority.__file__).parent).hex()


def _tree(folder: Path) -> bytes:
    entries = []
    for each in folder.iterdir():
        if each.is_dir() and each.name != "__pycache__":
            entries.append((each.name + "/", b"40000 %b\0" % each.name.encode(), _tree(each)))
        elif each.suffix == ".py":
            entries.append((each.name, b"100644 %b\0" % each.name.encode(), _object(b"blob", each.read_bytes())))
    return _object(b"tree", b"".join(head + name for _, head, name in sorted(entries)))


def _object(kind: bytes, content: bytes) -> bytes:
    """Its name in git."""
    return hashlib.sha1(b"%b %d\0%b" % (kind, len(content), content), usedforsecurity=False).digest()
