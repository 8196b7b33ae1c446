"""What a page of another site can make a browser send, and what is sent on purpose."""

from __future__ import annotations

import httpx
import pytest

ASKED = {"query": "{ __typename }"}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "accept": "image/avif,*/*", "user-agent": FIREFOX},
        {"sec-fetch-site": "cross-site", "content-type": "text/plain"},
        {"sec-fetch-site": "cross-site", "authorization": "Basic eDp5"},
        {"origin": "https://elsewhere.example"},
        {"user-agent": FIREFOX},
    ],
)
async def test_a_page_elsewhere_makes_nothing_work_here(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    response = await client.get("/graphql", params=ASKED, headers=headers)
    assert response.status_code == 403
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "PREFLIGHT_REQUIRED"
    for header in ("GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Apollo-Operation-Name"):
        response = await client.get("/graphql", params=ASKED, headers={**headers, header: "x"})
        assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"user-agent": "curl/8.5.0"},
        {"user-agent": FIREFOX, "sec-fetch-site": "same-origin"},
        {"user-agent": FIREFOX, "sec-fetch-site": "none"},
        {"user-agent": FIREFOX, "sec-fetch-site": "cross-site", "authorization": "Bearer x"},
        {"user-agent": FIREFOX, "content-type": "application/json"},
    ],
)
async def test_what_is_sent_on_purpose_is_answered(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    response = await client.get("/graphql", params=ASKED, headers=headers)
    assert (response.status_code, "PREFLIGHT_REQUIRED" in response.text) == (200, False)
