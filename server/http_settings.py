"""How the service behaves over HTTP."""

from __future__ import annotations

import re
from typing import Final

import msgspec

MAX_AGE_SECONDS_MAX: Final = 5
_ORIGIN: Final = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?")


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`seconds_max`: for one request; then its work is stopped.

    `max_age_seconds`: how long a browser may keep a decision without asking again. A withdrawal may be that late where
    its token is not passed on. `documents`: files and folders of trusted ones.
    `only_documents`: nothing else is taken. `cors_origins`: sites whose pages may ask, such as https://portal.example.
    """

    seconds_max: float = 10.0
    max_age_seconds: int = 0
    documents: tuple[str, ...] = ()
    only_documents: bool = False
    cors_origins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError where a value is not allowed."""
        if not 0 <= self.max_age_seconds <= MAX_AGE_SECONDS_MAX:
            raise ValueError(f"a decision is kept for 0 to {MAX_AGE_SECONDS_MAX} seconds")
        for origin in self.cors_origins:
            if _ORIGIN.fullmatch(origin) is None:
                raise ValueError(f"{origin}: expected a site, such as https://portal.example, without a path")
        if self.seconds_max <= 0:
            raise ValueError("a request needs some time")
        if self.only_documents and not self.documents:
            raise ValueError("--only-documents needs a list of them: --documents FILE")
