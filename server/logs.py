"""What the server writes to its log: whatever a caller put in a URL or made go wrong, no number of a person."""

from __future__ import annotations

import logging
from typing import Any, Final

from schema.errors import without_numbers


class NumberFree(logging.Formatter):
    """A line as it would be, without what could be a citizen service number (BSN)."""

    def format(self, record: logging.LogRecord) -> str:
        """Stack traces too."""
        return without_numbers(super().format(record))


def _formatter(line: str) -> dict[str, str]:
    return {"()": "server.logs.NumberFree", "fmt": line, "datefmt": "[%Y-%m-%d %H:%M:%S %z]"}


LOGGING: Final[dict[str, Any]] = {
    "formatters": {"generic": _formatter("[%(levelname)s] %(message)s"), "access": _formatter("%(message)s")}
}
"""In the place of Granian's own formatters."""
