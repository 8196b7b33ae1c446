"""Case files (`*.cases.yaml`): facts, questions about them, and what is expected; read, decided, compared.

The playground and `machtigen test` read the same files by this one way, and the law itself decides. A file is YAML
(`graph.plain_yaml`) with `facts`, `cases` and perhaps `now`; or JSON Lines that say the same, each a fact or a case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, get_args

import msgspec

from authority.codes import COURT, Assurance, Outcome
from authority.decide import decide
from authority.decision import Decision
from authority.moments import SINCE_EVER, instant, moment_text
from authority.question import Question
from authority.reasons import TEXTS
from graph.admission import Admission, Refusals
from graph.errors import BadInput, Problem
from graph.fields import INSTANT, MOMENT, Field, Shape, is_id, problems_in, shown, words
from graph.gathering import Pile, gather
from graph.intake import problems_of, problems_of_question, question_of, read_object
from graph.plain_yaml import Read

BYTES_MAX: Final = 256 * 1024
"""Of a file in the playground."""
FACTS_MAX: Final = 2_000
CASES_MAX: Final = 500
NAME_LENGTH_MAX: Final = 200


def _giver(value: object) -> object:
    if not isinstance(value, str) or not (value == COURT or is_id(value)):
        raise ValueError
    return value


_GIVER: Final = Shape("an id, or COURT", _giver)
EXPECTED: Final = (
    Field("outcome", words(get_args(Outcome))),
    Field("reason", words(tuple(TEXTS))),
    Field("required_consents", _GIVER, many=True, unique=True),
    Field("step_up", words(get_args(Assurance)), nullable=True),
    Field("grounds", _GIVER, many=True, unique=True),
    Field("valid_until", MOMENT, nullable=True),
)
"""What a case may expect of its decision, in the words of facts.md chapter 7; what it leaves out is not looked at."""


class Case(NamedTuple):
    """One question of a file, at its line, and what must come out."""

    name: str
    line: int
    question: Question
    expect: dict[str, Any]


class Difference(NamedTuple):
    """A field of the answer that is not what was expected; both as a case file has them."""

    field: str
    expected: Any
    found: Any


class Outcomes(NamedTuple):
    """A case with its decision. Nothing expected, nothing differs."""

    case: Case
    decision: Decision
    differences: tuple[Difference, ...]


class CaseFile(NamedTuple):
    """Facts that have passed the door of every facts file, and the cases that are asked about them."""

    pile: Pile
    cases: tuple[Case, ...]

    def decided(self) -> list[Outcomes]:
        """Every case in the order of the file."""
        found = []
        for case in self.cases:
            decision = decide(case.question, gather(case.question, self.pile))
            found.append(Outcomes(case, decision, tuple(_differences(case, decision))))
        return found


async def read_cases(text: str, *, now: int, source: str = "") -> CaseFile:
    """A case file; `now` stands in where neither the file nor a question says when.

    Raises BadInput with every problem and its line; facts and cases beyond the bounds are refused, not cut.
    """
    refusals = Refusals(source, keep_going=True)
    try:
        said = _lines_of(text) if _is_json_lines(text) else _yaml_of(text)
    except Problem as problem:
        raise BadInput([problem], source=source) from None
    said.settle(refusals)
    pile = await _pile(said.facts, refusals)
    at = _now(said, refusals) if said.now is not None else now
    cases = [case for line, each in said.cases if (case := _case(line, each, at, refusals)) is not None]
    refusals.settle()
    return CaseFile(pile, tuple(cases))


class _Said(NamedTuple):
    """What a file states, each with its line; not looked into yet."""

    facts: list[tuple[int, Any]]
    cases: list[tuple[int, Any]]
    now: Any = None
    problems: tuple[Problem, ...] = ()

    def settle(self, refusals: Refusals) -> None:
        """Raises BadInput for more than is taken."""
        for problem in self.problems:
            refusals.add(problem, problem.line)
        for what, given, most in (("facts", self.facts, FACTS_MAX), ("cases", self.cases, CASES_MAX)):
            if len(given) > most:
                wrong = Problem("WRONG_VALUE", field=what, found=f"{len(given):,}", expected=f"at most {most:,}")
                refusals.add(wrong, given[most][0])
                refusals.settle()


def _is_json_lines(text: str) -> bool:
    """Whether the first line that is not blank states a fact or a case by itself."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        data = read_object(first.encode())
    except (Problem, UnicodeEncodeError):
        return False
    return "fact" in data or "question" in data


def _lines_of(text: str) -> _Said:
    facts, cases, problems = list[tuple[int, Any]](), list[tuple[int, Any]](), list[Problem]()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            data = read_object(line.encode())
        except Problem as problem:
            problem.line = number
            problems.append(problem)
            continue
        (cases if "question" in data else facts).append((number, data))
    return _Said(facts, cases, problems=tuple(problems))


def _yaml_of(text: str) -> _Said:
    read = Read(text)
    data = {} if read.value is None else read.value
    if not isinstance(data, dict):
        raise Problem("MALFORMED", found=shown(data), expected="an object with facts and cases", line=1)
    unknown = next((name for name in data if name not in ("now", "facts", "cases")), None)
    if unknown is not None:
        raise Problem("UNKNOWN_FIELD", field=shown(unknown).strip('"'), expected="now, facts or cases", line=1)
    listed: dict[str, list[tuple[int, Any]]] = {}
    for name in ("facts", "cases"):
        items = data.get(name)
        if not isinstance(items, list | None):
            raise Problem("WRONG_VALUE", field=name, found=shown(items), expected="a list", line=1)
        listed[name] = [(read.line_of(item), item) for item in items or ()]
    return _Said(listed["facts"], listed["cases"], data.get("now"))


def _now(said: _Said, refusals: Refusals) -> int:
    try:
        INSTANT.read(said.now)
    except (ValueError, TypeError):
        refusals.add(Problem("WRONG_VALUE", field="now", found=shown(said.now), expected=INSTANT.expected), 1)
        return SINCE_EVER
    return instant(said.now)


async def _pile(facts: Sequence[tuple[int, Any]], refusals: Refusals) -> Pile:
    """Through the door of every facts file; known since ever where a fact does not say when."""
    admission = Admission(refusals)
    try:
        good = []
        for line, data in facts:
            wrong = problems_of(data)
            for problem in wrong:
                refusals.add(problem, line)
            if not wrong:
                good.append((line, msgspec.json.encode(data)))
        for _ in admission.take_lines(good, SINCE_EVER):
            pass
        if not refusals.problems:
            await admission.check(None)
        return Pile(admission.facts())
    finally:
        admission.close()


def _case(line: int, data: Any, now: int, refusals: Refusals) -> Case | None:
    problems = list(_problems_of_case(data))
    for problem in problems:
        refusals.add(problem, line)
    if problems:
        return None
    name = data.get("name") or _named(data["question"])
    return Case(name, line, question_of(data["question"], now=now), dict(data.get("expect") or {}))


def _problems_of_case(data: Any) -> Iterable[Problem]:
    if not isinstance(data, dict):
        yield Problem("MALFORMED", found=shown(data), expected="an object with name, question and expect")
        return
    for field in data:
        if field not in ("name", "question", "expect"):
            expected = "name, question or expect"
            yield Problem("UNKNOWN_FIELD", field=shown(field).strip('"'), expected=expected)
    name = data.get("name", "-")
    if not isinstance(name, str) or not 1 <= len(name) <= NAME_LENGTH_MAX:
        expected = f"a text of 1 to {NAME_LENGTH_MAX} characters"
        yield Problem("WRONG_VALUE", field="name", found=shown(name), expected=expected)
    if "question" not in data:
        yield Problem("MISSING_FIELD", field="question", found="none", expected="the question that is asked")
    else:
        yield from _below("question", problems_of_question(data["question"]))
    expect = data.get("expect") or {}
    if not isinstance(expect, dict):
        yield Problem("WRONG_VALUE", field="expect", found=shown(expect), expected="an object")
    else:
        yield from _below("expect", problems_in(expect, EXPECTED))


def _below(where: str, problems: Iterable[Problem]) -> Iterable[Problem]:
    for wrong in problems:
        field = f"{where}.{wrong.field}" if wrong.field else where
        yield Problem(wrong.code, field=field, found=wrong.found, expected=wrong.expected)


def _named(question: Mapping[str, Any]) -> str:
    return f"{question['representative']} for {question['represented']}, {question['service']}"


def _differences(case: Case, decision: Decision) -> Iterable[Difference]:
    for field, expected in case.expect.items():
        found = getattr(decision, field)
        if field == "valid_until":
            same = found == (None if expected is None else MOMENT.read(expected))
            found = None if found is None else moment_text(found)
        elif field in ("required_consents", "grounds"):
            found = list(found)
            same = found == sorted(expected)
        else:
            same = found == expected
        if not same:
            yield Difference(field, expected, found)
