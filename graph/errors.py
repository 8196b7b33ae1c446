"""Errors of the graph, each with a stable `code` and one public sentence.

GraphError
├── BadInput            a line, fact or question that breaks facts.md: code, line, field, found, expected
├── Unreadable          a file of facts or questions cannot be opened or read
├── BadToken            a token of another ledger, or not a token
├── LedgerBehind        asked for a position that this ledger has not reached
└── LedgerUnavailable   cannot be opened or reached
    ├── DamagedLedger   the file or its chain does not hold together
    └── ForeignLedger   something else, or another format version
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class GraphError(Exception):
    """The base; `str(error)` is fit for a user and names nothing private."""

    code: ClassVar[str] = "GRAPH_ERROR"


class Problem(Exception):
    """One thing wrong with one fact or question.

    `code` is stable: MALFORMED, DUPLICATE_FIELD, UNKNOWN_FIELD, MISSING_FIELD, WRONG_VALUE, BAD_INTERVAL,
    RESERVED_ID, UNKNOWN_REFERENCE, CONFLICT. `line` counts from 1; 0: no line known.
    """

    def __init__(self, code: str, *, field: str = "", found: str = "", expected: str = "", line: int = 0) -> None:
        self.code, self.field, self.found, self.expected, self.line = code, field, found, expected, line
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """`field: found X, expected Y (CODE)`."""
        where = f"{self.field}: " if self.field else ""
        found = f"found {self.found}, " if self.found else ""
        return f"{where}{found}expected {self.expected} ({self.code})"


class BadInput(GraphError):
    """Input that breaks facts.md. Nothing of it was stored. `problems` has at least one."""

    code = "BAD_INPUT"

    def __init__(self, problems: Sequence[Problem], *, source: str = "") -> None:
        assert problems
        self.problems, self.source = tuple(problems), source
        super().__init__("\n".join(f"{source}:{p.line}: {p.sentence}" if source else p.sentence for p in problems))


class Unreadable(GraphError):
    """A file of facts or questions cannot be opened or read: one line that says why."""

    code = "UNREADABLE"


class BadToken(GraphError):
    """Not a token, or one of another ledger."""

    code = "BAD_TOKEN"


class LedgerBehind(GraphError):
    """The ledger has not reached the position asked for."""

    code = "LEDGER_BEHIND"


class LedgerUnavailable(GraphError):
    """The ledger cannot be opened or reached: one line that says why and what to do."""

    code = "LEDGER_UNAVAILABLE"


class DamagedLedger(LedgerUnavailable):
    """The file, or the chain of what is in it, does not hold together."""

    code = "DAMAGED_LEDGER"


class ForeignLedger(LedgerUnavailable):
    """Not a Machtigen graph, or of a format that this version does not read."""

    code = "FOREIGN_LEDGER"
