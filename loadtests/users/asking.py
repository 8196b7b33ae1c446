"""Those who ask: citizens, helpers, portals and gateways. Each answer is compared with the population's truth."""

from __future__ import annotations

from typing import Any

from locust import task

from loadtests import wire
from loadtests.mix import BATCH, SEVERAL
from loadtests.users.base import OpenUser
from simulator.population.questions import Posed

_LISTED = ("PERMIT", "CONSENT_REQUIRED")


class _Asker(OpenUser):
    abstract = True

    def _decision(self, name: str, posed: Posed, headers: dict[str, str]) -> None:
        self.session.samples.decisions += 1

        def check(data: Any) -> str | None:
            return self.judged(posed.question, (posed.outcome, posed.reason), data["decision"])

        self.graphql(name, wire.DECISION, {"question": posed.question}, check, headers)

    def _list(self, name: str, document: str, field: str, posed: Posed, headers: dict[str, str]) -> None:
        """A list has the other one exactly if the decision is one that lists show."""
        self.session.samples.decisions += 1
        question = posed.question
        given, other = (
            ("representative", "represented") if field == "representedBy" else ("represented", "representative")
        )
        names = (given, "provider", "service", "assurance", "at")

        def check(data: Any) -> str | None:
            found = data[field]
            outcomes = {
                node["decision"]["outcome"] for node in found["nodes"] if node["person"]["id"] == question[other]
            }
            self.found("checked")
            right = posed.outcome if posed.outcome in _LISTED else None
            if right in outcomes or (right is None and not outcomes) or found["pageInfo"]["hasNextPage"]:
                return None
            said = {"question": question, "found": sorted(outcomes), "right": [right]}
            if "PERMIT" in outcomes:
                self.found("false_permit", **said)
                return "false permit"
            self.found("wrong", **said)
            return "wrong answer"

        self.graphql(name, document, {key: question[key] for key in names}, check, headers)

    def _at(self, posed: Posed) -> dict[str, str]:
        return self.headers_for("provider", party=posed.question["provider"])


class Citizens(_Asker):
    """Who look after themselves: may I do this, and who may act for me here?"""

    weight = 12

    @task(2)
    def ask(self) -> None:
        """About oneself."""
        posed = self.session.data.ask("self")
        self._decision("Citizens.ask", posed, self._at(posed))

    @task(1)
    def who(self) -> None:
        """Who may act for me."""
        posed = self.session.data.ask("listed")
        self._list("Citizens.who", wire.REPRESENTATIVES_OF, "representativesOf", posed, self._at(posed))


class Helpers(_Asker):
    """Parents, those with a mandate, administrators, next of kin, and strangers."""

    weight = 55

    @task
    def ask(self) -> None:
        """About somebody else."""
        posed = self.session.data.ask("others")
        self._decision("Helpers.ask", posed, self._at(posed))


class Portals(_Asker):
    """A provider's website or a supplier's for many: one question, a list to choose from, several at once, a batch."""

    weight = 29

    @task(15)
    def whom(self) -> None:
        """Whom may this person act for."""
        posed = self.session.data.ask("listed")
        self._list("Portals.whom", wire.REPRESENTED_BY, "representedBy", posed, self._at(posed))

    @task(10)
    def single(self) -> None:
        """One question, whatever it is about."""
        posed = self.session.data.ask()
        self._decision("Portals.single", posed, self._at(posed))

    @task(4)
    def several(self) -> None:
        """As many as a page shows."""
        self._many("Portals.several", SEVERAL)

    @task(1)
    def batch(self) -> None:
        """As a nightly job asks."""
        self._many("Portals.batch", BATCH)

    def _many(self, name: str, count: int) -> None:
        first = self.session.data.ask()
        headers = self._at(first)
        # a token is one provider's: where there are tokens, so are the questions
        asked = [
            first,
            *(self.session.data.ask(at=first.question["provider"] if headers else None) for _ in range(count - 1)),
        ]
        self.session.samples.decisions += count

        def check(data: Any) -> str | None:
            wrongs = [
                self.judged(posed.question, (posed.outcome, posed.reason), answer)
                for posed, answer in zip(asked, data["decisions"], strict=True)
            ]
            return next((wrong for wrong in wrongs if wrong is not None), None)

        self.graphql(name, wire.DECISIONS, {"questions": [posed.question for posed in asked]}, check, headers)


class Gateways(OpenUser):
    """A federation gateway that completes what other subgraphs found: several entities in one request."""

    weight = 3

    @task
    def federated(self) -> None:
        """Two people, a provider, a service."""
        self.session.samples.decisions += 1
        data = self.session.data
        question = data.ask().question
        wanted = [
            ("Person", question["representative"]),
            ("Person", question["represented"]),
            ("Provider", question["provider"]),
            ("Service", question["service"]),
        ]
        provider = question["provider"]

        def check(found: Any) -> str | None:
            entities = found["_entities"]
            self.found("checked")
            same = [(one or {}).get("id") for one in entities] == [name for _, name in wanted]
            if same and (entities[2]["sector"], entities[2]["status"]) == data.provider(provider):
                return None
            self.found("wrong", question={"entities": wanted}, found=entities, right=list(data.provider(provider)))
            return "wrong answer"

        representations = [{"__typename": kind, "id": name} for kind, name in wanted]
        headers = self.headers_for("explorer")
        self.graphql("Gateways.federated", wire.ENTITIES, {"representations": representations}, check, headers)
