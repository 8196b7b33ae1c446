"""Any course of a mandate's life, held against a small model of what it should be."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from authority.moments import instant_text
from graph.embedded import EmbeddedGraph
from resolvers.office import Limits
from tests.desk_town import DAY, Town, citizen, codes, official, town

GRANTORS = ("ria",)
HELPERS = ("ingrid", "peter")
PLENTY = Limits(**dict.fromkeys(Limits.__struct_fields__, 10000))


class Model:
    """What one code or mandate should be. `ends`: None while it is a request."""

    def __init__(self, represented: str, helper: str | None, code: str, until: int, ends: int) -> None:
        self.represented, self.helper, self.code, self.until, self.ends = represented, helper, code, until, ends
        self.state = "REQUESTED"
        self.active = 0
        """Since when it is a mandate."""


class Life(RuleBasedStateMachine):
    """Requests, codes, withdrawals and renewals in any order, with days between."""

    names = Bundle("names")

    @initialize()
    def open(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        place = Path(self.folder.name)
        self.ledger = EmbeddedGraph.open(str(place / "graph"))
        self.town: Town = self._run(town(self.ledger, place / "desk", limits=PLENTY))
        self.known: dict[str, Model] = {}

    def _run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @rule(
        target=names,
        grantor=st.sampled_from(GRANTORS),
        helper=st.none() | st.sampled_from(HELPERS),
        for_=st.integers(1, 400),
    )
    def the_represented_asks(self, grantor: str, helper: str | None, for_: int) -> Any:
        if helper == grantor:
            return multiple()
        until = self.town.clock + for_ * DAY
        named = f', representative: "{helper}"' if helper else ""
        done = self._run(
            self.town.request(citizen(grantor), f'service: "zee/record", validUntil: "{instant_text(until)}"{named}')
        )
        assert done["userErrors"] == []
        name: str = done["request"]["id"]
        self.known[name] = Model(grantor, helper, done["activationCode"], self.town.clock + 90 * DAY, until)
        return name

    @rule(target=names, grantor=st.sampled_from(GRANTORS), helper=st.sampled_from(HELPERS))
    def the_helper_asks(self, grantor: str, helper: str) -> Any:
        done = self._run(self.town.request(citizen(helper), f'service: "zee/record", represented: "{grantor}"'))
        assert done["userErrors"] == []
        name: str = done["request"]["id"]
        self._run(self.town.look())
        ends = self.town.clock + self.town.office.terms.longest
        self.known[name] = Model(grantor, helper, self.town.code_in(name), self.town.clock + 90 * DAY, ends)
        return name

    @rule(name=names, helper=st.sampled_from(HELPERS))
    def somebody_uses_the_code(self, name: str, helper: str) -> None:
        model = self.known[name]
        heard = self._run(self.town.activate(citizen(helper), model.represented, model.code))
        if model.helper not in (None, helper) and model.state != "REQUESTED":
            assert codes(heard) in (["WRONG_CODE"], ["CODE_USED"])
        elif model.helper not in (None, helper) or model.state == "CANCELLED":
            assert codes(heard) == ["WRONG_CODE"]
        elif model.state == "REQUESTED" and self.town.clock >= model.until:
            assert codes(heard) == ["CODE_EXPIRED"]
        elif model.state == "REQUESTED" and self.town.clock >= model.ends:
            assert codes(heard) == ["WRONG_PERIOD"]
        else:
            assert codes(heard) == []
            if model.state == "REQUESTED":
                model.state, model.helper, model.active = "ACTIVE", helper, self.town.clock

    @rule(name=names, who=st.sampled_from(["represented", "helper", "official", "stranger"]))
    def somebody_withdraws(self, name: str, who: str) -> None:
        model = self.known[name]
        person = {"represented": model.represented, "helper": model.helper, "stranger": "clerk"}.get(who)
        if who == "helper" and person is None:
            return
        caller = official() if who == "official" else citizen(str(person))
        seen = ", identityDocument: PASSPORT" if who == "official" else ""
        heard = self._run(self.town.mandate(caller, "withdrawMandate", f'id: "{name}"{seen}'))
        request = self.town.office.desk.requests.find(name)
        assert request is not None
        too_early = model.state == "REQUESTED" and who == "helper" and request.channel == "ONLINE"
        if who == "stranger" or too_early or model.state == "CANCELLED":
            assert codes(heard) == ["MANDATE_UNKNOWN"]
        elif model.state == "REQUESTED":
            assert codes(heard) == []
            model.state = "CANCELLED"
        else:
            assert codes(heard) == []
            if model.state == "ACTIVE" and self.town.clock < model.ends:
                model.state = "WITHDRAWN"
                self._codes_go_with_it(model, by_helper=who == "helper")

    def _codes_go_with_it(self, gone: Model, *, by_helper: bool) -> None:
        for other in self.known.values():
            of_pair = other.helper == gone.helper or (other.helper is None and not by_helper)
            if other.state == "REQUESTED" and other.represented == gone.represented and of_pair:
                other.state = "CANCELLED"

    @rule(name=names, for_=st.integers(1, 400))
    def the_represented_renews(self, name: str, for_: int) -> None:
        model, until = self.known[name], self.town.clock + for_ * DAY
        heard = self._run(
            self.town.do(
                citizen(model.represented),
                "renewMandate",
                f'id: "{name}", validUntil: "{instant_text(until)}"',
                "mandate { id }",
            )
        )
        if model.state in ("REQUESTED", "CANCELLED"):
            assert codes(heard) == ["MANDATE_UNKNOWN"]
        elif model.state == "WITHDRAWN" or self.town.clock >= model.ends:
            assert codes(heard) == ["NOT_ACTIVE"]
        elif until <= model.ends:
            assert codes(heard) == ["WRONG_PERIOD"]
        else:
            assert codes(heard) == []
            model.ends = until

    @rule(days=st.integers(1, 60))
    def time_passes(self, days: int) -> None:
        self.town.clock += days * DAY

    @invariant()
    def the_law_says_the_same(self) -> None:
        if not hasattr(self, "known"):
            return
        for represented in GRANTORS:
            for helper in HELPERS:
                standing = [
                    model
                    for model in self.known.values()
                    if model.state == "ACTIVE"
                    and (model.represented, model.helper) == (represented, helper)
                    and self.town.clock < model.ends
                ]
                decided = self._run(self.town.decided(helper, represented, "zee/record"))
                assert decided.startswith("PERMIT") == bool(standing), (represented, helper, decided)

    def teardown(self) -> None:
        if not hasattr(self, "town"):
            return
        try:
            for name, model in self.known.items():
                versions = self._run(self.ledger.history("authority", name))
                assert bool(versions) == (model.state in ("ACTIVE", "WITHDRAWN"))
            assert self.town.office.desk.deeds.under_way() == []
        finally:
            self.town.close()
            self._run(self.ledger.close())
            self.folder.cleanup()
            self.loop.close()


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=15, stateful_step_count=40, deadline=None)
