"""How a load test goes on, on standard error: a bar on a terminal, plain lines elsewhere; what is dropped is shown."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click
from rich import progress as bars

from server.cli.console import Console

_PLAIN_LINE_EVERY_S: Final = 5.0
Told = Callable[[float, dict[str, int]], None]


@contextmanager
def loading(stage: str, seconds: float, *, quiet: bool = False) -> Iterator[Told]:
    """Hears seconds since the begin and counts."""
    if quiet:
        yield lambda passed, counts: None
    elif sys.stderr.isatty():
        text, counted = bars.TextColumn("{task.description}"), bars.TextColumn("{task.fields[counts]}")
        with bars.Progress(text, bars.BarColumn(), counted, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(stage, total=seconds, counts="")
            yield lambda passed, counts: bar.update(task, completed=min(passed, seconds), counts=_words(counts))
    else:
        yield _plain_lines(stage, seconds)


def _plain_lines(stage: str, seconds: float) -> Told:
    last = time.monotonic()

    def told(passed: float, counts: dict[str, int]) -> None:
        nonlocal last
        if time.monotonic() - last >= _PLAIN_LINE_EVERY_S:
            last = time.monotonic()
            click.echo(f"{stage}: {min(passed, seconds):.0f} of {seconds:.0f} s, {_words(counts)}", err=True)

    return told


def _words(counts: dict[str, int]) -> str:
    parts = [f"{counts['begun']:,} begun", f"{counts['dropped']:,} dropped"]
    if counts["false_permits"]:
        parts.append(f"{counts['false_permits']:,} FALSE PERMITS")
    return ", ".join(parts)
