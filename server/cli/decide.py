"""`machtigen decide`: answers from a facts file, without a server or a graph (facts.md chapter 7)."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator

import click
import msgspec

from authority.decide import decide
from authority.question import Question
from graph.admission import Refusals, facts_of
from graph.errors import Problem
from graph.gathering import Pile, gather
from graph.intake import answer_of, question_of, read_object
from graph.reading import STANDARD_INPUT, Source
from server.cli.examples import examples

_BRIEF = ("id", "outcome", "reason")
_ANSWERS_AT_ONCE = 1_000


@click.command(
    epilog=examples(
        "machtigen decide --facts facts.jsonl --questions questions.jsonl",
        'echo \'{"representative":"p2","represented":"p1","provider":"h1",\'\\',
        '    \'"service":"record","assurance":"HIGH"}\' |',
        "    machtigen decide --facts facts.jsonl --questions - --brief",
    )
)
@click.option("--facts", required=True, metavar="FILE", help="A facts file; - for standard input; .gz and .zst too.")
@click.option("--questions", required=True, metavar="FILE", help="One question object a line; likewise.")
@click.option("--brief", is_flag=True, help="Only id, outcome and reason.")
def command(facts: str, questions: str, brief: bool) -> None:
    """Answer every question of one file from the facts of another: one JSON object a line, in the same order.

    Exit status 0 whatever the answers are; 2 where a fact or a question is wrong, and then there is no answer at all.
    """
    if facts == questions == STANDARD_INPUT:
        raise click.UsageError("only one of --facts and --questions can be standard input")
    now = time.time_ns() // 1_000
    pile = read_pile(facts)
    asked = list(_questions(questions, now))
    encode = msgspec.json.Encoder().encode_lines
    output = sys.stdout.buffer
    for start in range(0, len(asked), _ANSWERS_AT_ONCE):
        answers = [answer_of(decide(q, gather(q, pile))) for q in asked[start : start + _ANSWERS_AT_ONCE]]
        output.write(encode([{key: answer[key] for key in _BRIEF} for answer in answers] if brief else answers))
    output.flush()


def read_pile(path: str) -> Pile:
    """The facts of a file, checked as a whole. Raises BadInput."""
    with Source(path) as source:
        return Pile(asyncio.run(facts_of(source.lines(), source.name)))


def _questions(path: str, now: int) -> Iterator[Question]:
    """The questions of a file, all of the same `now`. Raises BadInput."""
    with Source(path) as source:
        refusals = Refusals(source.name)
        for number, line in source.lines():
            try:
                yield question_of(read_object(line), now=now)
            except Problem as problem:
                refusals.add(problem, number)
