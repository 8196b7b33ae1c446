"""Signed statements: what they say, when there is none, and how a provider verifies them by what the page tells."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from authority.decision import Decision
from authority.neighbourhood import Neighbourhood
from graph.embedded import EmbeddedGraph
from resolvers.decisions import Answer
from resolvers.statements import SECONDS_MAX, claims_of
from server.statement.keys import TYPE, BadSigningKey, Signing, SigningKeys, keys_in, made
from tests.node_tools import NODE
from tests.resolvers.small import NOW, QUESTION, asked, fill
from tests.server.asking import ROOT, ask, in_process, served
from tests.server.audit.trails import recorded, valid_number
from tests.server.cli.commands import machtigen, refused
from tests.tokens import header, serving

ISSUER = "https://machtigen.example"
PAGE = (ROOT / "docs/statement.md").read_text(encoding="utf-8")
ONE = "query($q: Question!, $o: String) { decision(question: $q, asOf: $o) { outcome asOf statement } }"
KEY = made()
HOSPITAL = header("PROVIDER", party="h1")
NEW = {"MACHTIGEN_SIGNING_KEY_1": KEY, "MACHTIGEN_SIGNING_KEY_2": made()}


def signing(environment: dict[str, str] | None = None) -> Signing:
    keys = keys_in(environment or {"MACHTIGEN_SIGNING_KEY_1": KEY})
    assert keys is not None
    return Signing(ISSUER, keys)


@pytest.fixture
async def signed(ledger: EmbeddedGraph, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that signs and records."""
    async with in_process(ledger, signing=signing(), audit=tmp_path / "audit") as made_:
        made_.headers.update(HOSPITAL)
        yield made_


def claims(statement: str, keys: SigningKeys | None = None) -> dict[str, Any]:
    """By another way than the page's."""
    public: Any = (keys or signing().keys).public()
    key_set = KeySet.import_key_set(public)
    token = jwt.decode(statement, key_set, algorithms=["ES256"])
    assert token.header["typ"] == TYPE
    return token.claims


async def test_it_says_what_the_decision_says(signed: httpx.AsyncClient, tmp_path: Path) -> None:
    decision = (await ask(signed, ONE, {"q": QUESTION}))["decision"]
    said = claims(decision["statement"])
    number = said.pop("jti")
    assert said == {
        "iss": ISSUER,
        "sub": "mother",
        "aud": "h1",
        "iat": NOW // 1_000_000,
        "exp": NOW // 1_000_000 + SECONDS_MAX,
        "represents": {"sub": "child", "iss": ISSUER},
        "outcome": "PERMIT",
        "reason": "PARENTAL_AUTHORITY",
        "ground_kinds": ["PARENTAL_JOINT"],
        "service": "h1/record",
        "act": "ORDINARY",
        "assurance": "SUBSTANTIAL",
        "as_of": decision["asOf"],
        "valid_until": "2030-02-28T23:00:00Z",
    }
    evaluation, statement = recorded(tmp_path / "audit")
    assert statement["event_name"] == "machtigen.statement"
    assert statement["body"]["machtigen.statement"] == {"jti": number, "exp": said["exp"], "aud": "h1"}
    assert statement["body"]["adl.core.request"] == evaluation["body"]["adl.core.request"]


async def test_a_denial_says_so_and_each_of_many_has_its_own(signed: httpx.AsyncClient) -> None:
    questions = [QUESTION | {"representative": who} for who in ("mother", "stranger")]
    many = "query($q: [Question!]!) { decisions(questions: $q) { statement } }"
    found = [claims(each["statement"]) for each in (await ask(signed, many, {"q": questions}))["decisions"]]
    assert [(each["outcome"], each["ground_kinds"]) for each in found] == [("PERMIT", ["PARENTAL_JOINT"]), ("DENY", [])]
    assert found[0]["jti"] != found[1]["jti"]


async def test_what_was_asked_is_bound_in_it(signed: httpx.AsyncClient) -> None:
    question = QUESTION | {"representative": "clerk", "represented": "client", "organisation": "office"}
    question |= {"provider": "t1", "service": "return", "act": "DISPOSAL", "good": "house", "claim": "BEWIND"}
    signed.headers.update(header("PROVIDER", party="t1"))
    said = claims((await ask(signed, ONE, {"q": question}))["decision"]["statement"])
    assert (said["aud"], said["service"], said["organisation"]) == ("t1", "t1/return", "office")
    assert (said["act"], said["good"], said["claim"]) == ("DISPOSAL", "house", "BEWIND")
    assert (said["outcome"], said["ground_kinds"]) == ("CONSENT_REQUIRED", ["BEWIND"])


@pytest.mark.parametrize(
    "changed",
    [
        {"at": "2026-11-24T11:59:59Z"},
        {"at": "2027-01-01T00:00:00Z"},
        {"knownAt": "2026-11-24T12:00:00Z"},
        {"good": f"house {valid_number()}"},
    ],
)
async def test_asked_about_another_time_there_is_none(signed: httpx.AsyncClient, changed: dict[str, str]) -> None:
    assert (await ask(signed, ONE, {"q": QUESTION | changed}))["decision"]["statement"] is None


async def test_of_an_older_position_there_is_none(signed: httpx.AsyncClient, ledger: EmbeddedGraph) -> None:
    head = str(await ledger.head())
    assert (await ask(signed, ONE, {"q": QUESTION, "o": head}))["decision"]["statement"] is None
    behind = "query($q: Question!, $l: String) { decision(question: $q, atLeast: $l) { reason statement } }"
    found = await ask(signed, behind, {"q": QUESTION, "l": f"{head.partition('.')[0]}.999"})
    assert found["decision"] == {"reason": "LEDGER_BEHIND", "statement": None}


async def test_lists_have_none(signed: httpx.AsyncClient) -> None:
    listed = """{ representedBy(representative: "mother", provider: "h1", service: "record", assurance: HIGH) {
      nodes { decision { outcome statement } } } }"""
    nodes = (await ask(signed, listed))["representedBy"]["nodes"]
    assert nodes
    assert {each["decision"]["statement"] for each in nodes} == {None}
    explained = "query($q: Question!) { explain(question: $q) { decision { statement } } }"
    body = {"query": explained, "variables": {"q": QUESTION}}
    found = (await signed.post("/graphql", json=body, headers=header("EXPLORER"))).json()
    assert found["data"]["explain"]["decision"]["statement"] is None
    assert found["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_nobody_states_for_another(signed: httpx.AsyncClient) -> None:
    """A citizen's statement is about that citizen, at the level of the token; who only looks gets none."""
    own = {"q": QUESTION | {"assurance": "SUBSTANTIAL"}}
    for who, found in (
        (header("CITIZEN", sub="mother", acr="substantial"), "statement"),
        (header("CITIZEN", sub="mother", acr="low"), None),
        (header("CITIZEN", sub="father", acr="high"), None),
        (header("CITIZEN", sub="child", acr="high"), None),
        (header("PROVIDER", party="t1"), None),
        (header("EXPLORER"), None),
    ):
        response = await signed.post("/graphql", json={"query": ONE, "variables": own}, headers=who)
        data = (response.json().get("data") or {}).get("decision") or {}
        assert bool(data.get("statement")) == bool(found), who
        if found is None:
            assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_it_is_made_only_when_it_is_asked_for(signed: httpx.AsyncClient, tmp_path: Path) -> None:
    await ask(signed, "query($q: Question!) { decision(question: $q) { outcome } }", {"q": QUESTION})
    assert [each["event_name"] for each in recorded(tmp_path / "audit")] == ["adl.access_evaluation"]


async def test_without_keys_there_is_none_and_an_empty_set(client: httpx.AsyncClient) -> None:
    client.headers.update(HOSPITAL)
    assert (await ask(client, ONE, {"q": QUESTION}))["decision"]["statement"] is None
    assert (await client.get("/.well-known/jwks.json")).json() == {"keys": []}


@given(
    ends=st.none() | st.integers(1, 3 * SECONDS_MAX * 1_000_000),
    after=st.integers(0, 999_999),
    outcome=st.sampled_from(["PERMIT", "DENY", "CONSENT_REQUIRED", "INDETERMINATE"]),
)
def test_it_never_outlives_the_decision(ends: int | None, after: int, outcome: Any) -> None:
    now = NOW + after
    valid_until = None if ends is None else now + ends
    decision = Decision(id=None, outcome=outcome, reason="SELF", valid_until=valid_until, as_of="l.1")
    answer = Answer(msgspec.structs.replace(asked(), at=now), decision, Neighbourhood())
    said = claims_of(answer, ISSUER, now=now)
    if said is None:
        assert valid_until is not None
        assert valid_until // 1_000_000 <= now // 1_000_000
        return
    assert said["iat"] * 1_000_000 <= now
    assert said["iat"] < said["exp"] <= said["iat"] + SECONDS_MAX
    assert valid_until is None or said["exp"] * 1_000_000 <= valid_until


# keys


async def test_the_set_has_no_private_key_and_the_new_one_signs(ledger: EmbeddedGraph) -> None:
    async with in_process(ledger, signing=signing(NEW)) as client:
        found = await client.get("/.well-known/jwks.json")
        client.headers.update(HOSPITAL)
        statement = (await ask(client, ONE, {"q": QUESTION}))["decision"]["statement"]
    assert found.headers["content-type"].startswith("application/jwk-set+json")
    assert found.headers["cache-control"] == f"public, max-age={SECONDS_MAX}"
    keys = found.json()["keys"]
    assert [set(each) for each in keys] == [{"kty", "crv", "x", "y", "kid", "use", "alg"}] * 2
    assert [each["kid"].partition(".")[0] for each in keys] == ["2", "1"]
    assert _key_id(statement) == keys[0]["kid"]


def test_rotation_step_by_step() -> None:
    public = ECKey.import_key(KEY).as_pem(private=False).decode()
    steps = [
        {"MACHTIGEN_SIGNING_KEY_1": KEY},
        {**NEW, "MACHTIGEN_SIGN_WITH": "1"},
        NEW,
        {**NEW, "MACHTIGEN_SIGNING_KEY_1": public},
        {"MACHTIGEN_SIGNING_KEY_2": NEW["MACHTIGEN_SIGNING_KEY_2"]},
    ]
    signers = [signing(step).keys for step in steps]
    statements = [each.signed({"iss": ISSUER}) for each in signers]
    assert [_key_id(statement)[0] for statement in statements] == list("11222")
    for step, statement in enumerate(statements[:-1]):
        claims(statement, signers[step + 1])
    claims(statements[1], signers[3])


def _key_id(statement: str) -> str:
    kid: str = jws.extract_compact(statement.encode()).headers()["kid"]
    return kid


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"MACHTIGEN_SIGNING_KEY_1": "no/such/file"}, "MACHTIGEN_SIGNING_KEY_1: no key in PEM, and no file"),
        ({"MACHTIGEN_SIGNING_KEY_1": "-----BEGIN nonsense"}, "expected a P-256 key"),
        ({"MACHTIGEN_SIGNING_KEY_3": ECKey.generate_key("P-384").as_pem().decode()}, "of the curve P-256, found P-384"),
        ({"MACHTIGEN_SIGNING_KEY_1": RSAKey.generate_key(2048).as_pem().decode()}, "expected a P-256 key"),
        ({"MACHTIGEN_SIGNING_KEY_1": KEY, "MACHTIGEN_SIGN_WITH": "2"}, "MACHTIGEN_SIGNING_KEY_2: signing needs it"),
        ({"MACHTIGEN_SIGNING_KEY_1": KEY, "MACHTIGEN_SIGN_WITH": "one"}, "MACHTIGEN_SIGN_WITH: expected the number"),
        (
            {"MACHTIGEN_SIGNING_KEY_1": ECKey.import_key(KEY).as_pem(private=False).decode()},
            "MACHTIGEN_SIGNING_KEY_1: signing needs it, a private key",
        ),
    ],
)
def test_a_key_that_cannot_sign_is_refused_and_not_shown(environment: dict[str, str], said: str) -> None:
    with pytest.raises(BadSigningKey, match=re.escape(said)) as refused:
        keys_in(environment)
    assert "BEGIN" not in str(refused.value)


def test_a_key_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(KEY)
    assert signing({"MACHTIGEN_SIGNING_KEY_1": str(tmp_path / "key.pem")}).keys.public() == signing().keys.public()


# as a provider verifies it


def shown(language: str) -> str:
    """The page's own."""
    (code,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(code)


def by_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """In another process."""
    code = f"{shown('python')}\nimport json, sys\nstatement, jwks, issuer, provider = sys.argv[1:]\n"
    code += "print(json.dumps(verified(statement, json.loads(jwks), issuer, provider)))"
    return _run([sys.executable, "-c", code, *arguments])


def by_typescript(*arguments: str) -> subprocess.CompletedProcess[str]:
    """In Node."""
    code = f"{shown('typescript')}\nconst [statement, jwks, issuer, provider] = process.argv.slice(1);\n"
    code += "console.log(JSON.stringify(verified(statement, JSON.parse(jwks), issuer, provider)));"
    return _run([NODE, "--input-type=module-typescript", "-e", code, "--", *arguments])


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=dict(os.environ))


@pytest.mark.parametrize("verify", [by_python, by_typescript])
def test_the_page_s_own_code_takes_a_statement_and_nothing_else(verify: Any) -> None:
    now = int(time.time())
    signer = signing()
    good = {"iss": ISSUER, "aud": "h1", "iat": now, "exp": now + 300, "outcome": "DENY", "sub": "mother"}
    jwks = json.dumps(signer.keys.public())
    (kid,) = [each["kid"] for each in signer.keys.public()["keys"]]
    own, other = ECKey.import_key(KEY), ECKey.import_key(made())

    def token(header: dict[str, Any], key: Any, **changed: Any) -> str:
        said = {"alg": "ES256", "typ": TYPE, "kid": kid} | header
        return jwt.encode(said, good | changed, key, algorithms=["ES256", "HS256"])

    statement = signer.signed(good)
    accepted = verify(statement, jwks, ISSUER, "h1")
    assert accepted.returncode == 0, accepted.stderr
    assert json.loads(accepted.stdout) == good
    head, payload, signature = statement.split(".")
    flipped = payload[:20] + ("A" if payload[20] != "A" else "B") + payload[21:]
    none = token({"alg": "HS256"}, OctKey.import_key("x" * 32)).split(".")
    refused = {
        "another provider": (statement, "h2"),
        "another issuer": (signer.signed(good | {"iss": "https://other.example"}), "h1"),
        "expired": (signer.signed(good | {"iat": now - 600, "exp": now - 300}), "h1"),
        "without an end": (signer.signed({key: value for key, value in good.items() if key != "exp"}), "h1"),
        "changed": (f"{head}.{flipped}.{signature}", "h1"),
        "another key": (token({}, other), "h1"),
        "another kind of token": (token({"typ": "JWT"}, own), "h1"),
        "an unknown key": (token({"kid": "9.unknown"}, other), "h1"),
        "a shared secret": (".".join(none), "h1"),
        "unsigned": (f"{_part({'alg': 'none', 'typ': TYPE, 'kid': kid})}.{payload}.", "h1"),
    }
    for name, (what, provider) in refused.items():
        assert verify(what, jwks, ISSUER, provider).returncode != 0, name


def _part(header: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")


async def test_a_served_statement_is_verified_by_the_served_keys_in_another_process(tmp_path: Path) -> None:
    graph = EmbeddedGraph.open(str(tmp_path / "graph"))
    await fill(graph)
    await graph.close()
    with served(
        str(tmp_path / "graph"), "--workers", "2", MACHTIGEN_SIGNING_KEY_1=KEY, MACHTIGEN_PUBLIC_URL=ISSUER
    ) as (
        url,
        _,
    ):
        async with httpx.AsyncClient(base_url=url, headers=HOSPITAL) as client:
            statement = (await ask(client, ONE, {"q": QUESTION}))["decision"]["statement"]
            jwks = (await client.get("/.well-known/jwks.json")).text
    for verify in (by_python, by_typescript):
        done = verify(statement, jwks, ISSUER, "h1")
        assert json.loads(done.stdout)["outcome"] == "PERMIT", done.stderr


async def test_a_developer_s_server_signs_with_a_key_of_its_own(tmp_path: Path) -> None:
    graph = EmbeddedGraph.open(str(tmp_path / "graph"))
    await fill(graph)
    await graph.close()
    with served(str(tmp_path / "graph"), "--dev") as (url, _):
        async with httpx.AsyncClient(base_url=url, headers=HOSPITAL) as client:
            statement = (await ask(client, ONE, {"q": QUESTION}))["decision"]["statement"]
            jwks = (await client.get("/.well-known/jwks.json")).text
    assert json.loads(by_python(statement, jwks, url, "h1").stdout)["iss"] == url


def test_keys_without_an_address_are_refused(tmp_path: Path) -> None:
    arguments = ("--graph", str(tmp_path / "graph"), "--port", "0", *serving())
    told = machtigen("serve", *arguments, MACHTIGEN_SIGNING_KEY_1=KEY)
    assert "--public-url" in refused(told)
