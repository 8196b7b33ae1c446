"""Rule G (facts.md 5.3)."""

from __future__ import annotations

from typing import Any

from authority.facts import Fact
from tests.authority.asking import ask, authority, consent, table

ALL, HOUSE = authority("BEWIND"), authority("BEWIND", goods=["house", "car"])


@table(
    {
        "all goods, none named in the question": ((ALL,), {}, "BEWIND"),
        "all goods, any": ((ALL,), {"good": "boat"}, "BEWIND"),
        "named goods, one of them": ((HOUSE,), {"good": "car"}, "BEWIND"),
        "named goods, another": ((HOUSE,), {"good": "boat"}, "GOODS_UNKNOWN"),
        "named goods, none said": ((HOUSE,), {}, "GOODS_UNKNOWN"),
        "named goods, tax": ((HOUSE,), {"service": "return", "good": "house"}, "BEWIND"),
        "named goods, another, before leave is asked": (
            (HOUSE,),
            {"good": "boat", "act": "DISPOSAL"},
            "GOODS_UNKNOWN",
        ),
        "named goods, disposal": ((HOUSE,), {"good": "car", "act": "DISPOSAL"}, "REPRESENTED_OR_COURT_MUST_CONSENT"),
        "named goods, disposal with leave": ((HOUSE, consent("COURT")), {"good": "car", "act": "DISPOSAL"}, "BEWIND"),
        "named goods open no municipality": ((HOUSE,), {"service": "benefits", "good": "car"}, "NOT_IN_SCOPE"),
    }
)
def test_goods(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **{"service": "policy", **question}).reason == reason
