"""What a token says of who asks, and for whom: NL GOV, RFC 8693 and TVS, and what is refused rather than guessed."""

from __future__ import annotations

from typing import Any

import pytest

from authority.codes import ASSURANCE_RANK
from resolvers.caller import PURPOSE_MAX, Caller
from resolvers.rules import Asking, may_ask
from server.identity import tvs
from server.identity.claims import ClaimNames, caller_of, role_of
from server.identity.errors import Unidentified
from server.identity.levels import LEVELS, assurance_of

ISSUER = "https://login.example.nl"


def caller(**claims: Any) -> Caller:
    return caller_of({"machtigen_role": "citizen", "sub": "mother", **claims}, ClaimNames(), ISSUER)


def refused(why: str, **claims: Any) -> None:
    with pytest.raises(Unidentified) as wrong:
        caller(**claims)
    assert why in wrong.value.why


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("citizen", "CITIZEN"),
        ("Citizen", "CITIZEN"),
        (" PROVIDER ", "PROVIDER"),
        ("register", "REGISTER"),
        ("register-keeper", "REGISTER"),
        ("register_keeper", "REGISTER"),
        ("Register Keeper", "REGISTER"),
        ("counter", "COUNTER"),
        ("counter-official", "COUNTER"),
        ("operator", "OPERATOR"),
        ("auditor", "AUDITOR"),
        ("explorer", "EXPLORER"),
        ("", None),
        ("admin", None),
        ("citizen,operator", None),
        ("citizen operator", None),
    ],
)
def test_roles(word: str, role: str | None) -> None:
    assert role_of(word) == role


@pytest.mark.parametrize("said", ["admin", "", None, ["CITIZEN", "OPERATOR"], {"role": "CITIZEN"}, 1])
def test_no_role_of_ours_or_several_is_nobody(said: Any) -> None:
    refused("machtigen_role", machtigen_role=said)


@pytest.mark.parametrize("role", ["provider", "register", "counter"])
def test_who_speaks_for_a_party_names_it(role: str) -> None:
    refused("machtigen_party", machtigen_role=role)
    refused("machtigen_party", machtigen_role=role, machtigen_party=["h1"])
    assert caller(machtigen_role=role, machtigen_party="h1").party == "h1"


def test_a_citizen_is_somebody() -> None:
    refused("sub", sub=None)
    refused("sub", sub="")


@pytest.mark.parametrize("number", ["900000001", "90000001", "bsn:900000001"])
@pytest.mark.parametrize("claim", ["sub", "machtigen_party"])
def test_a_number_is_no_id(claim: str, number: str) -> None:
    refused("an opaque id is expected", **{claim: number})
    refused("an opaque id is expected", represents={"sub": number})
    refused("an opaque id is expected", act={"sub": number})


@pytest.mark.parametrize("text", ["a b", "x" * 129, "~abc", "é", "a\nb"])
def test_what_no_id_can_be(text: str) -> None:
    refused("expected an id", sub=text)


def test_an_issuers_own_names_for_the_claims() -> None:
    names = ClaimNames("uid", "roles", "org", "why")
    said = {"uid": "u1", "roles": "PROVIDER", "org": "h1", "why": "x", "sub": "s", "machtigen_role": "operator"}
    assert caller_of(said, names, ISSUER) == Caller("PROVIDER", "u1", "h1", None, None, "x")


# for whom


def test_nl_gov_and_rfc_8693_mirror_each_other() -> None:
    expected = Caller("CITIZEN", "mother", "", None, "child")
    assert caller(sub="mother", represents={"sub": "child", "iss": ISSUER, "sub_id_type": "opaque"}) == expected
    assert caller(sub="child", act={"sub": "mother"}) == expected
    assert caller(sub="mother", represents={"sub": "child"}) != caller(sub="mother", act={"sub": "child"})


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"represents": {"sub": "child", "iss": "https://elsewhere.example"}}, "another issuer"),
        ({"represents": {"sub": "child", "represents": {"sub": "x"}}}, "a chain"),
        ({"act": {"sub": "helper", "act": {"sub": "x"}}}, "a chain"),
        ({"represents": {"sub": "child"}, "act": {"sub": "helper"}}, "in two ways"),
        ({"represents": {"sub": "child"}, tvs.ACTING: "mother"}, "in two ways"),
        ({"represents": {}}, "represents.sub: missing"),
        ({"represents": {"sub": ""}}, "represents.sub: missing"),
        ({"represents": "child"}, "expected an object"),
        ({"represents": [{"sub": "child"}]}, "expected an object"),
        ({"act": {"sub": ["a"]}}, "expected one text"),
    ],
)
def test_what_is_not_understood_is_refused_and_not_overlooked(claims: dict[str, Any], why: str) -> None:
    refused(why, **claims)


ASKED = Asking("mother", "child", "h1", "LOW")


def test_a_token_for_one_person_is_for_questions_about_them_only() -> None:
    one = caller(represents={"sub": "child"}, acr="low")
    assert may_ask(one, ASKED)
    for representative, represented in (
        ("mother", "brother"),
        ("mother", "mother"),
        ("child", "mother"),
        ("mother", None),
        (None, "child"),
    ):
        assert not may_ask(one, Asking(representative, represented, "h1", "LOW"))


@pytest.mark.parametrize("level", ASSURANCE_RANK)
@pytest.mark.parametrize("asked", [*ASSURANCE_RANK, "NONSENSE", "None"])
def test_a_citizen_never_says_to_have_logged_in_more_surely(level: str, asked: str) -> None:
    may = may_ask(caller(acr=level.lower()), Asking("mother", "child", "h1", asked))
    assert may == (asked in ASSURANCE_RANK and ASSURANCE_RANK[asked] <= ASSURANCE_RANK[level])


def test_without_a_level_it_is_the_lowest() -> None:
    assert may_ask(caller(), Asking("mother", "child", "h1", "BASIC"))
    assert not may_ask(caller(), ASKED)
    # who is represented says nothing of their own login
    assert may_ask(caller(sub="child"), ASKED)


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("http://eID.logius.nl/LoA/basic", "BASIC"),
        ("http://eidas.europa.eu/LoA/low", "LOW"),
        ("http://eidas.europa.eu/LoA/substantial", "SUBSTANTIAL"),
        ("http://eidas.europa.eu/LoA/high", "HIGH"),
        ("urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", "BASIC"),
        ("urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract", "LOW"),
        ("urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard", "SUBSTANTIAL"),
        ("urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI", "HIGH"),
        ("urn:etoegang:core:assurance-class:loa3", "SUBSTANTIAL"),
        ("http://eidas.europa.eu/LoA/very-high", "BASIC"),
        ("HIGHEST", "BASIC"),
        ("", None),
    ],
)
def test_levels(word: str, level: str | None) -> None:
    assert assurance_of(word) == level
    assert all(each == each.lower() for each in LEVELS)


# TVS


ME, CHILD = {tvs.ACTING: "mother"}, {tvs.ACTING: "mother", tvs.LEGAL: "child"}
PARENT, CURATOR = "urn:nl-eid-gdi:1.1:RT:Zorg_Volledig_Gezag_Kind", "urn:nl-eid-gdi:1.1:RT:WV_Curator"


@pytest.mark.parametrize(
    ("attributes", "represented", "kinds", "settled"),
    [
        (ME, None, (), True),
        (CHILD, "child", ("VOLUNTARY_MANDATE",), True),
        (CHILD | {tvs.REPRESENTATION_TYPE: PARENT}, "child", tvs.KINDS[PARENT], True),
        (CHILD | {tvs.REPRESENTATION_TYPE: [PARENT]}, "child", tvs.KINDS[PARENT], True),
        (CHILD | {tvs.REPRESENTATION_TYPE: [PARENT, CURATOR]}, "child", (*tvs.KINDS[PARENT], "CURATELE"), True),
        (CHILD | {tvs.REPRESENTATION_TYPE: "OG0-11"}, "child", (), False),
        (CHILD | {tvs.REPRESENTATION_TYPE: [PARENT, "OG0-11"]}, "child", tvs.KINDS[PARENT], False),
        (CHILD | {tvs.REPRESENTATION_TYPE: PARENT.lower()}, "child", (), False),
        ({tvs.ACTING: ["mother"], tvs.LEGAL: ["child"]}, "child", ("VOLUNTARY_MANDATE",), True),
    ],
)
def test_tvs(attributes: dict[str, Any], represented: str | None, kinds: tuple[str, ...], settled: bool) -> None:
    assert tvs.asserted(attributes) == tvs.Asserted("mother", represented, kinds, settled)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("attributes", "representation", "why"),
    [
        ({}, False, "ActingSubjectID: missing"),
        ({tvs.LEGAL: "child"}, False, "ActingSubjectID: missing"),
        (ME, True, "LegalSubjectID: missing"),
        (ME | {tvs.REPRESENTATION_TYPE: PARENT}, False, "LegalSubjectID: missing"),
        (CHILD | {tvs.LEGAL: ["child", "brother"]}, False, "LegalSubjectID: given more than once"),
        (CHILD | {tvs.ACTING: ["mother", "x"]}, False, "ActingSubjectID: given more than once"),
        (CHILD | {tvs.LEGAL: {"sub": "child"}}, False, "LegalSubjectID: expected text"),
        (CHILD | {tvs.LEGAL: [""]}, False, "LegalSubjectID: expected text"),
        (CHILD | {tvs.REPRESENTATION_TYPE: ["x"] * 11}, False, "RepresentationType: expected text"),
    ],
)
def test_tvs_refused(attributes: dict[str, Any], representation: bool, why: str) -> None:
    with pytest.raises(Unidentified) as wrong:
        tvs.asserted(attributes, representation=representation)
    assert wrong.value.why.startswith(why)


def test_tvs_as_claims() -> None:
    assert caller(**CHILD, acr="http://eidas.europa.eu/LoA/high") == Caller("CITIZEN", "mother", "", "HIGH", "child")
    assert caller(**ME) == Caller("CITIZEN", "mother")
    refused("unknown, which nobody may lean on", **CHILD, **{tvs.REPRESENTATION_TYPE: "OG0-11"})
    refused("a number", **{tvs.ACTING: "900000001"})


# why


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("ticket 4711", "ticket 4711"),
        ("  ticket \t 4711 ", ""),
        ("about 900000001", "about …"),
        ("about bsn:900000001!", "about …"),
        ("x" * 1_000, "x" * PURPOSE_MAX),
        ("a\nb", ""),
        ("", ""),
    ],
)
def test_a_purpose_has_no_number_and_is_short(said: str, kept: str) -> None:
    assert caller(machtigen_role="explorer", machtigen_purpose=said).purpose == kept


def test_an_explorer_without_a_purpose_asks_nothing_about_people() -> None:
    assert not may_ask(caller(machtigen_role="explorer"), ASKED)
    assert may_ask(caller(machtigen_role="explorer", machtigen_purpose="ticket"), ASKED)
