"""A register keeper records the word of its own register, about what it serves, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from graph.ledger import Ledger
from resolvers.caller import Forbidden
from resolvers.facts import record
from tests.resolvers.small import NOW, fill

CURATELE: dict[str, Any] = {
    "fact": "authority",
    "id": "c1",
    "kind": "CURATELE",
    "representative": "clerk",
    "represented": "client",
}
HEARD: dict[str, Any] = {"fact": "register", "id": "CCBR", "heard_from": "2026-11-24T11:00:00Z", "max_silence": "P7D"}


@pytest.fixture
async def ledger_heard(ledger: Ledger) -> Ledger:
    """CCBR is there by an operator's word."""
    await fill(ledger, [HEARD])
    return ledger


@pytest.mark.parametrize(
    "stated",
    [
        [CURATELE],
        [CURATELE | {"register": "CCBR"}],
        [{**CURATELE, "id": "b2", "kind": "BEWIND"}, CURATELE],
        [HEARD | {"heard_from": "2026-11-24T12:00:00Z"}],
        [HEARD | {"name": "Centraal Curatele- en bewindregister"}],
    ],
)
async def test_its_own_word(ledger_heard: Ledger, stated: list[Any]) -> None:
    done = await record(ledger_heard, stated, now=NOW, keeper="CCBR")
    assert (done.recorded, done.problems) == (len(stated), ())
    # its own again, corrected
    again = await record(
        ledger_heard, [each | {"under_investigation": True} for each in stated], now=NOW + 1, keeper="CCBR"
    )
    assert again.recorded == len(stated)


@pytest.mark.parametrize(
    ("stated", "line"),
    [
        ([CURATELE | {"register": "BRP"}], 0),
        ([CURATELE, CURATELE | {"id": "c2", "register": "COURT"}], 1),
        # what it does not serve, under its own name
        ([CURATELE | {"kind": "PARENTAL_SOLE", "register": "CCBR"}], 0),
        ([CURATELE | {"kind": "MENTORSCHAP", "register": "CCBR"}], 0),
        ([{"fact": "person", "id": "x", "born": "1980-01-01"}], 0),
        ([{"fact": "person", "id": "x", "born": "1980-01-01", "register": "CCBR"}], 0),
        ([{"fact": "provider", "id": "h1", "sector": "HOSPITAL", "status": "LIVE", "register": "CCBR"}], 0),
        # another's statement, restated as its own
        ([{**CURATELE, "id": "a1", "register": "CCBR"}], 0),
        ([{**CURATELE, "id": "a1", "register": "CCBR", "retracted": True}], 0),
        # another register, or more than it is said to serve, or that it is never stale
        ([{"fact": "register", "id": "BRP", "heard_from": "2026-11-24T12:00:00Z"}], 0),
        ([{**HEARD, "id": "BRP", "register": "CCBR"}], 0),
        ([{**HEARD, "register": "BRP"}], 0),
        ([HEARD | {"serves": ["CURATELE", "PARENTAL_SOLE"]}], 0),
        ([HEARD | {"complete": True}], 0),
        ([HEARD | {"max_silence": None}], 0),
        ([HEARD | {"delay": "P1D"}], 0),
        ([HEARD | {"retracted": True}], 0),
    ],
)
async def test_no_other(ledger_heard: Ledger, stated: list[Any], line: int) -> None:
    head = await ledger_heard.head()
    with pytest.raises(Forbidden, match=rf"facts\[{line}\] is not register CCBR's to state"):
        await record(ledger_heard, stated, now=NOW, keeper="CCBR")
    assert await ledger_heard.head() == head


@pytest.mark.parametrize("keeper", ["", "NOBODY", "brp"])
async def test_of_no_register(ledger: Ledger, keeper: str) -> None:
    for stated in (CURATELE, CURATELE | {"register": keeper} if keeper else CURATELE):
        with pytest.raises(Forbidden):
            await record(ledger, [stated], now=NOW, keeper=keeper)


RULING: dict[str, Any] = {
    "fact": "authority",
    "id": "r1",
    "register": "PROVIDER",
    "kind": "GUARDIANSHIP",
    "representative": "clerk",
    "represented": "child",
    "providers": ["h1"],
}
ABLE = {"fact": "ability", "id": "able1", "person": "client", "provider": "h1", "able": False}
BLOCK = {"fact": "block", "id": "x1", "provider": "h1", "represented": "child", "reason": "RULING"}


@pytest.mark.parametrize("stated", [[RULING], [RULING, ABLE, BLOCK], [RULING | {"kind": "MENTORSCHAP"}]])
async def test_a_provider_states_what_holds_at_itself(ledger: Ledger, stated: list[Any]) -> None:
    done = await record(ledger, stated, now=NOW, provider="h1")
    assert (done.recorded, done.problems) == (len(stated), ())


@pytest.mark.parametrize(
    "stated",
    [
        RULING | {"providers": ["h1", "t1"]},
        RULING | {"providers": None},
        RULING | {"providers": ["t1"]},
        RULING | {"register": "GEZAGSREGISTER"},
        RULING | {"kind": "CURATELE", "represented": "father"},  # who is under curatele is asked nowhere any more
        RULING | {"kind": "NO_AUTHORITY", "representative": None},
        RULING | {"id": "a1"},  # another's statement under its id
        ABLE | {"provider": "t1"},
        ABLE | {"provider": None},
        BLOCK | {"provider": "t1"},
        {"fact": "person", "id": "y", "born": "1980-01-01"},
        {"fact": "service", "id": "h1/new", "provider": "h1", "domain": "CARE_RECORD", "minimum_assurance": "LOW"},
        {"fact": "register", "id": "PROVIDER", "heard_from": "2026-11-24T11:00:00Z"},
    ],
)
async def test_a_provider_states_nothing_else(ledger: Ledger, stated: dict[str, Any]) -> None:
    head = await ledger.head()
    with pytest.raises(Forbidden, match=r"^facts\[1\] is not provider h1's to state$"):
        await record(ledger, [BLOCK, stated], now=NOW, provider="h1")
    assert await ledger.head() == head
