"""`machtigen parental-authority CASES`: population register facts → who holds authority (domain.md chapter 7)."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO, Final

import click
import msgspec

from authority.parental.agreement import compare
from authority.parental.brp import BSN_PATTERN, DATE_PATTERN, FIELD_PATTERN, Case, Relation
from authority.parental.derivation import Population
from authority.parental.determine import Determination
from authority.parental.relations import determinations_for, relation_of
from graph.errors import BadInput, Problem
from server.cli.examples import examples

_DECODER: Final = msgspec.json.Decoder(Case)
_MISSING: Final = re.compile(r"Object missing required field `(?P<field>[^`]+)`")
_WRONG_TYPE: Final = re.compile(r"Expected `(?P<expected>.+)`, got `(?P<found>.+)`")
_WRONG_CODE: Final = re.compile(r"Invalid enum value (?P<found>.+)")
_IN_WORDS: Final = {
    f"Expected `str` matching regex {BSN_PATTERN!r}": "nine digits",
    f"Expected `str` matching regex {DATE_PATTERN!r}": "a date YYYY-MM-DD, unknown parts 00",
    f"Expected `str` matching regex {FIELD_PATTERN!r}": "a field number of the register",
    "Invalid RFC3339 encoded date": "a date YYYY-MM-DD that exists",
}


@click.command(
    epilog=examples(
        "machtigen parental-authority cases.jsonl",
        "machtigen parental-authority --route - < one_case.json",
        "machtigen parental-authority --check tests/cases/parental_authority.jsonl",
    )
)
@click.argument("cases", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--route", is_flag=True, help="Add the questions that were asked, the answers, and what cannot be seen.")
@click.option("--check", is_flag=True, help="Compare with `expected` instead; exit status 1 on a disagreement.")
def command(cases: str, *, route: bool, check: bool) -> None:
    """Who holds authority over a minor, from what the population register (BRP) holds on the people around it.

    CASES is a file of JSON Lines, one case a line, or - for standard input. One JSON object is printed for each,
    {id, relations}, as soon as it is known. Today is each case's evaluation_date; the clock is not read.

    With --check nothing of that is printed, but how far the relations agree with `expected`, tier by tier. Exit status
    1: a case of tier `current` disagrees, or authority was given to somebody to whom `expected` does not give it.
    """
    source = "standard input" if cases == "-" else cases
    with nullcontext(sys.stdin.buffer) if cases == "-" else Path(cases).open("rb") as lines:
        if check:
            sys.exit(_check(lines, source))
        out = sys.stdout.buffer
        try:
            for _, case in _read(lines, source):
                found = _determinations(case)
                answer: dict[str, Any] = {"id": case.id, "relations": _relations(found)}
                if route:
                    answer["routes"] = [_route(each) for each in found]
                out.write(msgspec.json.encode(answer) + b"\n")
                if cases == "-":
                    out.flush()
        finally:
            out.flush()


def _read(lines: BinaryIO, source: str) -> Iterator[tuple[int, Case]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, _DECODER.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise BadInput([_problem(error, number)], source=source) from error


def _problem(error: Exception, line: int) -> Problem:
    """What msgspec says, in our words: which field, what was found, what was expected."""
    if isinstance(error, RecursionError):
        return Problem("MALFORMED", found="deeper nesting than this", expected="a case", line=line)
    if not isinstance(error, msgspec.ValidationError):
        found = str(error).removeprefix("JSON is malformed: ")
        return Problem("MALFORMED", found=f"no JSON ({found})", expected="one JSON object a line", line=line)
    message, _, place = str(error).partition(" - at `")
    field = place.removeprefix("key in `").rstrip("`").removeprefix("$").removeprefix(".")
    if missing := _MISSING.fullmatch(message):
        field = ".".join(part for part in (field, missing["field"]) if part)
        return Problem("MISSING_FIELD", field=field, expected="a value", line=line)
    if told := _WRONG_TYPE.fullmatch(message):
        return Problem("WRONG_VALUE", field=field, found=told["found"], expected=told["expected"], line=line)
    if told := _WRONG_CODE.fullmatch(message):
        return Problem("WRONG_VALUE", field=field, found=told["found"], expected="a code of the register", line=line)
    return Problem("WRONG_VALUE", field=field, expected=_IN_WORDS.get(message, message), line=line)


def _determinations(case: Case) -> list[Determination]:
    return determinations_for(case.query.bsn, Population(case.facts.persons), case.evaluation_date)


def _relations(found: list[Determination]) -> list[Relation]:
    return [relation for relation in map(relation_of, found) if relation is not None]


def _route(found: Determination) -> dict[str, Any]:
    because = found.because
    return {
        "minor": found.minor,
        "outcome": found.outcome,
        "because": {"code": because.code, "nl": because.nl, "en": because.en} if because else None,
        "flags": found.flags,
        "questions": [
            {
                "number": step.number,
                "question": {"nl": step.question.nl, "en": step.question.en},
                "source": step.question.source,
                "answer": step.answer,
            }
            for step in found.route
        ],
    }


def _check(lines: BinaryIO, source: str) -> int:
    counts: dict[str, Counter[str]] = {}
    for number, case in _read(lines, source):
        if case.expected is None:
            raise BadInput([Problem("MISSING_FIELD", field="expected", expected="a value", line=number)], source=source)
        found = compare(_relations(_determinations(case)), case.expected)
        tier = counts.setdefault(case.tier, Counter())
        tier["cases"] += 1
        tier["agree"] += found.agrees
        tier["doubts"] += found.doubts_agree
        tier["false grants"] += len(found.false_grants)
        if not found.agrees:
            click.echo(f"{source}:{number}: {case.id} ({case.tier}) disagrees", err=True)
        for holder, minor in found.false_grants:
            click.echo(f"{source}:{number}: {case.id} ({case.tier}) gives {holder} authority over {minor}", err=True)
    click.echo(f"{'tier':<14}{'cases':>7}{'agree':>7}{'share':>9}{'false grants':>14}{'in doubt agree':>16}")
    for name, tier in sorted(counts.items()):
        share = f"{tier['agree'] / tier['cases']:.1%}"
        click.echo(
            f"{name:<14}{tier['cases']:>7}{tier['agree']:>7}{share:>9}{tier['false grants']:>14}{tier['doubts']:>16}"
        )
    current = counts.get("current", Counter())
    return int(current["agree"] < current["cases"] or any(tier["false grants"] for tier in counts.values()))
