from __future__ import annotations

from graph.embedded import EmbeddedGraph
from tests.resolvers.small import A_NUMBER, QUESTION
from tests.schema.asking import data

RECORD = """mutation($facts: [JSON!]!) { recordFacts(facts: $facts) {
  asOf recorded userErrors { code message field line } } }"""
ASKED = "query($q: Question!, $l: String) { decision(question: $q, atLeast: $l) { outcome reason } }"


async def test_a_recorded_fact_counts_at_once(ledger: EmbeddedGraph) -> None:
    block = {"fact": "block", "id": "k1", "provider": "h1", "represented": "child", "reason": "GOOD_CARE"}
    done = (await data(ledger, RECORD, {"facts": [block]}))["recordFacts"]
    assert (done["recorded"], done["userErrors"]) == (1, [])
    assert done["asOf"] == str(await ledger.head())
    answer = await data(ledger, ASKED, {"q": QUESTION, "l": done["asOf"]})
    assert answer["decision"] == {"outcome": "DENY", "reason": "BLOCKED"}


async def test_what_is_wrong_names_line_and_field_and_nothing_is_recorded(ledger: EmbeddedGraph) -> None:
    before = await ledger.head()
    facts = [
        {"fact": "person", "id": "fine", "born": "2000-01-01"},
        {"fact": "person", "id": "p", "born": "2000-13-01"},
        {"fact": "authority", "id": "a9", "kind": "PARENTAL_SOLE", "representative": "mother"},
    ]
    done = (await data(ledger, RECORD, {"facts": facts}))["recordFacts"]
    assert (done["recorded"], done["asOf"]) == (0, str(before))
    assert [(each["line"], each["code"], each["field"]) for each in done["userErrors"]] == [
        (2, "WRONG_VALUE", "born"),
        (3, "MISSING_FIELD", "represented"),
    ]
    assert all("expected" in each["message"] for each in done["userErrors"])
    assert await ledger.head() == before


async def test_a_conflict_within_one_input(ledger: EmbeddedGraph) -> None:
    facts = [{"fact": "person", "id": "p", "born": born} for born in ("2000-01-01", "2000-01-02")]
    done = (await data(ledger, RECORD, {"facts": facts}))["recordFacts"]
    assert [(each["line"], each["code"]) for each in done["userErrors"]] == [(2, "CONFLICT")]


async def test_a_number_is_refused_and_never_repeated(ledger: EmbeddedGraph) -> None:
    number = "1" * 9
    facts = [
        {"fact": "person", "id": f"bsn:{number}", "born": "2000-01-01"},
        {"fact": "person", "id": "p", "born": number},
        {"fact": "person", "id": "p", "born": "2000-01-01", f"bsn:{number}": 1},
    ]
    done = await data(ledger, RECORD, {"facts": facts})
    assert [(each["line"], each["code"]) for each in done["recordFacts"]["userErrors"]] == [
        (1, "RESERVED_ID"),
        (2, "WRONG_VALUE"),
        (3, "UNKNOWN_FIELD"),
    ]
    assert number not in str(done)


async def test_a_number_without_its_prefix_is_not_kept(ledger: EmbeddedGraph) -> None:
    before = await ledger.head()
    block = {"fact": "block", "id": "k1", "provider": "h1", "represented": A_NUMBER, "reason": "GOOD_CARE"}
    consent = {"fact": "consent", "id": "c1", "from": "father", "representative": A_NUMBER, "represented": "child"}
    for fact, field in ((block, "represented"), (consent, "representative")):
        done = await data(ledger, RECORD, {"facts": [fact]})
        assert [(each["code"], each["field"]) for each in done["recordFacts"]["userErrors"]] == [("RESERVED_ID", field)]
        assert A_NUMBER not in str(done)
    assert await ledger.head() == before


ONBOARD = """mutation($p: [ProviderInput!]!) { onboardProvider(providers: $p) {
  asOf providers { id status supplier services { id minimumAssurance } } userErrors { code message field line } } }"""
ADVANCE = """mutation($ids: [ID!]!, $to: ProviderStatus!, $change: ProviderChange) {
  advanceProvider(ids: $ids, to: $to, change: $change) {
    asOf providers { id status route live } userErrors { code field line } } }"""


async def test_a_supplier_brings_its_customers_live(ledger: EmbeddedGraph) -> None:
    record = {"id": "record", "domain": "CARE_RECORD", "minimumAssurance": "SUBSTANTIAL"}
    gps = [{"id": f"gp{n}", "sector": "GP", "supplier": "epd", "services": [record]} for n in (1, 2)]
    done = (await data(ledger, ONBOARD, {"p": gps}))["onboardProvider"]
    assert done["userErrors"] == []
    assert done["providers"][0] == {
        "id": "gp1",
        "status": "APPLIED",
        "supplier": "epd",
        "services": [{"id": "gp1/record", "minimumAssurance": "SUBSTANTIAL"}],
    }
    for to, change in (("ASSESSED", None), ("CONNECTED", {"route": "ROUTING"}), ("TESTED", None), ("LIVE", None)):
        step = (await data(ledger, ADVANCE, {"ids": ["gp1", "gp2"], "to": to, "change": change}))["advanceProvider"]
        assert step["userErrors"] == []
    assert step["providers"] == [
        {"id": each, "status": "LIVE", "route": "ROUTING", "live": True} for each in ("gp1", "gp2")
    ]


async def test_the_same_provider_twice_is_refused(ledger: EmbeddedGraph) -> None:
    head = await ledger.head()
    twice = [{"id": "gp1", "sector": "GP"}, {"id": "gp1", "sector": "HOSPITAL"}]
    done = (await data(ledger, ONBOARD, {"p": twice}))["onboardProvider"]
    assert [(each["code"], each["field"], each["line"]) for each in done["userErrors"]] == [("CONFLICT", "id", 2)]
    assert await ledger.head() == head


async def test_a_step_that_is_not_in_the_table_moves_none_of_them(ledger: EmbeddedGraph) -> None:
    await data(ledger, ONBOARD, {"p": [{"id": "gp1", "sector": "GP"}]})
    head = await ledger.head()
    done = (await data(ledger, ADVANCE, {"ids": ["gp1", "nobody"], "to": "TESTED"}))["advanceProvider"]
    assert done["userErrors"] == [
        {"code": "WRONG_STEP", "field": "status", "line": 1},
        {"code": "UNKNOWN_REFERENCE", "field": "id", "line": 2},
    ]
    assert done["providers"] == []
    assert await ledger.head() == head
