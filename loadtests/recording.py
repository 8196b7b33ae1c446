"""What a generator writes down: both clocks of every request, what was dropped, and what the answers were worth.

*Service* is the time from sending to the answer; *response* the time from the intended start to the answer, which is
what somebody waited who came when they came. All of it adds up over generators.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final, Literal

from loadtests.histograms import Latencies

Finding = Literal["checked", "wrong", "false_permit", "undecided", "acknowledged", "lost", "refused", "unasked"]
"""Of answers: *wrong* is not what the population's truth says, *undecided* INDETERMINATE because the ledger was behind.
Of writes: *refused* by a user error, *lost* if acknowledged and then not seen at or after its own ledger token,
*unasked* if the service was gone when they were to be asked for again."""

FINDINGS: Final[tuple[Finding, ...]] = (
    "checked",
    "wrong",
    "false_permit",
    "undecided",
    "acknowledged",
    "lost",
    "refused",
    "unasked",
)
EXAMPLES_MAX: Final = 20
_INTERVAL_DIGITS: Final = 2


class Timed:
    """The requests of one name, or of one interval."""

    __slots__ = ("errors", "response", "service")

    def __init__(self, digits: int = 3) -> None:
        self.service, self.response = Latencies(digits), Latencies(digits)
        self.errors: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """Requests, failed ones too."""
        return self.service.count

    @property
    def failed(self) -> int:
        """How many of them failed."""
        return self.errors.total()

    def record(self, service_s: float, response_s: float, error: str | None) -> None:
        """One request."""
        self.service.record(service_s)
        self.response.record(response_s)
        if error is not None:
            self.errors[error] += 1

    def add(self, other: Timed) -> None:
        """Another generator's as well."""
        self.service.add(other.service)
        self.response.add(other.response)
        self.errors.update(other.errors)

    def as_json(self) -> dict[str, Any]:
        """To be sent or kept."""
        return {
            "service": self.service.encoded(),
            "response": self.response.encoded(),
            "errors": dict(self.errors),
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Timed:
        """What `as_json` made."""
        timed = cls()
        timed.service, timed.response = Latencies.decoded(found["service"]), Latencies.decoded(found["response"])
        timed.errors = Counter(found["errors"])
        return timed


class Samples:
    """All that one generator, or all of them together, saw. Intervals are of the *intended* start."""

    def __init__(self, interval_s: float = 1.0) -> None:
        self.interval_s = interval_s
        self.generators = 0
        self.names: defaultdict[str, Timed] = defaultdict(Timed)
        self.intervals: defaultdict[int, Timed] = defaultdict(lambda: Timed(_INTERVAL_DIGITS))
        self.due: Counter[str] = Counter()
        """Arrivals that were to begin, by kind of user."""
        self.begun: Counter[str] = Counter()
        self.dropped_by_interval: Counter[int] = Counter()
        self.lateness = Latencies()
        """From an arrival's intended start until the dispatcher handed it out: the generator's own lateness."""
        self.findings: Counter[Finding] = Counter()
        self.decisions = 0
        """Decisions that were asked: a batch has many."""
        self.freshness = Latencies()
        """From an acknowledgement until whoever asks without a token sees the write."""
        self.examples: list[dict[str, Any]] = []

    def record(self, name: str, service_s: float, response_s: float, error: str | None, at_s: float) -> None:
        """One request that was intended for `at_s` seconds after the begin."""
        self.names[name].record(service_s, response_s, error)
        self.intervals[int(at_s / self.interval_s)].record(service_s, response_s, error)

    def find(self, finding: Finding, example: dict[str, Any] | None = None) -> None:
        """Something about an answer or a write; examples of what should not be are kept, a few."""
        self.findings[finding] += 1
        if example is not None and len(self.examples) < EXAMPLES_MAX:
            self.examples.append({"finding": finding, **example})

    @property
    def dropped(self) -> int:
        """Arrivals that were due and never began."""
        return self.due.total() - self.begun.total()

    @property
    def dropped_share(self) -> float:
        """Of those that were due."""
        return self.dropped / self.due.total() if self.due else 0.0

    @property
    def whole(self) -> Timed:
        """All names together."""
        return together(self.names.values())

    def as_json(self) -> dict[str, Any]:
        """To be sent or kept."""
        return {
            "interval_s": self.interval_s,
            "generators": self.generators,
            "names": {name: timed.as_json() for name, timed in sorted(self.names.items())},
            "intervals": {str(index): timed.as_json() for index, timed in sorted(self.intervals.items())},
            "due": dict(self.due),
            "begun": dict(self.begun),
            "dropped_by_interval": {str(index): count for index, count in sorted(self.dropped_by_interval.items())},
            "lateness": self.lateness.encoded(),
            "findings": dict(self.findings),
            "decisions": self.decisions,
            "freshness": self.freshness.encoded(),
            "examples": self.examples,
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Samples:
        """What `as_json` made."""
        samples = cls(found["interval_s"])
        samples.generators = found["generators"]
        samples.names.update({name: Timed.from_json(timed) for name, timed in found["names"].items()})
        samples.intervals.update({int(index): Timed.from_json(timed) for index, timed in found["intervals"].items()})
        samples.due, samples.begun = Counter(found["due"]), Counter(found["begun"])
        samples.dropped_by_interval = Counter({int(i): count for i, count in found["dropped_by_interval"].items()})
        samples.lateness, samples.freshness = map(Latencies.decoded, (found["lateness"], found["freshness"]))
        samples.findings, samples.decisions = Counter(found["findings"]), found["decisions"]
        samples.examples = found["examples"]
        return samples

    def add(self, other: Samples) -> None:
        """Another generator's as well."""
        assert self.interval_s == other.interval_s
        self.generators += other.generators
        for name, timed in other.names.items():
            self.names[name].add(timed)
        for index, timed in other.intervals.items():
            self.intervals[index].add(timed)
        self.due.update(other.due)
        self.begun.update(other.begun)
        self.dropped_by_interval.update(other.dropped_by_interval)
        self.lateness.add(other.lateness)
        self.findings.update(other.findings)
        self.decisions += other.decisions
        self.freshness.add(other.freshness)
        self.examples = (self.examples + other.examples)[:EXAMPLES_MAX]


def together(parts: Iterable[Timed]) -> Timed:
    """Of the same digits, as one."""
    whole = Timed()
    for part in parts:
        whole.add(part)
    return whole
