"""Those who write: people with their mandates, counters, registers and suppliers.

Whatever is acknowledged is asked for at its own ledger token: an answer that does not show it is a lost write. Now and
then it is asked for without a token too, until it shows: that is how fresh answers are.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from time import perf_counter
from typing import Any, Final

import gevent
from locust import task

from loadtests import wire
from loadtests.data import Family, Mandate
from loadtests.mix import BULK
from loadtests.session import SERVICES_OWN, STEPS, Onboarding, Right
from loadtests.users.base import OpenUser

_FRESH_EVERY: Final = 5
"""Acknowledged writes for each that is followed until it shows without a token."""
_FRESH_SECONDS_MAX: Final = 30.0
_FRESH_PAUSE_S: Final = 0.02
_RULINGS: Final = 0.3


class Writer(OpenUser):
    """What those who write have in common."""

    abstract = True

    def written(
        self, name: str, document: str, variables: dict[str, Any], field: str, headers: dict[str, str]
    ) -> dict[str, Any] | None:
        """The payload of a write that was acknowledged; else None."""

        def check(data: Any) -> str | None:
            refused = data[field]["userErrors"]
            if not refused:
                return None
            self.found("refused", code=refused[0]["code"], message=refused[0]["message"], name=name)
            return str(refused[0]["code"])

        data = self.graphql(name, document, variables, check, headers)
        if data is None or data[field]["userErrors"]:
            return None
        self.found("acknowledged")
        return data[field]  # type: ignore[no-any-return]

    def recorded(self, name: str, facts: list[dict[str, Any]]) -> str | None:
        """The token of facts that were recorded; else None."""
        headers = self.headers_for("operator")
        payload = self.written(name, wire.RECORD_FACTS, {"facts": facts}, "recordFacts", headers)
        return None if payload is None else str(payload["asOf"])

    def seen(self, name: str, token: str, rights: Sequence[Right]) -> None:
        """Each question has this answer at this token, or the write was lost; it is asked again when the run ends."""
        acknowledged = perf_counter()
        self.session.keep(token, rights)
        for question, right in rights:
            headers = self.headers_for("provider", party=question["provider"])

            def check(data: Any, question: dict[str, str] = question, right: tuple[str, str] = right) -> str | None:
                return self._judged_write(question, right, data["decision"])

            self.session.samples.decisions += 1
            variables = {"question": question, "atLeast": token}
            self.graphql(f"{name}, then asked", wire.DECISION_AT_LEAST, variables, check, headers)
        if self.session.samples.findings["acknowledged"] % _FRESH_EVERY == 0:
            self._followed(name, acknowledged, *rights[-1])

    def _judged_write(self, question: dict[str, str], right: tuple[str, str], answer: dict[str, str]) -> str | None:
        wrong = self.judged(question, right, answer)
        if wrong is not None:
            self.found("lost", question=question, found=[answer["outcome"], answer["reason"]], right=list(right))
        return wrong

    def _followed(self, name: str, acknowledged: float, question: dict[str, str], right: tuple[str, str]) -> None:
        """Asked without a token until the write shows."""
        answers: list[tuple[str, str]] = []

        def check(data: Any) -> None:
            answers.append((data["decision"]["outcome"], data["decision"]["reason"]))

        headers = self.headers_for("provider", party=question["provider"])
        while not answers or answers[-1] != right:
            if perf_counter() - acknowledged > _FRESH_SECONDS_MAX:
                self.found("lost", question=question, found=list(answers[-1:]), right=list(right))
                return
            if answers:
                gevent.sleep(_FRESH_PAUSE_S)
            self.session.samples.decisions += 1
            self.graphql(f"{name}, until it shows", wire.DECISION, {"question": question}, check, headers)
        self.session.samples.freshness.record(perf_counter() - acknowledged)

    def own_provider(self) -> str:
        """One of this generator's."""
        return random.choice(self.session.providers)  # noqa: S311 - any


class Mandates(Writer):
    """People online who ask for a mandate, activate it with its code, and withdraw it."""

    weight = 2

    def _new(self) -> Mandate:
        pair = self.session.data.pair()
        return Mandate(self.session.data.name("mandate"), pair.grantor, pair.helper, self.own_provider())

    def _stated(self, name: str, mandate: Mandate, status: str, right: tuple[str, str]) -> bool:
        data = self.session.data
        question = data.question(mandate.helper, mandate.grantor, mandate.provider, "record")
        token = self.recorded(name, [data.mandate(mandate, status)])
        if token is None:
            self.session.forget(question)
            return False
        self.seen(name, token, [(question, right)])
        return True

    @task(4)
    def request(self) -> None:
        """Asked for; it gives nothing yet."""
        mandate = self._new()
        if self._stated("Mandates.request", mandate, "REQUESTED", ("DENY", "NOT_ACTIVE")):
            self.session.requested.append(mandate)

    @task(3)
    def activate(self) -> None:
        """One that was asked for in this run, or else before it."""
        mandate = self.session.requested.popleft() if self.session.requested else self._new()
        if self._stated("Mandates.activate", mandate, "ACTIVE", ("PERMIT", "VOLUNTARY_MANDATE")):
            self.session.active.append(mandate)

    @task(1)
    def withdraw(self) -> None:
        """One that holds in this run, or else any: from then on it gives nothing."""
        mandate = self.session.active.popleft() if self.session.active else self._new()
        self._stated("Mandates.withdraw", mandate, "WITHDRAWN", ("DENY", "WITHDRAWN"))


class Counters(Writer):
    """An official who has seen an identity document registers a mandate: it holds at once."""

    weight = 1

    @task
    def register(self) -> None:
        """One mandate."""
        data, pair = self.session.data, self.session.data.pair()
        mandate = Mandate(data.name("counter"), pair.grantor, pair.helper, self.own_provider())
        token = self.recorded("Counters.register", [data.mandate(mandate, "ACTIVE")])
        if token is not None:
            question = data.question(mandate.helper, mandate.grantor, mandate.provider, "record")
            self.seen("Counters.register", token, [(question, ("PERMIT", "VOLUNTARY_MANDATE"))])
            self.session.active.append(mandate)


class Registers(Writer):
    """Register keepers: births with the parents' authority, and rulings that end one parent's."""

    weight = 2

    @task
    def record(self) -> None:
        """A birth, or a ruling about a child born in this run."""
        data = self.session.data
        permit, ended = ("PERMIT", "PARENTAL_AUTHORITY"), ("DENY", "EXPIRED")
        if self.session.families and random.random() < _RULINGS:  # noqa: S311 - which of two
            family = self.session.families.popleft()
            facts, of_mother, of_father = data.ruling(family), permit, ended
        else:
            pair = data.pair()
            family = Family(data.name("child"), pair.grantor, pair.helper, self.own_provider())
            facts, of_mother, of_father = data.birth(family), permit, permit
        asked = [
            (data.question(parent, family.child, family.provider, "record"), right)
            for parent, right in ((family.mother, of_mother), (family.father, of_father))
        ]
        token = self.recorded("Registers.record", facts)
        if token is None:
            for question, _ in asked:
                self.session.forget(question)
            return
        self.seen("Registers.record", token, asked)
        if of_father == permit:
            self.session.families.append(family)


class Suppliers(Writer):
    """Software suppliers bring their customers live, one by one or many at once."""

    weight = 1

    @task(5)
    def advance(self) -> None:
        """One provider applies, or comes a step further."""
        self._step("Suppliers.advance", 1)

    @task(1)
    def bulk(self) -> None:
        """All customers of a release at once."""
        self._step("Suppliers.bulk", BULK)

    def _step(self, name: str, count: int) -> None:
        under_way = self.session.onboarding[count]
        if under_way:
            onboarding = under_way.popleft()
            token = self._advanced(name, onboarding.ids, STEPS[onboarding.step])
            step = onboarding.step + 1
        else:
            ids = tuple(self.session.data.name("provider") for _ in range(count))
            onboarding = Onboarding(ids, 0, self.session.data.pair().grantor)
            token = self._applied(name, onboarding.ids)
            step = 0
        question = self.session.data.self_question(onboarding.adult, onboarding.ids[-1])
        if token is None:
            self.session.forget(question)
            return
        live = step == len(STEPS)
        right = ("PERMIT", "SELF") if live else ("DENY", "PROVIDER_NOT_LIVE")
        self.seen(name, token, [(question, right)])
        if not live:
            under_way.append(onboarding._replace(step=step))

    def _applied(self, name: str, ids: Sequence[str]) -> str | None:
        supplier = f"{self.session.data.prefix}-supplier"
        new = [
            {"id": each, "sector": "GP", "supplier": supplier, "route": "ROUTING", "services": SERVICES_OWN}
            for each in ids
        ]
        headers = self.headers_for("operator")
        payload = self.written(name, wire.ONBOARD, {"providers": new}, "onboardProvider", headers)
        return None if payload is None else str(payload["asOf"])

    def _advanced(self, name: str, ids: Sequence[str], to: str) -> str | None:
        headers = self.headers_for("operator")
        payload = self.written(name, wire.ADVANCE, {"ids": list(ids), "to": to}, "advanceProvider", headers)
        return None if payload is None else str(payload["asOf"])
