"""`machtigen explain`: one decision as a readable tree, from a facts file or a graph."""

from __future__ import annotations

import time
from typing import Any, Final

import click
import msgspec
from click.core import ParameterSource

from authority.explanation import Explanation, explain
from authority.learnt import Since, keys_of, since
from authority.moments import instant, instant_text
from authority.question import Question
from graph.errors import Problem
from graph.gathering import gather
from graph.intake import answer_of, question_of, read_object
from graph.ledger import Ledger
from resolvers.explanation import explained, learnt_since
from resolvers.reading import Reading
from server.cli.console import Console
from server.cli.decide import read_pile
from server.cli.examples import examples
from server.cli.options import graph_option, with_ledger
from server.cli.tree import Language, tree

_WIDTH_ELSEWHERE: Final = 120
"""Columns where it is not a terminal that reads it."""


@click.command(
    epilog=examples(
        'QUESTION=\'{"representative":"p2","represented":"p1","provider":"h1","service":"record",\'\\',
        '    \'"assurance":"SUBSTANTIAL"}\'',
        'machtigen explain --facts facts.jsonl --language nl --question "$QUESTION"',
        'machtigen explain --graph .machtigen/demo/graph --question "$QUESTION" --json',
        'machtigen explain --facts facts.jsonl --question "$QUESTION" --known-at 2026-03-01T00:00:00Z',
    )
)
@click.option("--facts", metavar="FILE", help="A facts file; - for standard input; .gz and .zst too.")
@graph_option
@click.option("--question", "asked", required=True, metavar="JSON", help="One question object (facts.md chapter 4).")
@click.option("--known-at", metavar="INSTANT", help="As the registers knew it then, and what has been learnt since.")
@click.option("--as-of", metavar="TOKEN", help="As the graph was at this position (a decision's as_of); likewise.")
@click.option("--language", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Of the texts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for another program.")
def command(
    facts: str | None,
    graph: str,
    asked: str,
    known_at: str | None,
    as_of: str | None,
    language: Language,
    as_json: bool,
) -> None:
    """Tell why a decision is what it is.

    Every step with what it looked at and the law behind it, the other authorities and why they do not count, the
    registers, and what would change the answer. It tells what exists and what people said: it is for developers, never
    for the one who asks.
    """
    context = click.get_current_context()
    if facts is not None and context.get_parameter_source("graph") is ParameterSource.COMMANDLINE:
        raise click.UsageError("either --facts or --graph, not both")
    if facts is not None and as_of is not None:
        raise click.UsageError("--as-of is a position of a graph; of a file ask --known-at")
    question = _question(asked, known_at)
    past = as_of is not None or question.known_at is not None
    if facts is not None:
        explanation, learnt = _of_file(question, facts, past=past)
    else:
        explanation, learnt = _of_graph(question, graph, as_of, past=past)
    if as_json:
        click.echo(msgspec.json.encode(as_object(asked, explanation, learnt)))
    else:
        console = Console(highlight=False)
        if not console.is_terminal:
            console.width = _WIDTH_ELSEWHERE
        console.print(tree(question, explanation, language, learnt))


def as_object(asked: str, explanation: Explanation, learnt: Since | None) -> dict[str, Any]:
    """The question as it was asked, the answer with the keys of facts.md chapter 7, and how it came about."""
    told: dict[str, Any] = msgspec.to_builtins(explanation)
    return {
        "question": msgspec.json.decode(asked),
        **told,
        "decision": answer_of(explanation.decision),
        "since": None if learnt is None else _since_object(learnt),
    }


def _since_object(learnt: Since) -> dict[str, Any]:
    return {
        "facts": [msgspec.to_builtins(each) | {"recorded_at": instant_text(each.recorded_at)} for each in learnt.facts],
        "decision_now": answer_of(learnt.decision_now),
        "differs": learnt.differs,
        "differs_in": learnt.differs_in,
    }


def _question(asked: str, known_at: str | None) -> Question:
    try:
        question = question_of(read_object(asked.encode()), now=time.time_ns() // 1_000)
    except Problem as problem:
        raise click.BadParameter(problem.sentence, param_hint="--question") from None
    if known_at is None:
        return question
    try:
        return msgspec.structs.replace(question, known_at=instant(known_at))
    except ValueError as wrong:
        raise click.BadParameter(f"found {known_at!r}, expected {wrong}", param_hint="--known-at") from None


def _of_file(question: Question, facts: str, *, past: bool) -> tuple[Explanation, Since | None]:
    pile = read_pile(facts)
    then, now = gather(question, pile), gather(msgspec.structs.replace(question, known_at=None), pile)
    explanation = explain(question, then)
    if not past:
        return explanation, None
    keys = keys_of(question, then, now)
    told = pile.versions(keys, question.known_at), pile.versions(keys, None)
    return explanation, since(question, explanation.decision, now, *told)


def _of_graph(question: Question, graph: str, as_of: str | None, *, past: bool) -> tuple[Explanation, Since | None]:
    async def work(ledger: Ledger) -> tuple[Explanation, Since | None]:
        explanation, answer = await explained(ledger, question, Reading(as_of=as_of))
        return explanation, (await learnt_since(ledger, answer))[0] if past else None

    return with_ledger(graph, work, read_only=True, create=False)
