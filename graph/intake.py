"""The one door for facts and questions: from JSON to records that keep facts.md, and back to canonical lines.

Two ways, one meaning. The fast way checks whole records with compiled code; only where it stumbles the slow way
(`graph.fields`) looks at each field and says what is wrong. What needs other lines (references, conflicts between
versions) is `graph.admission`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, Final, NamedTuple

import msgspec

from authority.codes import COURT, REGISTER_STATEMENTS
from authority.decision import Decision
from authority.facts import (
    TYPES,
    Ability,
    Authority,
    Block,
    Consent,
    Employment,
    Fact,
    Organisation,
    Person,
    Register,
    Service,
)
from authority.moments import SINCE_EVER, instant_text, moment_text
from authority.question import Question
from authority.reasons import TEXTS
from authority.registers import DEFAULT_REGISTER, TABLE
from graph.errors import Problem
from graph.fields import (
    FACT_FIELDS,
    FACT_TYPE,
    GOOD,
    ID,
    QUESTION_FIELDS,
    READ_TEXTS,
    TEXT,
    Field,
    problems_in,
    shown,
)

LINE_BYTES_MAX: Final = 4 * 2**20
"""A line longer than this is refused: it is no fact, and memory is finite."""

_MAY_NAME_NOBODY: Final = frozenset({"SHARED_AUTHORITY", "GUARDIANSHIP"}) | REGISTER_STATEMENTS
_MUST_NAME_SERVICES: Final = frozenset({"VOLUNTARY_MANDATE", "TREATMENT_SUBSTITUTE", "RECORD_AFTER_DEATH"})

_ID: Final = re.compile(r"(?!bsn:)[A-Za-z0-9._:/-]{1,128}", re.ASCII)
_matches_id: Final = _ID.fullmatch

_space_after_quote: Final = re.compile(rb'"[ \t\r\n]').search

_decode: Final = msgspec.json.Decoder().decode
_encode: Final = msgspec.json.Encoder().encode
_convert: Final = msgspec.convert
_to_builtins: Final = msgspec.to_builtins

_STUMBLES: Final = (msgspec.ValidationError, ValueError, TypeError, KeyError, AttributeError)
"""What the fast way raises for input that is wrong; `graph.fields` then says what it is."""


class _Plan(NamedTuple):
    """What the fast way does for one type, worked out once from its fields."""

    record: type[Any]
    read: dict[str, Callable[[Any], object] | None]
    """Every field: how its value is read; `_id` for ids, which are looked at together; None where the type of the
    record says all."""
    not_null: tuple[str, ...]
    """Fields that may be left out and may not be null, where the record has None for left out."""
    trusted: tuple[tuple[str, Callable[[Any], object]], ...]
    """Of those read, the ones whose value in the record is another than in JSON."""
    written: dict[str, tuple[object, Callable[[Any], str] | None]]
    """After `fact`, `id`, `register`, `recorded_at`: each field's default in JSON, and how its value is written."""
    values: Callable[[Any], tuple[Any, ...]]
    """A record's values of those."""


def _plan(record: type[Any], fields: tuple[Field, ...]) -> _Plan:
    own = {f.encode_name: f for f in msgspec.structs.fields(record)}
    written = [f for f in fields if f.name not in ("fact", "id", "register", "recorded_at")]
    return _Plan(
        record=record,
        read={f.name: _reader(f) for f in fields},
        not_null=tuple(f.name for f in fields if not f.nullable and f.name in own and own[f.name].default is None),
        trusted=tuple((f.name, f.shape.read) for f in fields if f.shape.write is not None),
        written={f.name: (_in_json(own[f.name].default), f.shape.write) for f in written},
        values=attrgetter(*(own[f.name].name for f in written)),
    )


def _in_json(default: object) -> object:
    return [] if default == () else default


def _reader(field: Field) -> Callable[[Any], object] | None:
    if field.many:
        return partial(_list, field)
    if field.shape is ID:
        return _id
    return field.shape.read if field.shape in READ_TEXTS or field.shape is TEXT else None


def _list(field: Field, value: list[Any]) -> list[Any]:
    """The fast way for a list, but for the types and words of its values. Raises one of `_STUMBLES`."""
    if len(value) < field.least or (field.unique and len(set(value)) != len(value)):
        raise ValueError
    if field.shape is ID:
        for item in value:
            _id(item)
    elif field.shape is GOOD:
        for item in value:
            field.shape.read(item)
    return value


def _id(value: str) -> str:
    if _ID.fullmatch(value) is None:
        raise ValueError
    return value


_PLANS: Final = {name: _plan(record, FACT_FIELDS[name]) for name, record in TYPES.items()}
_PLAN_OF: Final = {record: (name, _PLANS[name]) for name, record in TYPES.items()}
_QUESTION: Final = _plan(Question, QUESTION_FIELDS)


# facts in


def fact_of(data: object, *, recorded_at: int | None) -> tuple[Fact, bool]:
    """The fact that a decoded JSON object states, and whether it states `recorded_at` itself.

    `recorded_at` stands in where it does not; None: since ever. Raises Problem, for the first thing that is wrong.
    """
    try:
        fact, stated = _built(data, SINCE_EVER if recorded_at is None else recorded_at)
        problem = next(_broken_rules(fact), None)
    except _STUMBLES:
        problem = problems_of(data)[0]
    if problem is not None:
        raise problem
    return fact, stated


def problems_of(data: object) -> list[Problem]:
    """Everything that is wrong with an object that should be a fact; empty for a good one."""
    if not isinstance(data, dict):
        return [Problem("MALFORMED", found=shown(data), expected="a JSON object that states one fact")]
    fact_type = data.get("fact")
    if not isinstance(fact_type, str) or fact_type not in FACT_FIELDS:
        return list(problems_in({"fact": fact_type} if "fact" in data else {}, (FACT_TYPE,)))
    found = list(problems_in(data, FACT_FIELDS[fact_type]))
    return [*found, *_broken_rules_beside(found, data)]


def _broken_rules_beside(found: Sequence[Problem], data: dict[str, Any]) -> Iterator[Problem]:
    """What the fields that are right by themselves break together, as far as it can be told without the others."""
    wrong = {re.split(r"[.\[]", problem.field)[0] for problem in found}
    try:
        fact, _ = _built({name: value for name, value in data.items() if name not in wrong}, SINCE_EVER)
    except _STUMBLES:
        return
    yield from (problem for problem in _broken_rules(fact) if problem.field not in wrong)


def read_fact(line: bytes, *, recorded_at: int | None) -> tuple[Fact, bool]:
    """`fact_of` from JSON text. Raises Problem, also for text that is no JSON or has the same field twice."""
    return fact_of(read_object(line), recorded_at=recorded_at)


def read_object(line: bytes) -> dict[str, Any]:
    """The JSON object on a line, none of whose fields stands there twice. Raises Problem."""
    if len(line) > LINE_BYTES_MAX:
        raise Problem("MALFORMED", found="a longer line", expected=f"at most {LINE_BYTES_MAX} bytes")
    try:
        data = _decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _malformed(line) from None
    if type(data) is not dict:
        raise Problem("MALFORMED", found=shown(data), expected="a JSON object")
    # Every field's closing quote is followed by its colon, or by space and then its colon. Without such space there
    # are at most as many fields as `":`, so that with no more of those than different fields, none stands there twice.
    if line.count(b'":') != len(data) or _space_after_quote(line):
        _refuse_repeated_fields(line)
    return data


def _refuse_repeated_fields(line: bytes) -> None:
    """Raises Problem where an object in this JSON text, which is well-formed, has a field twice."""

    def once(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                field = shown(name).strip('"')
                raise Problem("DUPLICATE_FIELD", field=field, found="the field twice", expected="it once")
            seen.add(name)

    try:
        json.loads(line, object_pairs_hook=once)
    except (RecursionError, ValueError):
        raise _malformed(line) from None


def _malformed(line: bytes) -> Problem:
    """Where and how this text is no JSON that we take."""
    expected = "one JSON object in UTF-8"
    if line.startswith(b"\xef\xbb\xbf"):
        return Problem("MALFORMED", found="a byte order mark", expected=f"{expected} without one")
    try:
        json.loads(line.decode())
    except UnicodeDecodeError as wrong:
        found = f"a byte that is no UTF-8 at byte {wrong.start + 1}"
    except json.JSONDecodeError as wrong:
        found = f"no JSON at character {wrong.pos + 1} ({wrong.msg})"
    except (RecursionError, ValueError):
        found = "lists or objects that lie too deep, or a number too long"
    else:
        found = "a number, a constant or half a surrogate pair that JSON in UTF-8 does not have"
    return Problem("MALFORMED", found=found, expected=expected)


def _built(data: Any, recorded_at: int) -> tuple[Fact, bool]:
    """The fast way. For whatever is wrong with a field by itself it raises one of `_STUMBLES`, in nobody's words."""
    plan = _PLANS[data["fact"]]
    values = _values(data, plan)
    stated = "recorded_at" in values
    if not stated:
        values["recorded_at"] = recorded_at
    return _record(values, plan), stated


def _values(data: dict[str, Any], plan: _Plan) -> dict[str, Any]:
    """What the record holds of each field that is stated and not null. Raises one of `_STUMBLES`."""
    values: dict[str, Any] = {}
    readers = plan.read
    for name, value in data.items():
        read = readers[name]
        if value is None:
            if name in plan.not_null:
                raise ValueError
            values[name] = None
        elif read is None:
            values[name] = value
        elif read is _id:
            if _matches_id(value) is None:
                raise ValueError
            values[name] = value
        else:
            values[name] = read(value)
    return values


def _record(values: dict[str, Any], plan: _Plan) -> Fact:
    """The record with these values; changes `values`. Raises one of `_STUMBLES`."""
    if "register" not in values:
        served = values["fact"]
        if served == "register":
            values["register"] = values["id"]
        else:
            values["register"] = DEFAULT_REGISTER[values["kind"] if served == "authority" else served]
    fact: Fact = _convert(values, plan.record)
    return fact


# rules across a fact's fields


def _broken_rules(fact: Fact) -> Iterator[Problem]:
    """What is wrong with a fact whose fields are each right by themselves (facts.md chapters 1 and 2)."""
    rules = _RULES.get(type(fact))
    return iter(()) if rules is None else rules(fact)


def _broken_rules_of_party(party: Person | Organisation) -> Iterator[Problem]:
    if party.id == COURT:
        yield Problem("RESERVED_ID", field="id", found=shown(COURT), expected="an id that is not reserved")


def _broken_rules_of_service(service: Service) -> Iterator[Problem]:
    short = service.id.removeprefix(f"{service.provider}/")
    if not short or short == service.id or "/" in short:
        expected = f'"{service.provider}/" followed by a short name without /'
        yield Problem("WRONG_VALUE", field="id", found=shown(service.id), expected=expected)


def _broken_rules_of_register(register: Register) -> Iterator[Problem]:
    if register.serves is None and register.id not in TABLE:
        expected = "a list of kinds and types: a register that is not in table 3 says what it serves"
        yield Problem("MISSING_FIELD", field="serves", found="none", expected=expected)


def _broken_interval(fact: Employment | Authority | Consent | Ability | Block) -> Iterator[Problem]:
    start, end = fact.valid_from, fact.valid_until
    if start is not None and end is not None and end <= start:
        expected = f"an instant after valid_from ({moment_text(start)}); what was never so is retracted"
        yield Problem("BAD_INTERVAL", field="valid_until", found=moment_text(end), expected=expected)


def _broken_rules_of_authority(authority: Authority) -> Iterator[Problem]:
    kind = authority.kind
    if authority.representative is None:
        if kind not in _MAY_NAME_NOBODY:
            yield Problem("WRONG_VALUE", field="representative", found="null", expected=f"an id, with {kind}")
    elif kind in REGISTER_STATEMENTS:
        found = shown(authority.representative)
        yield Problem("WRONG_VALUE", field="representative", found=found, expected=f"null, with {kind}")
    if authority.services is None and kind in _MUST_NAME_SERVICES:
        yield Problem("MISSING_FIELD", field="services", found="none", expected=f"a list of service ids, with {kind}")
    if authority.valid_from is None and kind == "VOLUNTARY_MANDATE":
        expected = f"a date or an instant, with {kind}"
        yield Problem("MISSING_FIELD", field="valid_from", found="none", expected=expected)
    if authority.candidates and kind != "UNDETERMINED":
        found = shown(authority.candidates)
        yield Problem("WRONG_VALUE", field="candidates", found=found, expected=f"no candidates, with {kind}")
    if authority.goods is not None and kind != "BEWIND":
        yield Problem("WRONG_VALUE", field="goods", found=shown(authority.goods), expected=f"null, with {kind}")
    yield from _broken_interval(authority)


_RULES: Final[dict[type[Fact], Callable[[Any], Iterator[Problem]]]] = {
    Person: _broken_rules_of_party,
    Organisation: _broken_rules_of_party,
    Service: _broken_rules_of_service,
    Authority: _broken_rules_of_authority,
    Employment: _broken_interval,
    Consent: _broken_interval,
    Ability: _broken_interval,
    Block: _broken_interval,
    Register: _broken_rules_of_register,
}


# facts out


def line_of(fact: Fact) -> bytes:
    """The canonical JSON line, without newline.

    Fields in the order of facts.md, defaults left out but for `recorded_at`, a date where an instant is the beginning
    of a Dutch day.
    """
    name, plan = _PLAN_OF[type(fact)]
    line: dict[str, Any] = {"fact": name, "id": fact.id}
    if fact.register != default_register(fact):
        line["register"] = fact.register
    line["recorded_at"] = instant_text(fact.recorded_at)
    written = plan.written
    for field, value in _to_builtins(fact).items():  # in the order of the record, which is that of facts.md
        if field in written:
            default, write = written[field]
            if value != default:
                line[field] = write(value) if write is not None else value
    return _encode(line)


def fact_of_line(line: bytes) -> Fact:
    """The fact of a line that `line_of` wrote; trusted, so only its form is looked at."""
    values = _decode(line)
    plan = _PLANS[values["fact"]]
    for name, read in plan.trusted:
        if name in values:
            values[name] = read(values[name])
    return _record(values, plan)


def content_of(fact: Fact) -> tuple[Any, ...]:
    """What must be equal for a statement to be no change: all but `recorded_at`."""
    name, plan = _PLAN_OF[type(fact)]
    return (name, fact.id, fact.register, *plan.values(fact))


def default_register(fact: Fact) -> str:
    """The register of a fact that names none (facts.md chapter 3)."""
    if isinstance(fact, Register):
        return fact.id
    return DEFAULT_REGISTER[fact.kind if isinstance(fact, Authority) else _PLAN_OF[type(fact)][0]]


# questions in, answers out


def question_of(data: object, *, now: int) -> Question:
    """The question that a decoded JSON object asks, at `now` where it says no `at`. Raises Problem."""
    try:
        return _asked(data, now)
    except _STUMBLES:
        raise problems_of_question(data)[0] from None


def problems_of_question(data: object) -> list[Problem]:
    """Everything that is wrong with an object that should be a question; empty for a good one."""
    if not isinstance(data, dict):
        return [Problem("MALFORMED", found=shown(data), expected="a JSON object that asks one question")]
    return list(problems_in(data, QUESTION_FIELDS))


def _asked(data: Any, now: int) -> Question:
    values = _values(data, _QUESTION)
    if values.get("at") is None:
        values["at"] = now
    return _convert(values, Question)


def answer_of(decision: Decision) -> dict[str, Any]:
    """The answer object, its keys in the order of facts.md chapter 7."""
    valid_until = decision.valid_until
    return {
        "id": decision.id,
        "outcome": decision.outcome,
        "reason": decision.reason,
        "required_consents": list(decision.required_consents),
        "step_up": decision.step_up,
        "grounds": list(decision.grounds),
        "valid_until": None if valid_until is None else instant_text(valid_until),
        "reasons": [{"code": code, "nl": TEXTS[code].nl, "en": TEXTS[code].en} for code in decision.reasons],
        "as_of": decision.as_of,
        "stale_registers": list(decision.stale_registers),
    }
