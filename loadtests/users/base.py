"""A Locust user whose tasks begin when arrivals are due, and whose requests have two clocks.

Without a plan it is a Locust user like any other: a closed loop with time to think in between.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, Final

import msgspec
from locust import FastHttpUser
from locust.env import Environment
from locust.event import EventHook
from locust.user.task import LOCUST_STATE_RUNNING, LOCUST_STATE_WAITING

from loadtests import wire
from loadtests.dispatching import Dispatcher, Due
from loadtests.recording import Finding
from loadtests.session import Session, session_of

_THINK_S: Final = (0.5, 1.5)
_JSON: Final = {"content-type": "application/json", "accept": "application/json"}


class TwoClocks:
    """In the place of a session's request event: writes both clocks down, then tells Locust the response time."""

    def __init__(self, event: EventHook, user: OpenUser) -> None:
        self._event, self._user = event, user

    def fire(self, **meta: Any) -> None:
        """One request has ended, well or not."""
        service_s = meta["response_time"] / 1e3
        waited_s, at_s = self._user.waited()
        response_s = service_s + waited_s
        exception = meta["exception"]
        self._user.session.samples.record(
            meta["name"], service_s, response_s, None if exception is None else _words(exception), at_s
        )
        meta["response_time"] = response_s * 1e3
        self._event.fire(**meta)


_KINDS: Final[dict[str, type[OpenUser]]] = {}


class OpenUser(FastHttpUser):
    """What all kinds have in common."""

    def __init_subclass__(cls) -> None:
        """Each kind is found by its name."""
        super().__init_subclass__()
        _KINDS[cls.__name__] = cls

    abstract = True
    network_timeout = 60.0
    connection_timeout = 10.0
    insecure = False

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.session: Session = session_of(environment)
        self._due: Due | None = None
        self._intended: float | None = None
        self._sent = 0.0
        self._hats: dict[str, OpenUser] = {}
        self.client.request_event = TwoClocks(environment.events.request, self)

    # when

    def on_start(self) -> None:
        """Waits for the first arrival; Locust waits only between tasks."""
        if self.session.dispatcher is not None:
            self._state = LOCUST_STATE_WAITING
            self._take(self.session.dispatcher)
            self._state = LOCUST_STATE_RUNNING
        elif self.session.plan.closed:
            self._go_on()

    def wait_time(self) -> float:
        """Seconds until the next task: none once an arrival has been taken."""
        if self.session.plan.closed:
            self._go_on()
            return 0.0
        if self.session.dispatcher is None:
            return random.uniform(*_THINK_S)  # noqa: S311 - time to think
        self._take(self.session.dispatcher)
        return 0.0

    def _take(self, dispatcher: Dispatcher) -> None:
        if self._due is not None:
            self._due = None
            dispatcher.done()
        self._due = dispatcher.take()
        self._intended = self._due.intended
        self._next(self._due.arrival.users, self._due.arrival.activity)

    def _go_on(self) -> None:
        """With whatever its share says."""
        rates = self.session.plan.rates
        (name,) = random.choices(list(rates), [curve.total for curve in rates.values()])  # noqa: S311 - any
        users, _, activity = name.partition(".")
        self._next(users, activity)

    def _next(self, users: str, activity: str) -> None:
        """Locust draws from a user's tasks: this one is to be done now."""
        task, hat = getattr(_KINDS[users], activity), self._hat(users)
        self.tasks = [lambda _: task(hat)]

    def _hat(self, name: str) -> OpenUser:
        """This user as one of another kind, with the same connection and clocks: nobody waits for a kind to be free."""
        kind = _KINDS[name]
        if kind is type(self):
            return self
        if name not in self._hats:
            hat = self._hats[name] = kind(self.environment)
            hat.client = self.client
        return self._hats[name]

    def on_stop(self) -> None:
        """Ends in the midst of a task or between two."""
        if self.session.dispatcher is not None and self._due is not None:
            self._due = None
            self.session.dispatcher.done()

    def context(self) -> dict[str, Any]:
        """Locust asks for this as it sends: the moment from which the service's time counts."""
        self._sent = perf_counter()
        return {}

    def waited(self) -> tuple[float, float]:
        """From intended start to sending, and the intended start since the begin, in seconds.

        A further request of the same arrival counts from its own sending.
        """
        intended, self._intended = self._intended, None
        at = self._sent if intended is None else intended
        return max(0.0, self._sent - at), max(0.0, at - self.session.begin)

    # what

    def graphql(
        self,
        name: str,
        document: str,
        variables: dict[str, Any],
        check: Callable[[Any], str | None],
        headers: Mapping[str, str],
    ) -> Any:
        """Send; `check` gets the data and says what is wrong with it. The data, or None where there was none."""
        with self.client.request(
            "POST",
            "/graphql",
            name=name,
            data=wire.body(document, variables, persisted=self.session.plan.persisted),  # type: ignore[arg-type]  # bytes are sent as they are
            headers={**_JSON, **headers},
            catch_response=True,
        ) as response:
            if response.status_code != 200 or response.content is None:
                response.failure(f"HTTP {response.status_code}" if response.status_code else _words(response.error))
                return None
            try:
                body = wire.read(response.content)
                data = body.get("data")
                wrong = _code(body) if data is None or "errors" in body else check(data)
            except (msgspec.DecodeError, AttributeError, KeyError, TypeError, IndexError):
                wrong, data = "not an answer to what was asked", None
            if wrong is not None:
                response.failure(wrong)
            return data
        return None

    def found(self, finding: Finding, **example: Any) -> None:
        """Something about an answer."""
        self.session.samples.find(finding, example or None)

    def judged(self, question: Mapping[str, str], expected: tuple[str, str], answer: Mapping[str, str]) -> str | None:
        """An answer beside the right one."""
        outcome, reason = answer["outcome"], answer["reason"]
        self.found("checked")
        if (outcome, reason) == expected:
            return None
        if reason == "LEDGER_BEHIND":
            self.found("undecided")
            return None
        said = {"question": dict(question), "found": [outcome, reason], "right": list(expected)}
        if outcome == "PERMIT" and expected[0] != "PERMIT":
            self.found("false_permit", **said)
            return "false permit"
        self.found("wrong", **said)
        return "wrong answer"

    def headers_for(self, role: str, sub: str = "load", party: str = "") -> dict[str, str]:
        """Who asks. A token that has to be fetched first is no part of what is measured: people log in elsewhere."""
        begun = perf_counter()
        headers = self.session.service.headers(role, sub, party)
        if self._intended is not None:
            self._intended += perf_counter() - begun
        return headers


def _code(body: dict[str, Any]) -> str:
    errors = body.get("errors") or [{}]
    return str(errors[0].get("extensions", {}).get("code") or errors[0].get("message", "no data"))


def _words(exception: object) -> str:
    """Short, and the same for the same kind of failure: it is counted by this."""
    text = str(exception)
    return text if len(text) <= 60 and text else type(exception).__name__
