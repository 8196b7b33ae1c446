"""What a caller says was seen; it goes into the audit record and nowhere else."""

from __future__ import annotations

import re
from typing import Annotated, Final

from strawberry import argument

from graph.errors import BadInput, Problem
from graph.pseudonyms import could_be_bsn
from resolvers.telling import EVIDENCE_MAX
from schema.errors import without_numbers

_JOINED: Final = re.compile(r"[ .\-]")
_PARTED: Final = re.compile(r"(?<![\d.\-])\d(?:[ .\-]?\d){8}(?![.\-/]?\d)", re.ASCII)
"""Nine digits as people write them, in groups; whether they could be a number the eleven test says. A court of appeal
writes its cases as 200.123.456/01, which is no number of anybody."""

Evidence = Annotated[
    str | None,
    argument(
        description="What was seen, such as the number of a ruling or the kind of an identity document; at most 200 "
        "characters, never a BSN or a name. It goes into the audit record only."
    ),
]


def evidence_of(said: str | None) -> str:
    """What a caller says was seen, "" for nothing. Raises BadInput: too long, or with what could be a BSN."""
    seen = (said or "").strip()
    if len(seen) > EVIDENCE_MAX:
        raise BadInput([Problem("WRONG_VALUE", field="evidence", expected=f"at most {EVIDENCE_MAX} characters")])
    if without_numbers(seen) != seen or any(could_be_bsn(_JOINED.sub("", each[0])) for each in _PARTED.finditer(seen)):
        expected = "no number of eight or nine digits, which could be a BSN"
        raise BadInput([Problem("WRONG_VALUE", field="evidence", expected=expected)])
    return seen
