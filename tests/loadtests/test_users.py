"""The users against the real service: every answer is the population's truth, every acknowledged write is seen."""

from __future__ import annotations

from pathlib import Path

from loadtests.arrivals import constant
from loadtests.mix import READING, writing
from loadtests.plan import Plan
from simulator.demand import EVENTS
from tests.loadtests.country import PEOPLE, country
from tests.loadtests.generators import generated, stalling

SECONDS = 8.0


def busy() -> Plan:
    writes = [name for event in EVENTS for name in writing(event, constant(1.0, SECONDS))]
    return Plan({name: constant(3.0, SECONDS) for name in (*READING, *writes)}, people=PEOPLE, run="busy")


def test_every_kind_of_user_does_its_work_and_every_answer_is_right(tmp_path: Path) -> None:
    plan = busy()
    with country(tmp_path) as own:
        samples = generated(own.url, plan, tmp_path)
        # whoever loads the same service again writes under another name, and finds the same truth; by hashes too
        again = generated(own.url, Plan(plan.rates, people=PEOPLE, run="again", persisted=True), tmp_path)
    for found in (samples, again):
        assert not found.examples
        assert found.whole.errors == {}
        assert set(found.due) == set(plan.rates)
        assert found.dropped == 0
        assert set(found.findings) == {"checked", "acknowledged"}
        assert found.findings["acknowledged"] > 50
        # each write was asked for at its token, and all of them once more at the end
        assert found.findings["checked"] > found.findings["acknowledged"] * 2
        assert found.freshness.count > 5
        assert found.decisions > found.due.total()


def test_false_permits_are_counted(tmp_path: Path) -> None:
    plan = Plan({"Helpers.ask": constant(50.0, 4.0)}, people=PEOPLE)
    with stalling("--steady", "--permits") as url:
        samples = generated(url, plan, tmp_path)
    assert samples.findings["checked"] == samples.whole.count == samples.begun.total()
    assert samples.findings["false_permit"] > 0.2 * samples.whole.count
    assert samples.whole.errors["false permit"] == samples.findings["false_permit"]
    example = samples.examples[0]
    assert (example["found"][0], example["finding"]) == ("PERMIT", "false_permit")
    assert example["right"][0] != "PERMIT"


def test_another_population_is_found_out(tmp_path: Path) -> None:
    plan = Plan({"Helpers.ask": constant(50.0, 4.0)}, people=PEOPLE, people_seed=2)
    with country(tmp_path) as own:
        samples = generated(own.url, plan, tmp_path)
    assert samples.findings["wrong"] > 0.5 * samples.whole.count
    # people whom the service does not know have no authority
    assert samples.findings["false_permit"] == 0
