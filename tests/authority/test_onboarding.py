"""A provider's way to live: the table, and the rule of the letter."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from authority.codes import ProviderStatus
from authority.facts import Provider, Service
from authority.onboarding import STEPS, refusal_of_assurance, refusal_of_step, way

STATUSES: tuple[ProviderStatus, ...] = get_args(ProviderStatus)


def provider(status: ProviderStatus = "APPLIED", **fields: Any) -> Provider:
    return Provider(
        **{"id": "h", "register": "PROVIDER", "sector": "HOSPITAL", "status": status, "route": "DIRECT", **fields}
    )


def service(level: Any = "LOW", **fields: Any) -> Service:
    return Service(id="h/s", register="PROVIDER", provider="h", domain="CARE_RECORD", minimum_assurance=level, **fields)


def test_every_status_is_in_the_table_and_leads_to_live() -> None:
    assert set(STEPS) == {None, *STATUSES}
    assert all(way(status, "LIVE") is not None for status in (None, *STATUSES))


def test_the_way_from_the_application_to_live() -> None:
    assert way(None, "LIVE") == ("APPLIED", "ASSESSED", "CONNECTED", "TESTED", "LIVE")
    assert way("LIVE", "LIVE") == ()
    assert way("LIVE", "APPLIED") is None


@pytest.mark.parametrize("start", [None, *STATUSES])
@pytest.mark.parametrize("to", STATUSES)
def test_no_step_but_those_of_the_table(start: ProviderStatus | None, to: ProviderStatus) -> None:
    refused = refusal_of_step(start, provider(to), services=1)
    assert (refused is None) == (to == start or to in STEPS[start])
    assert refused is None or refused.code == "WRONG_STEP"


def test_nobody_is_connected_without_a_route_or_live_without_a_service() -> None:
    refused = refusal_of_step("ASSESSED", provider("CONNECTED", route=None), services=1)
    assert refused is not None
    assert refused.code == "ROUTE_REQUIRED"
    refused = refusal_of_step("TESTED", provider("LIVE"), services=0)
    assert refused is not None
    assert refused.code == "SERVICE_REQUIRED"


@pytest.mark.parametrize(
    ("after", "before", "level", "fields", "refused"),
    [
        (provider("APPLIED", route=None), "LOW", "SUBSTANTIAL", {}, True),
        (provider("ASSESSED"), "LOW", "HIGH", {}, True),
        (provider("LIVE"), "LOW", "SUBSTANTIAL", {}, False),
        (provider("CONNECTED"), "LOW", "SUBSTANTIAL", {}, False),
        (provider("LIVE"), "LOW", "SUBSTANTIAL", {"mandatable": False}, True),
        (provider("APPLIED", route=None), "HIGH", "LOW", {}, False),
        (provider("APPLIED", route=None), "HIGH", "HIGH", {}, False),
    ],
)
def test_no_higher_minimum_before_a_mandate_route(
    after: Provider, before: str, level: str, fields: dict[str, Any], refused: bool
) -> None:
    found = refusal_of_assurance(after, [(service(before), service(level, **fields))])
    assert (found is not None) == refused
    assert found is None or (found.code == "MANDATE_ROUTE_REQUIRED" and "h/s" in found.found)
