"""Forged, replayed, foreign and broken tokens, and what each gets: nothing."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from resolvers.caller import Caller
from server.identity import tokens as tokens_module
from server.identity.claims import ClaimNames
from server.identity.errors import KeysUnavailable, Unidentified
from server.identity.keys import Keys
from server.identity.tokens import BYTES_MAX, LEEWAY_S, Tokens
from tests.tokens import NO_TOKEN, claims, header, token

NOW = 1_800_000_000
ISSUER, AUDIENCE = "https://login.example.nl", "machtigen"
RSA = RSAKey.generate_key(2_048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
OTHER = RSAKey.generate_key(2_048, {"kid": "rsa"})
"""Of a stranger, who says that it is the issuer's."""


class Issuer:
    """A set of keys that can be changed; None: it does not answer."""

    def __init__(self, *keys: Any) -> None:
        self.keys: list[Any] | None = [key.as_dict(private=False) for key in keys]
        self.asked = 0

    async def read(self) -> dict[str, Any]:
        self.asked += 1
        if self.keys is None:
            raise OSError("it does not answer")
        return {"keys": self.keys}


class Clock:
    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


async def tokens(*keys: Any, clock: Clock | None = None) -> tuple[Tokens, Keys, Issuer]:
    clock, issuer = clock or Clock(), Issuer(*(keys or (RSA, EC, ED)))
    found = Keys(issuer, clock=clock)
    await found.refresh()
    return Tokens(found, issuer=ISSUER, audience=AUDIENCE, names=ClaimNames(), clock=clock), found, issuer


def said(**changed: Any) -> dict[str, Any]:
    times = {"iss": ISSUER, "aud": AUDIENCE, "iat": NOW, "nbf": NOW, "exp": NOW + 600}
    return claims("PROVIDER", party="h1", **{**times, **changed})


def signed(said_: dict[str, Any], key: Any = RSA, algorithm: str = "RS256", **header: Any) -> str:
    return jwt.encode({"alg": algorithm, "kid": key.kid, **header}, said_, key, algorithms=[algorithm])


def part(data: object) -> str:
    return urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


async def refused(taker: Tokens, sent: str, why: str = "") -> str:
    with pytest.raises(Unidentified) as wrong:
        await taker.caller(sent)
    assert why in wrong.value.why
    assert (wrong.value.status, wrong.value.error) == (401, "invalid_token")
    assert 'error="invalid_token"' in wrong.value.challenge
    return wrong.value.why


@pytest.mark.parametrize(("key", "algorithm"), [(RSA, "RS256"), (RSA, "PS256"), (EC, "ES256"), (ED, "Ed25519")])
async def test_a_good_one(key: Any, algorithm: str) -> None:
    taker, _, _ = await tokens()
    caller, until = await taker.caller(signed(said(), key, algorithm))
    assert caller == Caller("PROVIDER", "", "h1", "HIGH", None, "a test")
    assert until == NOW + 600 + LEEWAY_S


async def test_the_older_name_of_ed25519() -> None:
    taker, _, _ = await tokens()
    header, payload, _ = signed(said(), ED, "Ed25519").split(".")
    header = part({"alg": "EdDSA", "kid": "ed"})
    key: Any = ED.private_key
    signature = urlsafe_b64encode(key.sign(f"{header}.{payload}".encode())).decode().rstrip("=")
    assert (await taker.caller(f"{header}.{payload}.{signature}"))[0].party == "h1"


# forged


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
async def test_unsigned(algorithm: str) -> None:
    taker, _, _ = await tokens()
    payload = part(said())
    for signature in ("", "x", signed(said()).rpartition(".")[2]):
        await refused(taker, f"{part({'alg': algorithm, 'kid': 'rsa'})}.{payload}.{signature}", "not taken")


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
async def test_a_shared_secret_made_of_the_public_key(algorithm: str) -> None:
    taker, _, _ = await tokens()
    as_json = json.dumps(RSA.as_dict(private=False)).encode()
    content = f"{part({'alg': algorithm, 'kid': 'rsa'})}.{part(said())}"
    for secret in (RSA.as_pem(private=False), RSA.as_der(private=False), as_json, b""):
        digest = hmac.new(secret, content.encode(), f"sha{algorithm[2:]}").digest()
        signature = urlsafe_b64encode(digest).decode().rstrip("=")
        await refused(taker, f"{content}.{signature}", "not taken")


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS384", "PS512"])
async def test_algorithms_that_are_not_taken(algorithm: str) -> None:
    taker, _, _ = await tokens()
    await refused(taker, signed(said(), RSA, algorithm), "not taken")


async def test_another_key_of_the_same_name() -> None:
    taker, _, _ = await tokens()
    await refused(taker, signed(said(), OTHER), "not signed by the issuer")


async def test_a_key_of_ones_own_in_the_header() -> None:
    taker, _, _ = await tokens()
    elsewhere = "https://evil.example/keys"
    for own in ({"jwk": OTHER.as_dict(private=False)}, {"jku": elsewhere}, {"x5u": elsewhere}):
        await refused(taker, signed(said(), OTHER, **own))
    await refused(taker, f"{part({'alg': 'RS256', 'kid': 'rsa', 'crit': ['exp'], 'exp': 1})}.{part(said())}.AAAA")


async def test_an_algorithm_of_another_kind_of_key() -> None:
    taker, _, _ = await tokens()
    header, payload, signature = signed(said(), EC, "ES256").split(".")
    await refused(taker, f"{part({'alg': 'RS256', 'kid': 'ec'})}.{payload}.{signature}", "another way")
    await refused(taker, f"{part({'alg': 'ES256', 'kid': 'rsa'})}.{payload}.{signature}", "another way")
    assert header


async def test_a_key_that_says_what_it_is_for() -> None:
    taker, _, issuer = await tokens()
    assert issuer.keys is not None
    issuer.keys = [RSA.as_dict(private=False) | {"alg": "PS256"}]
    await taker._keys.refresh()
    await refused(taker, signed(said(), RSA, "RS256"), "another way")
    assert (await taker.caller(signed(said(), RSA, "PS256")))[0].party == "h1"


async def test_a_changed_claim() -> None:
    taker, _, _ = await tokens()
    header, payload, signature = signed(said()).split(".")
    body = json.loads(urlsafe_b64decode(payload + "=="))
    await refused(taker, f"{header}.{part(body | {'machtigen_role': 'OPERATOR'})}.{signature}", "not signed")


@given(st.data())
async def test_any_changed_character(data: st.DataObject) -> None:
    taker, _, _ = await tokens(ED)
    token = signed(said(), ED, "Ed25519")
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from([c for c in "ABCxyz019-_." if c != token[place]]))
    changed = token[:place] + other + token[place + 1 :]
    last_bits = place == len(token) - 1  # the last character of 64 bytes has bits that mean nothing
    try:
        caller, _ = await taker.caller(changed)
    except Unidentified:
        return
    assert last_bits
    assert caller.party == "h1"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        "...",
        "e30.e30.",
        "é.é.é",
        "eyJhbGciOiJSUzI1NiJ9.e30.x",
        "[].{}.x",
        "\x00.\x00.\x00",
    ],
)
async def test_nonsense(token: str) -> None:
    taker, _, _ = await tokens()
    await refused(taker, token)


async def test_a_huge_one() -> None:
    taker, keys, issuer = await tokens()
    await refused(taker, "a" * (BYTES_MAX + 1), "longer than")
    await refused(taker, signed(said(note="x" * BYTES_MAX)), "longer than")
    deep = "[" * 2_000 + "]" * 2_000
    header = urlsafe_b64encode(f'{{"alg":"RS256","kid":"rsa","x":{deep}}}'.encode()).decode().rstrip("=")
    await refused(taker, f"{header}.e30.x")
    assert (keys.generation, issuer.asked) == (1, 1)


@pytest.mark.parametrize(
    "header",
    [{"alg": "RS256"}, {"alg": "RS256", "kid": 1}, {"alg": ["RS256"], "kid": "rsa"}, {"kid": "rsa"}, [], "x", 1],
)
async def test_a_header_that_names_no_key(header: object) -> None:
    taker, _, _ = await tokens()
    await refused(taker, f"{part(header)}.{part(said())}.AAAA")


# for somebody else, or another time


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"aud": "another-service"}, "not meant for this service"),
        ({"aud": ["a", "b"]}, "not meant for this service"),
        ({"aud": None}, "aud: missing"),
        ({"aud": {"machtigen": 1}}, "not meant"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"iss": ISSUER + "/"}, "iss"),
        ({"iss": None}, "iss: missing"),
        ({"iss": [ISSUER]}, "iss"),
        ({"exp": NOW - LEEWAY_S - 1}, "expired"),
        ({"exp": None}, "exp: missing"),
        ({"exp": "2099-01-01"}, "exp"),
        ({"exp": True}, ""),
        ({"exp": 1e400}, ""),
        ({"nbf": NOW + LEEWAY_S + 1}, "not valid yet"),
        ({"nbf": "x"}, "not valid yet"),
        ({"iat": NOW + LEEWAY_S + 1}, "issued in the future"),
    ],
)
async def test_wrong_claims(changed: dict[str, Any], why: str) -> None:
    taker, _, _ = await tokens()
    await refused(taker, signed(said(**changed)), why)


async def test_several_audiences_with_ours_among_them() -> None:
    taker, _, _ = await tokens()
    assert (await taker.caller(signed(said(aud=["other", AUDIENCE]))))[0].party == "h1"


async def test_replayed_after_it_expired() -> None:
    clock = Clock()
    taker, _, _ = await tokens(clock=clock)
    token = signed(said())
    assert (await taker.caller(token))[0].party == "h1"
    clock.now = NOW + 600 + LEEWAY_S - 1
    assert (await taker.caller(token))[0].party == "h1"  # it is remembered
    clock.now = NOW + 600 + LEEWAY_S
    await refused(taker, token, "expired")


async def test_one_that_begins_later_is_not_remembered_as_good() -> None:
    clock = Clock()
    taker, _, _ = await tokens(clock=clock)
    token = signed(said(nbf=NOW + 100))
    await refused(taker, token, "not valid yet")
    clock.now = NOW + 100
    assert (await taker.caller(token))[0].party == "h1"
    clock.now = NOW  # the clock was set back
    await refused(taker, token, "not valid yet")


# keys that come and go


async def test_a_key_that_was_taken_away_is_not_taken_any_more() -> None:
    taker, keys, issuer = await tokens(RSA, EC)
    token = signed(said())
    assert (await taker.caller(token))[0].party == "h1"
    issuer.keys = [EC.as_dict(private=False)]
    await keys.refresh()
    await refused(taker, token, "a key that the issuer does not have")


async def test_a_new_key_is_asked_for_once_and_not_for_every_invented_name() -> None:
    clock = Clock()
    taker, _, issuer = await tokens(EC, clock=clock)
    issuer.keys = [EC.as_dict(private=False), RSA.as_dict(private=False)]
    await refused(taker, signed(said()), "a key that the issuer does not have")  # asked a moment ago
    clock.now += 10
    assert (await taker.caller(signed(said())))[0].party == "h1"
    asked = issuer.asked
    for number in range(100):
        await refused(taker, signed(said(), RSA, kid=f"k{number}"), "a key that the issuer does not have")
    assert issuer.asked == asked
    clock.now += 10
    await refused(taker, signed(said(), RSA, kid="again"), "a key that the issuer does not have")
    assert issuer.asked == asked + 1


async def test_an_issuer_that_does_not_answer() -> None:
    clock = Clock()
    taker, keys, issuer = await tokens(clock=clock)
    token = signed(said(exp=NOW + 10 * 86_400))
    issuer.keys = None
    clock.now += 86_399
    assert not await keys.refresh()
    assert keys.ready
    assert (await taker.caller(token))[0].party == "h1"
    clock.now += 1
    assert not keys.ready
    with pytest.raises(KeysUnavailable) as wrong:
        await taker.caller(token)
    assert wrong.value.status == 503
    issuer.keys = [RSA.as_dict(private=False)]
    assert await keys.refresh()
    assert (await taker.caller(token))[0].party == "h1"


@pytest.mark.parametrize(
    "key_set",
    [
        {"keys": [OctKey.generate_key(256, {"kid": "rsa"}).as_dict(private=True)]},
        {"keys": [RSA.as_dict(private=False) | {"use": "enc"}]},
        {"keys": [RSA.as_dict(private=False) | {"alg": "HS256"}]},
        {"keys": [RSA.as_dict(private=False) | {"kid": None}]},
        {"keys": [ECKey.generate_key("P-521", {"kid": "rsa"}).as_dict(private=False)]},
        {"keys": [{"kty": "RSA", "kid": "rsa", "n": "!", "e": "AQAB"}]},
        {"keys": [RSA.as_dict(private=False)] * 51},
        {"keys": {}},
        {},
    ],
)
async def test_keys_that_are_not_read(key_set: dict[str, Any]) -> None:
    issuer = Issuer()
    issuer.keys = key_set.get("keys")
    keys = Keys(issuer)
    assert not await keys.refresh()
    assert not keys.ready


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
async def test_a_key_that_is_too_short_is_not_read() -> None:
    assert not await Keys(Issuer(RSAKey.generate_key(1_024, {"kid": "rsa"}))).refresh()


async def test_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens_module, "_REMEMBERED_MAX", 3)
    taker, _, _ = await tokens(ED)
    for number in range(10):
        await taker.caller(signed(said(jti=str(number)), ED, "Ed25519"))
    assert len(taker._remembered) == 3


# over HTTP


SENDING = [
    ({}, "", "send a token"),
    ({"authorization": "Basic eDp5"}, "invalid_token", "expected one header"),
    ({"authorization": "Bearer"}, "invalid_token", "expected one header"),
    ({"authorization": "Bearer "}, "invalid_token", "expected one header"),
    ({"authorization": "Bearer nonsense"}, "invalid_token", "not a signed token"),
]


@pytest.mark.parametrize(("headers", "error", "why"), SENDING)
async def test_graphql_and_authzen_say_401(
    client: httpx.AsyncClient, headers: dict[str, str], error: str, why: str
) -> None:
    for path, body in (
        ("/graphql", {"query": '{ provider(id: "h1") { id } }'}),
        ("/access/v1/evaluation", {}),
        ("/access/v1/evaluations", {}),
        ("/access/v1/search/subject", {}),
    ):
        response = await client.post(path, json=body, headers=headers, auth=NO_TOKEN)
        assert response.status_code == 401, path
        challenge = response.headers["www-authenticate"]
        assert challenge.startswith('Bearer realm="machtigen"')
        assert (f'error="{error}"' in challenge) == bool(error)
        assert why in response.text
        assert "UNAUTHENTICATED" in response.text


async def test_a_bad_token_is_bad_for_whatever_is_asked(client: httpx.AsyncClient) -> None:
    for query in ("{ __typename }", "{", "{ nothing }", '{ provider(id: "h1") { id } }'):
        headers = {"authorization": "Bearer x.y.z"}
        response = await client.post("/graphql", json={"query": query}, headers=headers, auth=NO_TOKEN)
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("{ __typename }", 200),
        ("query A { a: __typename }", 200),
        ("{", 400),
        ("{ nothing }", 400),
        ("{ __schema { types { name } } }", 400),
        ("{ _service { sdl } }", 400),
        ('{ provider(id: "h1") { id } }', 401),
        ('{ __typename provider(id: "h1") { id } }', 401),
        ("{ ...All } fragment All on Query { registers { id } }", 401),
        ("mutation { recordFacts(facts: []) { asOf } }", 401),
    ],
)
async def test_without_a_token(client: httpx.AsyncClient, query: str, status: int) -> None:
    headers = {"accept": "application/graphql-response+json"}
    response = await client.post("/graphql", json={"query": query}, headers=headers, auth=NO_TOKEN)
    assert response.status_code == status
    if status == 401:
        assert "data" not in response.json()


async def test_a_token_in_the_url_is_refused_and_not_repeated(client: httpx.AsyncClient) -> None:
    query = {"query": "{ __typename }", "access_token": "secret-token"}
    for response in (
        await client.get("/graphql", params=query),
        await client.post("/graphql", params={"access_token": "secret-token"}, json={"query": "{ __typename }"}),
        await client.post("/access/v1/evaluation", params={"access_token": "secret-token"}, json={}),
    ):
        assert response.status_code == 400
        assert 'error="invalid_request"' in response.headers["www-authenticate"]
        assert "secret-token" not in response.text


async def test_two_tokens_are_none(client: httpx.AsyncClient) -> None:
    headers = [("authorization", f"Bearer {token('EXPLORER')}")] * 2
    response = await client.post("/graphql", json={"query": "{ __typename }"}, headers=headers, auth=NO_TOKEN)
    assert response.status_code == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/.well-known/authzen-configuration"])
async def test_what_needs_none(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path, auth=NO_TOKEN)).status_code == 200


async def test_the_clock_of_tokens_is_the_machines_own(client: httpx.AsyncClient) -> None:
    # the tests' server believes that it is another day
    body = {"query": '{ provider(id: "h1") { id } }'}
    assert (await client.post("/graphql", json=body, headers=header("EXPLORER"))).status_code == 200
    gone = header("EXPLORER", exp=int(time.time()) - LEEWAY_S - 1)
    assert (await client.post("/graphql", json=body, headers=gone)).status_code == 401
