"""The examples at the end of a command's `--help`."""

from __future__ import annotations


def examples(*lines: str) -> str:
    """The epilog with these lines as they stand: click does not wrap what follows a backspace on a line of its own."""
    return "\n".join(("\b", "Examples:" if len(lines) > 1 else "Example:", *(f"  {line}" for line in lines)))
