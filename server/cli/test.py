"""`machtigen test`: case files, each case's answer compared with what it expects; no server, no graph."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable
from typing import Any

import click

from graph.errors import BadInput, Problem
from graph.reading import Source
from resolvers.cases import CaseFile, Outcomes, read_cases
from server.cli.examples import examples
from server.cli.options import json_option


@click.command(
    epilog=examples(
        "machtigen test examples/family.cases.yaml",
        "machtigen test *.cases.yaml --json",
        "machtigen test - < family.jsonl",
    )
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@json_option
def command(files: tuple[str, ...], as_json: bool) -> int:
    """Ask every question of these case files from the facts in them, and compare the answers with what is expected.

    A file is YAML or JSON Lines (docs/cases.md); - is standard input, .gz and .zst are taken too. Exit status 0: all is
    as expected; 1: some answer is not; 2: a file is wrong, or a case expects nothing, which could never fail.
    """
    now = time.time_ns() // 1_000
    read = [(name, _read(path, now)) for path in files for name in (_name(path),)]
    answered = [(name, found) for name, file in read for found in file.decided()]
    failed = [found for _, found in answered if found.differences]
    if as_json:
        click.echo(json.dumps([_object(name, found) for name, found in answered], ensure_ascii=False))
    else:
        for name, found in answered:
            for line in _told(name, found):
                click.echo(line)
        good = len(answered) - len(failed)
        click.echo(f"{len(answered):,} cases: {good:,} as expected, {len(failed):,} not")
    return 1 if failed else 0


def _name(path: str) -> str:
    return "standard input" if path == "-" else path


def _read(path: str, now: int) -> CaseFile:
    with Source(path) as source:
        # blank lines are not handed over, and lines keep their numbers
        lines: dict[int, bytes] = dict(source.lines())
        name = source.name
    text = "\n".join(_text(lines.get(number, b""), number, name) for number in range(1, max(lines, default=0) + 1))
    file = asyncio.run(read_cases(text, now=now, source=name))
    idle = [case for case in file.cases if not case.expect]
    if idle or not file.cases:
        line = idle[0].line if idle else 1
        expected = "what must come out of each case" if idle else "at least one case"
        field = "expect" if idle else "cases"
        raise BadInput([Problem("MISSING_FIELD", field=field, found="none", expected=expected, line=line)], source=name)
    return file


def _text(line: bytes, number: int, source: str) -> str:
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        wrong = Problem("MALFORMED", found="bytes that are no UTF-8", expected="UTF-8", line=number)
        raise BadInput([wrong], source=source) from None


def _told(name: str, found: Outcomes) -> Iterable[str]:
    decision = found.decision
    mark = "✗" if found.differences else "✓"
    yield f"{mark} {name}:{found.case.line}: {found.case.name}: {decision.outcome} {decision.reason}"
    for each in found.differences:
        yield f"    {each.field}: expected {_shown(each.expected)}, found {_shown(each.found)}"


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _object(name: str, found: Outcomes) -> dict[str, Any]:
    return {
        "file": name,
        "line": found.case.line,
        "name": found.case.name,
        "outcome": found.decision.outcome,
        "reason": found.decision.reason,
        "as_expected": not found.differences,
        "differences": [each._asdict() for each in found.differences],
    }
