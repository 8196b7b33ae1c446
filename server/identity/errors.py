"""Why a caller is not identified.

Unidentified    the request is refused, with what RFC 6750 says of it
BadIdentity     the configuration: one line, said before the service starts
"""

from __future__ import annotations

from typing import Final, Literal

REALM: Final = "machtigen"


class BadIdentity(Exception):
    """The configuration of issuer, audience or keys cannot be used; one line that says so."""


class Unidentified(Exception):
    """`error`: as RFC 6750 3.1 has it; "" where no token was sent at all. `why` never repeats what was sent."""

    def __init__(
        self, why: str, error: Literal["", "invalid_request", "invalid_token"] = "invalid_token", status: int = 401
    ) -> None:
        self.error, self.why, self.status = error, why, status
        super().__init__(why)

    @property
    def challenge(self) -> str:
        """The value of `WWW-Authenticate` (RFC 6750 chapter 3)."""
        told = f', error="{self.error}", error_description="{self.why}"' if self.error else ""
        return f'Bearer realm="{REALM}"{told}'


class KeysUnavailable(Unidentified):
    """The issuer's keys could not be had for too long: no token can be checked, good or bad."""

    def __init__(self) -> None:
        super().__init__("the issuer's keys cannot be had at the moment", "", status=503)
