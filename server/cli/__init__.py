"""The command line, one module a command (DESIGN.md chapter 7).

Exit status: 0 done; 1 the answer is "no" (a failed check, a missed objective); 2 wrong use or bad input, with one
clear line on standard error; 3 the run is invalid (a load generator that was itself the limit).
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

from graph.errors import GraphError

COMMANDS: Final[dict[str, str]] = {
    "serve": "Serve GraphQL over HTTP.",
    "demo": "A small country, loaded and served, with the pages to open.",
    "import": "Facts in, from JSON Lines.",
    "export": "Facts out, as JSON Lines.",
    "verify": "Check every content against its hash and every hash against the chain.",
    "stats": "Count what the graph holds.",
    "decide": "Answer questions from a facts file; no server, no graph.",
    "explain": "One decision as a readable tree.",
    "simulate": "When the country is connected, who is left out, and how sure that is.",
    "letter": "The letter's statements with what the model says beside each.",
    "sync": "Take in what the registers have, now; their health and quarantine.",
    "neo4j": "A local real Neo4j for development, no Docker needed.",
    "parental-authority": "Population register facts → who holds authority over a minor.",
    "population": "18 million people as columns, Parquet or fact lines.",
}
"""Each command with its line in the list; its module is `server.cli.<name>`, read only when it is called."""


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
    except GraphError as error:
        click.echo(f"machtigen: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        # whoever read our output has seen enough (`machtigen export | head`)
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
