"""What is told of each position; on every graph in `tests/contracts/test_following.py`."""

from __future__ import annotations

from msgspec.structs import replace

from authority.facts import Authority, Fact, Provider, Register, Service
from authority.moments import DAY_US, SINCE_EVER
from graph.following import Step, topics_of
from tests.generated import NOW

AUTHORITY = Authority(
    id="a1", register="BRP", kind="PARENTAL_SOLE", representative="mother", represented="child", recorded_at=SINCE_EVER
)
REGISTER = Register(id="BRP", register="BRP", heard_from=NOW - DAY_US, max_silence=2 * DAY_US, recorded_at=SINCE_EVER)


def step(fact: Fact, before: Fact | None = None, *, holds: bool = True) -> Step:
    return Step(1, fact, before, holds)


def test_an_authority_that_moves_matters_to_both_sides() -> None:
    moved = replace(AUTHORITY, representative="uncle", represented="other")
    assert topics_of(step(moved, AUTHORITY), NOW) == {
        ("about", "child"),
        ("about", "other"),
        ("holder", "mother"),
        ("holder", "uncle"),
    }


def test_a_service_matters_to_its_provider() -> None:
    provider = Provider(id="h1", register="PROVIDER", sector="HOSPITAL", status="LIVE", recorded_at=SINCE_EVER)
    service = Service(
        id="h1/record", register="PROVIDER", provider="h1", domain="TAX", minimum_assurance="LOW", recorded_at=0
    )
    assert topics_of(step(provider), NOW) == {("provider", "h1"), ("providers", "")}
    assert topics_of(step(service), NOW) == {("service", "h1/record"), ("provider", "h1"), ("providers", "")}


def test_a_register_that_was_heard_from_in_time_matters_to_other_instants_only() -> None:
    heard = replace(REGISTER, heard_from=NOW, recorded_at=NOW)
    then = {("registers then", "")}
    both = then | {("registers", "")}
    assert topics_of(step(heard, REGISTER), NOW) == then
    late = replace(REGISTER, heard_from=NOW - 2 * DAY_US)
    for fact, before in (
        (heard, None),
        (heard, late),  # it was silent too long until now
        (heard, replace(REGISTER, heard_from=None)),
        (replace(heard, heard_from=NOW - 2 * DAY_US), REGISTER),  # corrected: it was longer ago
        (replace(heard, max_silence=DAY_US), REGISTER),
        (replace(heard, complete=True), REGISTER),
        (replace(heard, retracted=True), REGISTER),
        (heard, replace(REGISTER, retracted=True)),
    ):
        assert topics_of(step(fact, before), NOW) == both
    assert topics_of(step(heard, REGISTER, holds=False), NOW) == both
