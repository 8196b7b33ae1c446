"""What the users of one generator share: plan, samples, dispatcher, data, and what the service can do."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from time import perf_counter
from typing import Any, NamedTuple

import gevent
from locust.env import Environment

from loadtests import wire
from loadtests.data import QUESTIONS_MAX, Data, Family, Mandate
from loadtests.dispatching import Dispatcher
from loadtests.errors import LoadTestError
from loadtests.plan import Plan
from loadtests.recording import Samples
from loadtests.service import Service

PROVIDERS_OWN = 4
"""Of each generator, brought live before it begins: where its mandates and births are."""
SERVICES_OWN: Any = [
    {"id": "record", "domain": "CARE_RECORD", "minimumAssurance": "SUBSTANTIAL"},
    {"id": "return", "domain": "TAX", "minimumAssurance": "SUBSTANTIAL"},
]
STEPS = ("ASSESSED", "CONNECTED", "TESTED", "LIVE")
"""After APPLIED."""


Right = tuple[dict[str, str], tuple[str, str]]
"""A question and its outcome and reason."""
KEPT_MAX = 50_000
_AT_ONCE = 1_000
_QUESTIONS_MIN, _QUESTIONS_CLOSED = 1_000, 4_000
_RECOVERY_SECONDS_MAX = 60.0


class Onboarding(NamedTuple):
    """Providers of one supplier that have come to a status together; `step` indexes STEPS, the one that comes next.

    `adult` asks at the last of them.
    """

    ids: tuple[str, ...]
    step: int
    adult: str


class Session:
    """Of generator `part` of `parts`. Until it is opened Locust alone decides when its users do something."""

    def __init__(self, plan: Plan, service: Service, part: int, parts: int) -> None:
        self.plan, self.service, self.part, self.parts = plan, service, part, parts
        self.samples = Samples(plan.interval_s)
        self.samples.generators = 1
        self.data = Data(plan, part, questions_max=_questions(plan, parts))
        self.begin = perf_counter()
        self.dispatcher: Dispatcher | None = None
        self.providers: list[str] = []
        self.desk = False
        """Whether the service has a mandate desk, and tokens for who comes to it."""
        self.requested: deque[Mandate] = deque()
        self.active: deque[Mandate] = deque()
        self.onboarding: dict[int, deque[Onboarding]] = defaultdict(deque)
        """By how many come together."""
        self.families: deque[Family] = deque()
        self._kept: dict[tuple[str, ...], Right] = {}
        self._newest = ""

    def keep(self, token: str, rights: Iterable[Right]) -> None:
        """What an acknowledged write made true; a later one about the same takes its place."""
        self._newest = token
        for question, right in rights:
            if len(self._kept) < KEPT_MAX:
                self._kept[_about(question)] = (question, right)

    def forget(self, question: dict[str, str]) -> None:
        """A write about this was not acknowledged: whether it holds nobody can say."""
        self._kept.pop(_about(question), None)

    def ask_again(self) -> None:
        """Whether all that was acknowledged still holds, now that the load is over. What does not was lost.

        A service that is just coming back is waited for. Raises LoadTestError where it does not.
        """
        kept = list(self._kept.values())
        for start in range(0, len(kept), _AT_ONCE):
            some = kept[start : start + _AT_ONCE]
            variables = {"questions": [question for question, _ in some], "atLeast": self._newest}
            for (question, right), answer in zip(some, self._patiently(variables), strict=True):
                said = (answer["outcome"], answer["reason"])
                self.samples.find("checked")
                if said != right:
                    example = {"question": question, "found": list(said), "right": list(right), "when": "afterwards"}
                    self.samples.find("lost", example)
                    if said[0] == "PERMIT" and right[0] != "PERMIT":
                        self.samples.find("false_permit", example)

    def _patiently(self, variables: dict[str, Any]) -> Any:
        until = perf_counter() + _RECOVERY_SECONDS_MAX
        while True:
            try:
                headers = self.service.headers("explorer", "load", "")
                answers = self.service.ask(wire.DECISIONS_AT_LEAST, variables, headers)["decisions"]
                behind = any(answer["reason"] == "LEDGER_BEHIND" for answer in answers)
                if not behind or perf_counter() > until:
                    return answers
            except LoadTestError:
                if perf_counter() > until:
                    raise
            gevent.sleep(1.0)

    @property
    def writes(self) -> bool:
        """Whether anything is written in this run."""
        return any(name.split(".")[0] in ("Mandates", "Counters", "Suppliers", "Registers") for name in self.plan.rates)

    def prepare(self) -> None:
        """Whatever is not to be done while others are waited for. Raises LoadTestError."""
        self.data.prepare()
        if self.writes:
            self._own_providers()
        for provider in sorted({*self.data.providers, *self.providers}):
            if not self.service.headers("provider", "load", provider):
                break

    def open(self) -> None:
        """Arrivals are to come from the plan. In the thread of the users: gevent's queues belong to one."""
        self.dispatcher = Dispatcher(
            self.plan.arrivals(self.part, self.parts),
            self.samples,
            patience_s=self.plan.patience_s,
            clock=perf_counter,
            sleep=gevent.sleep,
        )

    def start(self) -> None:
        """The first arrival is due at its time from now; without a plan of arrivals nothing happens."""
        self.begin = perf_counter()
        if self.dispatcher is not None:
            gevent.spawn(self.dispatcher.run)

    @property
    def finished(self) -> bool:
        """Nothing is left to do; never where Locust alone decides."""
        if self.plan.closed:
            return perf_counter() - self.begin > self.plan.seconds
        return self.dispatcher is not None and self.dispatcher.finished

    def _own_providers(self) -> None:
        ids = [self.data.name("house") for _ in range(PROVIDERS_OWN)]
        headers = self.service.headers("operator", "load", "")
        new = [{"id": name, "sector": "HOSPITAL", "route": "ROUTING", "services": SERVICES_OWN} for name in ids]
        _done(self.service.ask(wire.ONBOARD, {"providers": new}, headers)["onboardProvider"])
        for status in STEPS:
            _done(self.service.ask(wire.ADVANCE, {"ids": ids, "to": status}, headers)["advanceProvider"])
        self.providers = ids
        self.desk = self._has_desk()

    def _has_desk(self) -> bool:
        """Tried: a service without one, or without tokens, refuses."""
        pair, service = self.data.pair(), f"{self.providers[0]}/record"
        variables = {"service": service, "representative": pair.helper}
        try:
            found = self.service.ask(wire.REQUEST_MANDATE, variables, self.service.headers("citizen", pair.grantor, ""))
        except LoadTestError:
            return False
        return not found["requestMandate"]["userErrors"]


def _questions(plan: Plan, parts: int) -> int:
    """Different ones: no more than will be asked, for they take time to make, as do the tokens of who asks them."""
    if plan.closed:
        return _QUESTIONS_CLOSED
    return int(min(QUESTIONS_MAX, max(_QUESTIONS_MIN, 2.0 * plan.total / parts)))


def _about(question: dict[str, str]) -> tuple[str, ...]:
    return question["representative"], question["represented"], question["service"]


def _done(payload: dict[str, Any]) -> None:
    if payload["userErrors"]:
        raise LoadTestError(f"the service refused the load test's own provider: {payload['userErrors'][0]['message']}")


_SESSIONS: dict[int, Session] = {}


def begun(environment: Environment, session: Session) -> None:
    """The session of an environment's users, from now on."""
    _SESSIONS[id(environment)] = session


def session_of(environment: Environment) -> Session:
    """It was begun before any user was."""
    return _SESSIONS[id(environment)]
