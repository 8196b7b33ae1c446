"""Where commands print tables, trees and colours."""

from __future__ import annotations

from rich import console


class Console(console.Console):
    """Rich's, but for a reader who is gone: that is `server.cli.main`'s to deal with, as for everything printed."""

    def on_broken_pipe(self) -> None:
        """Raises BrokenPipeError."""
        raise BrokenPipeError
