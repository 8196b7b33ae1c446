"""`machtigen explain`: one decision as a readable tree, from a facts file or a graph."""

from __future__ import annotations

import time
from typing import Any, Final

import click
import msgspec
from click.core import ParameterSource

from authority.explanation import Explanation, explain
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from graph.errors import Problem
from graph.gathering import gather
from graph.intake import answer_of, question_of, read_object
from graph.ledger import Ledger
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
    )
)
@click.option("--facts", metavar="FILE", help="A facts file; - for standard input; .gz and .zst too.")
@graph_option
@click.option("--question", "asked", required=True, metavar="JSON", help="One question object (facts.md chapter 4).")
@click.option("--language", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Of the texts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for another program.")
def command(facts: str | None, graph: str, asked: str, language: Language, as_json: bool) -> None:
    """Tell why a decision is what it is.

    Every step with what it looked at and the law behind it, the other authorities and why they do not count, the
    registers, and what would change the answer. It tells what exists and what people said: it is for developers, never
    for the one who asks.
    """
    context = click.get_current_context()
    if facts is not None and context.get_parameter_source("graph") is ParameterSource.COMMANDLINE:
        raise click.UsageError("either --facts or --graph, not both")
    question = _question(asked)
    explanation = explain(question, _around(question, facts, graph))
    if as_json:
        click.echo(msgspec.json.encode(as_object(asked, explanation)))
    else:
        console = Console(highlight=False)
        if not console.is_terminal:
            console.width = _WIDTH_ELSEWHERE
        console.print(tree(question, explanation, language))


def as_object(asked: str, explanation: Explanation) -> dict[str, Any]:
    """The question as it was asked, the answer with the keys of facts.md chapter 7, and how it came about."""
    told: dict[str, Any] = msgspec.to_builtins(explanation)
    return {"question": msgspec.json.decode(asked), **told, "decision": answer_of(explanation.decision)}


def _question(asked: str) -> Question:
    try:
        return question_of(read_object(asked.encode()), now=time.time_ns() // 1_000)
    except Problem as problem:
        raise click.BadParameter(problem.sentence, param_hint="--question") from None


def _around(question: Question, facts: str | None, graph: str) -> Neighbourhood:
    if facts is not None:
        return gather(question, read_pile(facts))

    async def work(ledger: Ledger) -> Neighbourhood:
        return await ledger.neighbourhood(question)

    return with_ledger(graph, work, read_only=True, create=False)
