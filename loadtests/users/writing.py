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
_OFFICIALS: Final = tuple(f"official-{number}" for number in range(200))


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
    """People online who ask for a mandate, activate it with its code, and withdraw it.

    At the service's desk, as themselves; where it has none, as facts of the register.
    """

    weight = 2

    @task(4)
    def request(self) -> None:
        """Asked for; it gives nothing yet."""
        mandate = self._requested("Mandates.request")
        if mandate is not None:
            self.session.requested.append(mandate)

    @task(3)
    def activate(self) -> None:
        """One that was asked for in this run, or else one that is asked for now."""
        mandate = self._activated("Mandates.activate")
        if mandate is not None:
            self.session.active.append(mandate)

    @task(1)
    def withdraw(self) -> None:
        """One that holds in this run, or else one that is made now: from then on it gives nothing."""
        name = "Mandates.withdraw"
        mandate = self.session.active.popleft() if self.session.active else self._activated(f"{name}, first activated")
        if mandate is None:
            return
        if mandate.code is None:
            self._stated(name, mandate, "WITHDRAWN", ("DENY", "WITHDRAWN"))
            return
        question = self.session.data.of_mandate(mandate)
        headers = self.headers_for("citizen", mandate.grantor)
        payload = self.written(name, wire.WITHDRAW_MANDATE, {"id": mandate.id}, "withdrawMandate", headers)
        self._then(name, payload, question, ("DENY", "WITHDRAWN"))

    def _requested(self, name: str) -> Mandate | None:
        session, pair, provider = self.session, self.session.data.pair(), self.own_provider()
        if not session.desk:
            mandate = Mandate(session.data.name("mandate"), pair.grantor, pair.helper, provider)
            return mandate if self._stated(name, mandate, "REQUESTED", ("DENY", "NOT_ACTIVE")) else None
        variables = {"service": f"{provider}/record", "representative": pair.helper}
        headers = self.headers_for("citizen", pair.grantor)
        payload = self.written(name, wire.REQUEST_MANDATE, variables, "requestMandate", headers)
        if payload is None:
            return None
        return Mandate(payload["request"]["id"], pair.grantor, pair.helper, provider, payload["activationCode"])

    def _activated(self, name: str) -> Mandate | None:
        session = self.session
        mandate = session.requested.popleft() if session.requested else self._requested(f"{name}, first requested")
        if mandate is None:
            return None
        permit = ("PERMIT", "VOLUNTARY_MANDATE")
        if mandate.code is None:
            return mandate if self._stated(name, mandate, "ACTIVE", permit) else None
        variables = {"represented": mandate.grantor, "code": mandate.code}
        headers = self.headers_for("citizen", mandate.helper)
        payload = self.written(name, wire.ACTIVATE_MANDATE, variables, "activateMandate", headers)
        return mandate if self._then(name, payload, session.data.of_mandate(mandate), permit) else None

    def _stated(self, name: str, mandate: Mandate, status: str, right: tuple[str, str]) -> bool:
        data = self.session.data
        headers = self.headers_for("operator")
        facts = {"facts": [data.mandate(mandate, status)]}
        payload = self.written(name, wire.RECORD_FACTS, facts, "recordFacts", headers)
        return self._then(name, payload, data.of_mandate(mandate), right)

    def _then(
        self, name: str, payload: dict[str, Any] | None, question: dict[str, str], right: tuple[str, str]
    ) -> bool:
        """What was acknowledged is seen; what was not, nobody can say of."""
        if payload is None:
            self.session.forget(question)
            return False
        self.seen(name, payload["asOf"], [(question, right)])
        return True


class Counters(Writer):
    """An official who has seen an identity document registers a mandate: it holds at once."""

    weight = 1

    @task
    def register(self) -> None:
        """One mandate."""
        data, pair, provider = self.session.data, self.session.data.pair(), self.own_provider()
        name, right = "Counters.register", ("PERMIT", "VOLUNTARY_MANDATE")
        if not self.session.desk:
            mandate = Mandate(data.name("counter"), pair.grantor, pair.helper, provider)
            token = self.recorded(name, [data.mandate(mandate, "ACTIVE")])
        else:
            variables = {
                "represented": pair.grantor,
                "representative": pair.helper,
                "service": f"{provider}/record",
            }
            # an official registers so many an hour, and there are many officials
            headers = self.headers_for("counter", random.choice(_OFFICIALS), "counter")  # noqa: S311 - any
            payload = self.written(name, wire.REGISTER_MANDATE, variables, "registerMandateAtCounter", headers)
            token = None if payload is None else str(payload["asOf"])
            mandate = Mandate(
                "" if payload is None else payload["mandate"]["id"], pair.grantor, pair.helper, provider, ""
            )
        if token is not None:
            self.seen(name, token, [(data.of_mandate(mandate), right)])
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
