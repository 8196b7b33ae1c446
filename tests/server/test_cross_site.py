"""What a page of another site can make a browser send, and what is sent on purpose."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from graph.embedded import EmbeddedGraph
from server.http_settings import HttpSettings
from server.replies import Edge
from tests import tokens
from tests.server.asking import in_process

ASKED = {"query": "{ __typename }"}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "accept": "image/avif,*/*", "user-agent": FIREFOX},
        {"sec-fetch-site": "cross-site", "content-type": "text/plain"},
        {"origin": "https://elsewhere.example"},
        {"user-agent": FIREFOX},
    ],
)
async def test_a_page_elsewhere_makes_nothing_work_here(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    response = await client.get("/graphql", params=ASKED, headers=headers, auth=None)
    assert response.status_code == 403
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "PREFLIGHT_REQUIRED"
    for header in ("GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Apollo-Operation-Name"):
        response = await client.get("/graphql", params=ASKED, headers={**headers, header: "x"}, auth=None)
        assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"user-agent": "curl/8.5.0"},
        {"user-agent": FIREFOX, "sec-fetch-site": "same-origin"},
        {"user-agent": FIREFOX, "sec-fetch-site": "none"},
        {"user-agent": FIREFOX, "sec-fetch-site": "cross-site", **tokens.header("EXPLORER")},
        {"user-agent": FIREFOX, "content-type": "application/json"},
    ],
)
async def test_what_is_sent_on_purpose_is_answered(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    response = await client.get("/graphql", params=ASKED, headers=headers, auth=None)
    assert (response.status_code, "PREFLIGHT_REQUIRED" in response.text) == (200, False)


async def test_a_password_that_a_browser_sends_by_itself_is_no_token(client: httpx.AsyncClient) -> None:
    headers = {"sec-fetch-site": "cross-site", "authorization": "Basic eDp5"}
    response = await client.get("/graphql", params=ASKED, headers=headers)
    assert response.status_code == 401


# sites that may ask

PORTAL = "https://portal.example"
PREFLIGHT = {
    "origin": PORTAL,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization, content-type",
}


@pytest.fixture
async def open_to_portal(ledger: EmbeddedGraph) -> AsyncIterator[httpx.AsyncClient]:
    async with in_process(ledger, http=HttpSettings(cors_origins=(PORTAL,))) as made:
        yield made


async def test_by_default_no_other_site_may_ask(client: httpx.AsyncClient) -> None:
    refused = await client.options("/graphql", headers=PREFLIGHT)
    answered = await client.post("/graphql", json=ASKED, headers={"origin": PORTAL})
    for response in (refused, answered):
        assert not [name for name in response.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("path", ["/graphql", "/access/v1/evaluation"])
async def test_a_site_that_is_configured_may_ask(open_to_portal: httpx.AsyncClient, path: str) -> None:
    response = await open_to_portal.options(path, headers=PREFLIGHT)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == PORTAL
    assert "authorization" in response.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in response.headers
    answered = await open_to_portal.post(path, json=ASKED, headers={"origin": PORTAL})
    assert answered.headers["access-control-allow-origin"] == PORTAL
    assert "etag" in answered.headers["access-control-expose-headers"].lower()
    unasked = await open_to_portal.get("/graphql", params=ASKED)
    assert "origin" in ", ".join(unasked.headers.get_list("vary")).lower(), "one that another site asks is kept apart"
    varies = {name.strip().lower() for each in answered.headers.get_list("vary") for name in each.split(",")}
    assert varies == {"accept", "accept-encoding", "accept-language", "authorization", "origin"}


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "http://portal.example", "null", f"{PORTAL}.evil.example"]
)
async def test_no_other_site_may(open_to_portal: httpx.AsyncClient, origin: str) -> None:
    response = await open_to_portal.options("/graphql", headers={**PREFLIGHT, "origin": origin})
    assert response.status_code == 400
    assert "access-control-allow-origin" not in response.headers
    answered = await open_to_portal.post("/graphql", json=ASKED, headers={"origin": origin})
    assert "access-control-allow-origin" not in answered.headers


@pytest.mark.parametrize("origin", ["*", "portal.example", f"{PORTAL}/", "https://", "https://*.example", "null"])
def test_what_is_no_site_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match="expected a site"):
        HttpSettings(cors_origins=(origin,))


@pytest.mark.parametrize(
    ("origin", "opened"),
    [(PORTAL, True), ("http://127.0.0.1:8000", True), ("", True), ("https://elsewhere.example", False)],
)
async def test_a_page_of_a_site_that_is_configured_may_open_a_websocket(origin: str, opened: bool) -> None:
    reached: list[str] = []
    sent: list[Message] = []

    async def inside(scope: Scope, _: Receive, __: Send) -> None:
        reached.append(scope["type"])

    async def nothing() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:8000"), *([(b"origin", origin.encode())] if origin else [])]
    await Edge(inside, origins=(PORTAL,))({"type": "websocket", "headers": headers}, nothing, send)
    assert bool(reached) is opened
    assert [each["type"] for each in sent] == ([] if opened else ["websocket.close"])
