"""The command line, one module a command (DESIGN.md chapter 7).

Exit status: 0 done; 1 the answer is "no" (a failed check, a missed objective); 2 wrong use or bad input, with one
clear line on standard error; 3 the run is invalid (a load generator that was itself the limit).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from graph.errors import BadInput, GraphError

COMMANDS: Final[dict[str, str]] = {
    "serve": "Serve GraphQL over HTTP.",
    "token": "A token for developing, of the built-in issuer.",
    "demo": "A small country, loaded and served, with the pages to open.",
    "import": "Facts in, from JSON Lines.",
    "export": "Facts out, as JSON Lines.",
    "onboard": "Providers brought live, thousands from one file.",
    "verify": "Check every content against its hash and every hash against the chain.",
    "audit": "Who asked what, and on which ground it was answered: verify, search, export, replay.",
    "stats": "Count what the graph holds.",
    "decide": "Answer questions from a facts file; no server, no graph.",
    "explain": "One decision as a readable tree.",
    "test": "Case files: facts, questions and what is expected, for CI.",
    "documents": "A frontend's operations against the schema, and the list of trusted ones.",
    "simulate": "When the country is connected, who is left out, and how sure that is.",
    "letter": "The letter's statements with what the model says beside each.",
    "loadtest": "A load with open arrivals on a running service, and a verdict.",
    "capacity": "How many machines, when: measured, and joined with what the simulator expects.",
    "rehearse": "A simulated year played into a running service, its answers compared with the truth.",
    "outbox": "Letters and e-mails of the mandate desk that wait or could not be sent.",
    "sync": "Take in what the registers have, now; their health and quarantine.",
    "neo4j": "A local real Neo4j for development, no Docker needed.",
    "parental-authority": "Population register facts → who holds authority over a minor.",
    "population": "18 million people as columns, Parquet or fact lines.",
}
"""Each command with its line in the list; its module is `server.cli.<name>`, read only when it is called."""


_READER_GONE: Final = 128 + 13
"""What the shell tells of a tool that ended because nobody reads its output any more (SIGPIPE): not all was written."""


class _ReaderGone(Exception):
    """BrokenPipeError under a name for which click has no ideas of its own."""


@contextmanager
def _reader_missed() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise _ReaderGone from None


class Commands(click.Group):
    """The commands of COMMANDS, each imported when it is used: `machtigen --help` loads none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The `command` of the module that bears its name (`import` is `import_`)."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = import_module(f"server.cli.{name + '_' if name == 'import' else name}")
        command: click.Command = module.command
        return command

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Prints the help where that is asked for."""
        with _reader_missed():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """All that the command prints has been written when this returns."""
        with _reader_missed():
            status = super().invoke(ctx)
            sys.stdout.flush()
        return status

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table itself."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="machtigen")
def commands() -> None:
    """May they act for this person, here, for this service, now?"""


def main() -> None:
    """The console command `machtigen`: what went wrong is said in one line, and never with a stack trace."""
    _open_closed_streams()
    try:
        # outside standalone mode click hands back the status that a command exits with
        status = commands(standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(2)
    except BadInput as bad:
        click.echo(str(bad), err=True)  # it begins with the file and the line
        sys.exit(2)
    except GraphError as error:
        click.echo(f"machtigen: {error}", err=True)
        sys.exit(2)
    except _ReaderGone:
        _forget_output()
        sys.exit(_READER_GONE)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"machtigen: {where}{error.strerror or error}", err=True)
        _forget_output()
        sys.exit(2)


def _open_closed_streams() -> None:
    """Whoever starts us may have closed some; then the next file opened, a graph, would bear its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open to the end


def _forget_output() -> None:
    """Whatever still waits to be printed goes nowhere, or Python tries it again at its end and complains."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    main()
