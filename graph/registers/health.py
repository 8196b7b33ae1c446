"""When to try a source again: backoff with jitter, and a circuit breaker that stops asking one that is down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import msgspec

Breaker = Literal["CLOSED", "OPEN", "HALF_OPEN"]

OPENS_AFTER: Final = 5
"""Failures in a row after which the circuit opens."""
_RETRY_US_MIN: Final = 1_000_000
_RETRY_US_MAX: Final = 600_000_000


class Health(msgspec.Struct, frozen=True, gc=False):
    """A connector's condition. Instants in microseconds; None: not yet.

    `failures`: in a row, 0 after a success; `failures_total`: ever. `next_try`: not before this instant. `last_error`:
    one sentence.
    """

    failures: int = 0
    next_try: int = 0
    last_success: int | None = None
    last_failure: int | None = None
    last_error: str | None = None
    failures_total: int = 0

    def breaker(self, now: int) -> Breaker:
        """OPEN: not asked until `next_try`; then HALF_OPEN: one try decides."""
        if self.failures < OPENS_AFTER:
            return "CLOSED"
        return "HALF_OPEN" if now >= self.next_try else "OPEN"

    def succeeded(self, now: int, every_us: int) -> Health:
        """Closed again; the next poll after the ordinary interval."""
        return Health(
            next_try=now + every_us,
            last_success=now,
            last_failure=self.last_failure,
            failures_total=self.failures_total,
        )

    def failed(self, now: int, error: str, chance: Callable[[], float]) -> Health:
        """The wait doubles up to ten minutes; `chance` in [0, 1) spreads those who failed together over half of it."""
        failures = self.failures + 1
        wait = min(_RETRY_US_MIN << min(failures - 1, 40), _RETRY_US_MAX)
        return Health(
            failures=failures,
            next_try=now + wait // 2 + int(chance() * (wait - wait // 2)),
            last_success=self.last_success,
            last_failure=now,
            last_error=error,
            failures_total=self.failures_total + 1,
        )
