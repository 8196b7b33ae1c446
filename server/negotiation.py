"""What a request accepts (RFC 9110 12.5.1), for the few media types that we answer in."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from starlette.types import Scope

JSON: Final = "application/json"
RESPONSE_JSON: Final = "application/graphql-response+json"
_ANSWERED_BY: Final = {
    RESPONSE_JSON: RESPONSE_JSON,
    JSON: JSON,
    "application/*": JSON,
    "*/*": JSON,
    "text/html": "text/html",
    "text/event-stream": "text/event-stream",
}


def header(scope: Scope, name: bytes) -> str:
    """The header's value; empty where it is not there."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return ""


@lru_cache(maxsize=256)
def wanted(accept: str, *, html: bool) -> str | None:
    """The media type to answer in: the first of those with the greatest weight; None: none that we have."""
    if not accept:
        return JSON
    best: tuple[float, str] | None = None
    for part in accept.split(","):
        media, *parameters = (each.strip().lower() for each in part.split(";"))
        answer = _ANSWERED_BY.get(media)
        if answer is None or (answer == "text/html" and not html):
            continue
        much = weight(parameters)
        if much > 0 and (best is None or much > best[0]):
            best = (much, answer)
    return best[1] if best else None


def weight(parameters: list[str]) -> float:
    """Of one of the things accepted, by its `q`; 1 without."""
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0
